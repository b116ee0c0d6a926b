package dev.parley.feature.sms;

import dev.parley.base.store.Stores;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ServiceClock;
import dev.parley.feature.sms.carrier.DeliveryCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes messages from the front of a sender's queue for handing over. A claim is stored before the
 * carrier sees the message: whoever finds an old claim knows that the carrier may have it.
 */
final class Claims {
  /** Rows that one claim looks at for each that it may take: others wait for a busy carrier. */
  private static final int LOOK = 4;

  /** A message that must wait for its carrier lets those behind it pass for so long. */
  private static final long WAIT_MILLIS = 5_000;

  /** A message, and whom to hand it to. */
  record Claim(SenderKey key, Queued message, String carrier) {}

  /**
   * What one look brought.
   *
   * @param waiting whether messages were put back because their carriers are away
   */
  record Taken(List<Claim> claims, boolean waiting) {}

  private final SmsConfig config;
  private final Stores stores;
  private final OptOuts optOuts;
  private final Routing routing;
  private final ServiceClock clock;
  private final Set<String> inHands;
  private final Endings endings;
  private final QueueStore queue = new QueueStore();
  private final SmsStore rows = new SmsStore();

  /**
   * The room.
   *
   * @param inHands messages that this process's carriers work on: however old, their claims hold
   */
  Claims(
      SmsConfig config,
      Stores stores,
      OptOuts optOuts,
      Routing routing,
      ServiceClock clock,
      Set<String> inHands) {
    this.config = config;
    this.stores = stores;
    this.optOuts = optOuts;
    this.routing = routing;
    this.clock = clock;
    this.inHands = inHands;
    this.endings = new Endings(clock);
  }

  /**
   * Claims at most {@code most} messages of a sender.
   *
   * @param room how many messages each carrier that is there can take
   */
  Taken take(SenderKey key, int most, Map<String, Integer> room) {
    return stores
        .of(key.resource())
        .write(
            key.partition(),
            tx -> {
              var look = new Look(tx, key, most, room);
              for (var priority = 0;
                  priority <= NewSms.PRIORITY_MAX && look.claims.size() < most;
                  priority++) {
                look.at(priority);
              }
              return new Taken(List.copyOf(look.claims), look.waiting);
            });
  }

  /** One unit's look at a queue; made anew when the unit runs again. */
  private final class Look {
    private final Tx tx;
    private final SenderKey key;
    private final int most;
    private final Map<String, Integer> room;
    private final Instant now;
    private final Instant claimedBefore;
    private final List<Claim> claims = new ArrayList<>();
    private boolean waiting;

    Look(Tx tx, SenderKey key, int most, Map<String, Integer> room) {
      this.tx = tx;
      this.key = key;
      this.most = most;
      this.room = new HashMap<>(room);
      this.now = clock.now(key.resource());
      this.claimedBefore = now.minus(config.claimLease());
    }

    void at(int priority) {
      var limit = Math.min((most - claims.size()) * LOOK, Padded.SIZE);
      var front = queue.front(tx, key, priority, now, claimedBefore, limit);
      if (front.isEmpty()) {
        return;
      }
      var blocked =
          optOuts.among(tx, key, front.stream().map(Queued::recipient).distinct().toList());
      var taken = new ArrayList<Queued>();
      for (var message : front) {
        if (claims.size() == most) {
          break;
        }
        if (!inHands.contains(message.messageId()) && !ended(message, blocked) && routed(message)) {
          taken.add(message);
        }
      }
      claim(front, taken);
    }

    /** Whether nothing is left to do for the message but to take it out. */
    private boolean ended(Queued message, Set<String> blocked) {
      if (!message.open()) {
        queue.remove(tx, key, message);
        return true;
      }
      if (!message.deadline().isAfter(now)) {
        return end(message, DeliveryCode.TIMED_OUT);
      }
      if (message.claimed() > 0 && !config.retryUnknown()) {
        return end(message, DeliveryCode.UNKNOWN);
      }
      // The answer to STOP goes out to someone who has just opted out.
      if (blocked.contains(message.recipient()) && !message.origin().equals(Inbound.REPLY_ORIGIN)) {
        return end(message, DeliveryCode.OPTED_OUT);
      }
      return false;
    }

    private boolean end(Queued message, DeliveryCode code) {
      queue.remove(tx, key, message);
      rows.outgoing(tx, key, message.messageId())
          .ifPresent(outgoing ->
              endings.end(
                  tx,
                  key,
                  outgoing,
                  code,
                  message.segment(),
                  message.segments() - message.segment()));
      return true;
    }

    /** Whether a carrier can take it now; else it is put where it belongs. */
    private boolean routed(Queued message) {
      var tried = new HashSet<>(SmsConfig.list(message.tried()));
      return switch (routing.choose(key.sender(), message.recipient(), tried, room::containsKey)) {
        case Routing.Choice.Via via -> {
          var left = room.getOrDefault(via.carrier(), 0);
          if (left > 0) {
            room.put(via.carrier(), left - 1);
            claims.add(new Claim(key, message, via.carrier()));
          }
          yield left > 0;
        }
        case Routing.Choice.Wait _ -> {
          waiting = true;
          queue.postpone(tx, key, message, message.segment(), "", now.toEpochMilli() + WAIT_MILLIS);
          yield false;
        }
        case Routing.Choice.Nowhere _ -> {
          end(message, DeliveryCode.UNSUPPORTED_DESTINATION);
          yield false;
        }
      };
    }

    private void claim(List<Queued> front, List<Queued> taken) {
      if (taken.isEmpty()) {
        return;
      }
      if (front.subList(0, taken.size()).equals(taken)) {
        queue.claimUpTo(tx, key, taken.getLast(), claimedBefore, now);
      } else {
        taken.forEach(message -> queue.claim(tx, key, message, now));
      }
    }
  }
}
