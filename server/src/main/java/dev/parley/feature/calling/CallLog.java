package dev.parley.feature.calling;

import dev.parley.base.event.CallDetail;
import dev.parley.base.event.CallEvent;
import dev.parley.base.event.UsageEvent;
import dev.parley.base.kit.Json;
import dev.parley.base.store.DueJobs;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.StoreUnavailable;
import dev.parley.base.store.Stores;
import dev.parley.base.store.Tx;
import dev.parley.base.store.Unit;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the record of each call and its events, on the call's thread. A store that does not answer
 * stops no call: what was not written then is missing, and the log says so.
 */
final class CallLog {
  /** Due when the server of a call has not been heard of for so long: it is gone. */
  static final String ORPHAN = "calling.orphan";

  static final String FORGET = "calling.forget";
  static final String METER = "calling.participant-minutes";
  private static final Duration ORPHAN_AFTER = Duration.ofMinutes(3);
  private static final Logger log = LoggerFactory.getLogger(CallLog.class);
  private static final Origin ORIGIN = Origin.service("calling");

  private final Stores stores;
  private final DueJobs dueJobs;
  private final ServiceClock clock;
  private final Duration retention;
  private final CallStore rows = new CallStore();

  CallLog(Stores stores, DueJobs dueJobs, ServiceClock clock, Duration retention) {
    this.stores = stores;
    this.dueJobs = dueJobs;
    this.clock = clock;
    this.retention = retention;
  }

  private void write(Call.Place place, Unit<Boolean> unit) {
    try {
      stores.of(place.resource()).write(partition(place), unit);
    } catch (StoreUnavailable e) {
      log.error("the record of call {} is incomplete", place.callId(), e);
    }
  }

  private static PartitionKey partition(Call.Place place) {
    return CallStore.partition(place.resource(), place.callId());
  }

  private Instant now(Call.Place place) {
    return clock.now(place.resource());
  }

  private static Origin origin(Member member) {
    return member.agent == null ? ORIGIN : member.agent.caller().origin();
  }

  /** The call begins, or goes on after its server was gone. */
  void started(Call.Place place, Member starter) {
    var now = now(place);
    write(
        place,
        tx -> {
          if (rows.insert(tx, place, starter, now)) {
            tx.publish(new CallEvent.Started(place.callId()), origin(starter));
          } else {
            closeOpen(tx, place);
          }
          watch(tx, place, now);
          return true;
        });
  }

  private void watch(Tx tx, Call.Place place, Instant now) {
    dueJobs.schedule(tx, partition(place), ORPHAN, place.callId(), now.plus(ORPHAN_AFTER), "");
  }

  void alive(Call.Place place) {
    var now = now(place);
    write(
        place,
        tx -> {
          rows.alive(tx, place, now);
          watch(tx, place, now);
          return true;
        });
  }

  void joined(Call.Place place, Member member) {
    var now = now(place);
    write(
        place,
        tx -> {
          rows.join(tx, place, member, now);
          tx.publish(new CallEvent.ParticipantAdded(place.callId(), member.id), origin(member));
          return true;
        });
  }

  void left(Call.Place place, Member member, EndReason reason) {
    var now = now(place);
    write(
        place,
        tx -> {
          rows.leave(tx, place, member.id, now, reason);
          member.quality.forEach((key, quality) ->
              rows.stream(tx, place, member.id, key, Json.text(CallModels.stream(quality))));
          tx.publish(new CallEvent.ParticipantRemoved(place.callId(), member.id), origin(member));
          var minutes = (Math.max(1, Duration.between(member.joinedAt, now).toSeconds()) + 59) / 60;
          tx.publish(new UsageEvent.Recorded(METER, minutes, place.callId(), now), ORIGIN);
          return true;
        });
  }

  void rang(Call.Place place, Ring ring) {
    write(
        place,
        tx -> {
          rows.ring(tx, place, ring);
          tx.publish(new CallEvent.Incoming(place.callId(), ring.id()), origin(ring.inviter()));
          return true;
        });
  }

  void ended(
      Call.Place place,
      @Nullable Member starter,
      Call.Kind kind,
      EndReason reason,
      Optional<Member> by) {
    if (starter == null) {
      return;
    }
    var now = now(place);
    write(
        place,
        tx -> {
          end(tx, place, kind, now, by.map(one -> one.user).orElse(""), reason);
          return true;
        });
  }

  private void end(
      Tx tx, Call.Place place, Call.Kind kind, Instant at, String by, EndReason reason) {
    rows.end(tx, place, kind, at, by, reason);
    dueJobs.cancel(tx, partition(place), ORPHAN, place.callId());
    dueJobs.schedule(tx, partition(place), FORGET, place.callId(), at.plus(retention), "");
    tx.publish(new CallEvent.Ended(place.callId()), ORIGIN);
  }

