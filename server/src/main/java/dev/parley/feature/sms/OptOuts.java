package dev.parley.feature.sms;

import dev.parley.base.store.Rows;
import dev.parley.base.store.Stores;
import dev.parley.base.store.Tx;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ServiceClock;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The front door of opt-outs. Who opted out is asked when a message is accepted and again when it
 * is handed over, whichever way the message came.
 */
final class OptOuts {
  static final int LEDGER_PAGE = 1_000;

  /** One change and why. */
  private record Change(SenderKey key, boolean out, String reason, String source, Origin origin) {}

  private final SmsConfig config;
  private final Stores stores;
  private final Senders senders;
  private final ServiceClock clock;
  private final MessageIds ids;
  private final OptOutStore rows = new OptOutStore();

  OptOuts(SmsConfig config, Stores stores, Senders senders, ServiceClock clock, MessageIds ids) {
    this.config = config;
    this.stores = stores;
    this.senders = senders;
    this.clock = clock;
    this.ids = ids;
  }

  /** Enters opt-outs; again without harm. The recipients' form has been checked. */
  void add(Caller caller, String from, List<String> recipients, String reason) {
    change(caller, from, recipients, true, reason);
  }

  /** Takes opt-outs back; again without harm. */
  void remove(Caller caller, String from, List<String> recipients, String reason) {
    change(caller, from, recipients, false, reason);
  }

  private void change(
      Caller caller, String from, List<String> recipients, boolean out, String reason) {
    var key = senders.owned(caller.resource(), from);
    var change = new Change(key, out, reason, "api", caller.origin());
    var entryIds = IntStream.range(0, recipients.size()).mapToObj(_ -> entryId(key)).toList();
    stores
        .of(key.resource())
        .write(
            key.partition(),
            tx -> {
              for (var i = 0; i < recipients.size(); i++) {
                apply(tx, change, recipients.get(i), entryIds.get(i));
              }
              return true;
            });
  }

  /** Which of the recipients, 1 to 100, have opted out. */
  Set<String> check(Caller caller, String from, List<String> recipients) {
    var key = senders.owned(caller.resource(), from);
    return stores.of(key.resource()).read(all -> among(all, key, recipients));
  }

  /** The same for a sender, within a unit. */
  Set<String> among(Rows all, SenderKey key, Collection<String> recipients) {
    if (recipients.isEmpty()) {
      return Set.of();
    }
    return config.optOutsOfResource()
        ? rows.amongAll(all, key.resource(), recipients)
        : rows.among(all, key, recipients);
  }

  /** What a handset said by a keyword, within the unit that stores its message. */
  void heard(Tx tx, SenderKey key, String handset, Keywords.Match match, String entryId) {
    var reason = "keyword " + match.word() + " (" + match.language() + ")";
    var out = match.action() == Keywords.Action.STOP;
    apply(tx, new Change(key, out, reason, "handset", Origin.service("sms")), handset, entryId);
  }

  private void apply(Tx tx, Change change, String recipient, String entryId) {
    var key = change.key();
    var now = clock.now(key.resource());
    var changed =
        change.out() ? rows.add(tx, key, recipient, now) : rows.remove(tx, key, recipient);
    if (changed) {
      rows.enter(
          tx,
          key.resource(),
          entryId,
          new OptOutEntry(
              key.sender(),
              recipient,
              now,
              change.out(),
              change.reason(),
              change.source(),
              change.origin().actor()));
    }
  }

  String entryId(SenderKey key) {
    return ids.incoming(clock.now(key.resource()));
  }

  /** The next thousand lines of the ledger, at most. */
  List<OptOutEntry.Placed> ledger(Caller caller, OptOutEntry.Place after) {
    return stores
        .of(caller.resource())
        .read(all -> rows.ledger(all, caller.resource(), after, LEDGER_PAGE));
  }
}
