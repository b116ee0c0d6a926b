package dev.parley.feature.email.mailbox;

import dev.parley.base.blob.Blobs;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Stores;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import dev.parley.feature.email.Addresses;
import dev.parley.feature.email.OutboxItem;
import dev.parley.protocol.mime.MimeReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/** The front door of the mailbox for tests: what was captured, and what is simulated for whom. */
final class Mailbox {
  private static final int ROW_BYTES_MAX = 64 << 10;
  private static final int LOOKED_AT_MAX = 10_000;
  private static final int PAGE = 200;
  private static final int RULES_MAX = 200;
  private static final Pattern RULE = Pattern.compile("[^\\s<>\\p{Cntrl}]{1,254}");

  private final MailboxConfig config;
  private final Stores stores;
  private final Blobs blobs;
  private final ServiceClock clock;
  private final MailboxStore rows = new MailboxStore();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();

  Mailbox(MailboxConfig config, Stores stores, Blobs blobs, ServiceClock clock) {
    this.config = config;
    this.stores = stores;
    this.blobs = blobs;
    this.clock = clock;
  }

  private static PartitionKey partition(ResourceId resource) {
    return new PartitionKey(resource, "mailbox");
  }

  private static String blob(String messageId, int recipient) {
    return "mailbox/" + messageId + "/" + recipient;
  }

  /** Keeps a mail; again without harm. */
  void capture(OutboxItem item, byte[] raw, SimulatedOutcome outcome) {
    var resource = item.key().resource();
    var parsed = MimeReader.read(raw);
    var large = raw.length > ROW_BYTES_MAX;
    if (large) {
      blobs.put(resource, blob(item.key().id(), item.number()), raw);
    }
    stores
        .of(resource)
        .write(
            partition(resource),
            tx -> {
              if (rows.has(tx, resource, item.key().id(), item.number())) {
                return false;
              }
              var now = clock.now(resource);
              var number = Math.max(rows.last(tx, resource) + 1, now.toEpochMilli());
              var subject = parsed.subject().replace('\0', ' ');
              var mail =
                  new CapturedMail(
                      number,
                      item.key().id(),
                      item.number(),
                      item.recipient(),
                      item.sender(),
                      subject,
                      outcome.state().word(),
                      now);
              rows.insert(
                  tx, resource, Addresses.folded(item.recipient()), mail, large ? null : raw);
              makeRoom(tx, resource, now);
              return true;
            });
    lock.lock();
    try {
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void makeRoom(Tx tx, ResourceId resource, Instant now) {
    rows.deleteUpTo(tx, resource, now.minus(config.kept()).toEpochMilli());
    rows.numberAt(tx, resource, config.mailsMax())
        .ifPresent(number -> rows.deleteUpTo(tx, resource, number));
  }

  /**
   * Mails that match, newest first; waits for the first one at most so long.
   *
   * @param wait zero for what is there now
   */
  List<CapturedMail> find(ResourceId resource, MailQuestion question, Duration wait) {
    var end = System.nanoTime() + wait.toNanos();
    while (true) {
      var found = find(resource, question);
      var left = end - System.nanoTime();
      if (!found.isEmpty() || left <= 0) {
        return found;
      }
      lock.lock();
      try {
        // Looked at now and then in any case, since another process may have captured it.
        var _ = arrived.awaitNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(250)));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return found;
      } finally {
        lock.unlock();
      }
    }
  }

  private List<CapturedMail> find(ResourceId resource, MailQuestion question) {
    return stores
        .of(resource)
        .read(all -> {
          var found = new ArrayList<CapturedMail>();
          var before = Long.MAX_VALUE;
          for (var looked = 0;
              looked < LOOKED_AT_MAX && found.size() < question.limit();
              looked += PAGE) {
            var from = before;
            var page =
                question
                    .to()
                    .map(to -> rows.mails(all, resource, Addresses.folded(to), from, PAGE))
                    .orElseGet(() -> rows.mails(all, resource, from, PAGE));
            page.stream()
                .filter(mail -> mail.number() > question.after() && question.matches(mail))
                .forEach(found::add);
            if (page.size() < PAGE || page.getLast().number() <= question.after()) {
              break;
            }
            before = page.getLast().number();
          }
          return List.copyOf(found.subList(0, Math.min(found.size(), question.limit())));
        });
  }