  /** Nobody could say goodbye: they were there as long as the call is known to have lived. */
  private void closeOpen(Tx tx, Call.Place place) {
    var call = rows.call(tx, place.resource(), place.callId()).orElseThrow();
    for (var one : rows.participants(tx, place.resource(), place.callId())) {
      if (one.leftAt().isEmpty()) {
        var at = call.aliveAt().isBefore(one.joinedAt()) ? one.joinedAt() : call.aliveAt();
        rows.leave(tx, place, one.participantId(), at, EndReason.SERVER_FAILED);
        tx.publish(new CallEvent.ParticipantRemoved(place.callId(), one.participantId()), ORIGIN);
        tx.publish(new UsageEvent.Recorded(METER, one.minutes(at), place.callId(), at), ORIGIN);
      }
    }
  }

  /** The call's server is gone, unless {@code lives}. */
  void orphaned(Tx tx, PartitionKey partition, boolean lives) {
    var callId = partition.value().substring("call:".length());
    var call = rows.call(tx, partition.resource(), callId);
    if (call.isEmpty() || call.get().endedAt().isPresent()) {
      return;
    }
    var place = call.get().place();
    if (lives) {
      watch(tx, place, now(place));
      return;
    }
    closeOpen(tx, place);
    end(tx, place, place.kind(), call.get().aliveAt(), "", EndReason.SERVER_FAILED);
  }

  void forget(Tx tx, PartitionKey partition) {
    rows.forget(tx, partition.resource(), partition.value().substring("call:".length()));
  }

  /** The place of a call that is not over and that the user was in when the server lost it. */
  Optional<Call.Place> mayReturn(ResourceId resource, String callId, String user) {
    return stores
        .of(resource)
        .read(all ->
            rows.call(all, resource, callId)
                .filter(call -> call.endedAt().isEmpty())
                .filter(_ ->
                    rows.participants(all, resource, callId).stream()
                        .anyMatch(one ->
                            one.user().equals(user)
                                && (one.leftAt().isEmpty()
                                    || one.code() == EndReason.SERVER_FAILED.code()
                                    || one.subCode() == EndReason.GONE.subCode())))
                .map(CallRecord::place));
  }

  /** Keeps what somebody thought of a call; the participant's id, if the user was in it. */
  Optional<String> survey(
      ResourceId resource, String callId, String user, String surveyId, String body) {
    var now = clock.now(resource);
    var recent = now.minus(Duration.ofMinutes(30));
    return stores
        .of(resource)
        .write(
            CallStore.partition(resource, callId),
            tx -> {
              var participant =
                  rows.participants(tx, resource, callId).stream()
                      .filter(one -> one.user().equals(user))
                      .filter(one -> one.leftAt().map(at -> at.isAfter(recent)).orElse(true))
                      .findFirst();
              participant.ifPresent(one ->
                  rows.survey(tx, resource, callId, surveyId, one.participantId(), body, now));
              return participant.map(CallRecord.Participation::participantId);
            });
  }

  /** The content of an event. */
  Optional<CallDetail> detail(ResourceId resource, CallEvent event) {
    return stores
        .of(resource)
        .read(all ->
            rows.call(all, resource, event.callId())
                .flatMap(call ->
                    switch (event) {
                      case CallEvent.Started _ -> Optional.of(new CallDetail.Started(call.facts()));
                      case CallEvent.Ended _ -> Optional.of(call.ended());
                      case CallEvent.ParticipantAdded added ->
                          rows.participants(all, resource, event.callId()).stream()
                              .filter(one -> one.participantId().equals(added.participantId()))
                              .findFirst()
                              .map(one -> one.detail(call.facts(), true));
                      case CallEvent.ParticipantRemoved removed ->
                          rows.participants(all, resource, event.callId()).stream()
                              .filter(one -> one.participantId().equals(removed.participantId()))
                              .findFirst()
                              .map(one -> one.detail(call.facts(), false));
                      case CallEvent.Incoming incoming ->
                          rows.ring(all, resource, event.callId(), incoming.ringId())
                              .map(ring -> incoming(call, ring));
                    }));
  }

  private static CallDetail incoming(CallRecord call, CallStore.RingRow ring) {
    var custom = Json.read(ring.custom(), CustomContext.class);
    return new CallDetail.Incoming(
        call.facts(),
        ring.callee(),
        ring.caller(),
        ring.displayName(),
        ring.context(),
        custom.sip(),
        custom.voip());
  }

  /** What a caller gave along. */
  private record CustomContext(
      @Nullable Map<String, String> sipHeaders, @Nullable Map<String, String> voipHeaders) {
    Map<String, String> sip() {
      return sipHeaders == null ? Map.of() : sipHeaders;
    }

    Map<String, String> voip() {
      return voipHeaders == null ? Map.of() : voipHeaders;
    }
  }
}
