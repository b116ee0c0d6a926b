package dev.parley.feature.email;

import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Store;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Messages put into the queue in bulk, as rows of the room's own making. */
public final class QueueFill {
  private static final int IN_ONE_UNIT = 1000;
  private static final int DESTINATIONS = 1000;

  private QueueFill() {}

  /** Adds so many messages like the first one that the store holds, to a thousand destinations. */
  public static void fill(Store store, int count, String text) {
    var rows = new EmailStore();
    var resource = store.read(all -> rows.resourceAfter(all, "")).orElseThrow();
    var first = store.read(all -> rows.some(all, resource, 1)).getFirst();
    var like = store.read(all -> rows.message(all, new MessageKey(resource, first))).orElseThrow();
    var domain =
        new SenderDomain(like.service(), like.domainName(), Addresses.domain(like.sender()), false);
    for (var done = 0; done < count; done += IN_ONE_UNIT) {
      var from = done;
      var until = Math.min(count, done + IN_ONE_UNIT);
      store.write(
          new PartitionKey(resource, "bench-" + from),
          tx -> {
            for (var i = from; i < until; i++) {
              var id =
                  new UUID(
                          (Instant.now().toEpochMilli() << 16) | 0x7000, 0x8000_0000_0000_0000L | i)
                      .toString();
              var to = "reader" + i + "@d" + i % DESTINATIONS + ".example";
              var key = new MessageKey(resource, id);
              var message =
                  new NewMessage(
                      key,
                      id.replace("-", ""),
                      like.sender(),
                      domain,
                      id + "@" + domain.domain(),
                      List.of(to),
                      new MessageContent.Written(
                          ("From: "
                                  + like.sender()
                                  + "\r\nTo: "
                                  + to
                                  + "\r\nSubject: bench\r\n\r\n"
                                  + text)
                              .getBytes(StandardCharsets.US_ASCII)),
                      false);
              var bytes = ((MessageContent.Written) message.content()).joined();
              var placed = new Placed(Optional.of(bytes), Optional.empty(), bytes.length);
              var operation =
                  new SendOperation(key, SendStatus.RUNNING, message.bodyHash(), Optional.empty());
              rows.insert(tx, message, placed, Instant.now(), operation, 1);
              rows.insert(tx, key, 0, to, RecipientState.QUEUED, Instant.now());
            }
            return true;
          });
    }
  }

  /** How many attempts wait. */
  public static long queued(Store store) {
    return store
        .read(all ->
            all.one(
                "SELECT COUNT(*) FROM email_recipient WHERE due_ms IS NOT NULL",
                row -> row.number(1)))
        .orElse(0L);
  }
}