  /** One mail. */
  CapturedMail get(ResourceId resource, String id) {
    return number(id)
        .flatMap(number -> stores.of(resource).read(all -> rows.mail(all, resource, number)))
        .orElseThrow(() -> MailboxProblems.notFound(id));
  }

  private static Optional<Long> number(String id) {
    return id.matches("\\d{1,18}") ? Optional.of(Long.parseLong(id)) : Optional.empty();
  }

  /** The whole message as it would have gone out. */
  byte[] raw(ResourceId resource, CapturedMail mail) {
    return stores
        .of(resource)
        .read(all -> rows.raw(all, resource, mail.number()))
        .or(() -> blobs.get(resource, blob(mail.messageId(), mail.recipientNumber())))
        .orElse(new byte[0]);
  }

  /** Empties one address's mailbox, or all of the resource. */
  void empty(ResourceId resource, Optional<String> address) {
    stores
        .of(resource)
        .write(
            partition(resource),
            tx -> {
              address.ifPresentOrElse(
                  one -> rows.deleteOf(tx, resource, Addresses.folded(one)),
                  () -> rows.deleteUpTo(tx, resource, Long.MAX_VALUE));
              return true;
            });
    if (address.isEmpty()) {
      blobs.deleteAll(resource, "mailbox/");
    }
  }

  /** What happens to mail for an address. */
  SimulatedOutcome outcome(ResourceId resource, String recipient) {
    var tagged = SimulatedOutcome.ofAddress(Addresses.local(recipient));
    return tagged.orElseGet(() ->
        rules(resource).stream()
            .filter(rule -> matches(rule.pattern(), recipient))
            .findFirst()
            .flatMap(rule -> SimulatedOutcome.ofWord(rule.outcome()))
            .orElse(SimulatedOutcome.DELIVERED));
  }

  /** Compared part by part, so that no pattern takes more time than the address is long. */
  private static boolean matches(String pattern, String address) {
    var parts = pattern.toLowerCase(Locale.ROOT).split("\\*", -1);
    var text = address.toLowerCase(Locale.ROOT);
    if (parts.length == 1) {
      return text.equals(parts[0]);
    }
    if (!text.startsWith(parts[0])) {
      return false;
    }
    var at = parts[0].length();
    for (var i = 1; i < parts.length - 1; i++) {
      var found = text.indexOf(parts[i], at);
      if (found < 0) {
        return false;
      }
      at = found + parts[i].length();
    }
    var end = parts[parts.length - 1];
    return text.length() - at >= end.length() && text.endsWith(end);
  }

  List<MailboxStore.Rule> rules(ResourceId resource) {
    return stores.of(resource).read(all -> rows.rules(all, resource, RULES_MAX));
  }

  /** Sets what happens to mail for addresses that match a pattern. */
  void setRule(ResourceId resource, MailboxStore.Rule rule) {
    if (!RULE.matcher(rule.pattern()).matches()
        || SimulatedOutcome.ofWord(rule.outcome()).isEmpty()) {
      throw MailboxProblems.badRule();
    }
    stores
        .of(resource)
        .write(
            partition(resource),
            tx -> {
              if (rows.rules(tx, resource, RULES_MAX).size() == RULES_MAX) {
                throw MailboxProblems.tooManyRules(RULES_MAX);
              }
              rows.put(tx, resource, rule);
              return true;
            });
  }

  void deleteRules(ResourceId resource) {
    stores
        .of(resource)
        .write(
            partition(resource),
            tx -> {
              rows.deleteRules(tx, resource);
              return true;
            });
  }
}
