package dev.parley.feature.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.base.kit.Json;
import dev.parley.base.kit.OwnerOnly;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters as files of JSON, laid out as the Event Grid lays them out in a container: {@code
 * <resource>/<container>/<SUBSCRIPTION>/<year>/<month>/<day>/<hour>/<event id>.json}.
 */
final class FileDeadLetters implements DeadLetterBox {
  private static final DateTimeFormatter HOUR =
      DateTimeFormatter.ofPattern("yyyy/M/d/H", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path folder;

  FileDeadLetters(Path folder) {
    this.folder = folder;
  }

  @Override
  public String write(Subscription subscription, DeadLetter letter) throws IOException {
    var container =
        subscription
            .settings()
            .deadLetters()
            .map(Subscription.DeadLetterPlace::container)
            .orElse("deadletters");
    var key = subscription.key();
    // By the event's own time, so that a letter that is written twice is one file.
    var place =
        String.join(
            "/",
            key.resource().value(),
            container,
            key.name().toUpperCase(Locale.ROOT),
            HOUR.format(letter.event().time()),
            letter.event().id() + ".json");
    var file = folder.resolve(place);
    OwnerOnly.folder(file.resolveSibling(""));
    OwnerOnly.write(file, Json.bytes(List.of(content(subscription, letter))));
    dev.parley.base.kit.Fsync.file(file);
    return place;
  }

  /** The event with the history of its delivery, member by member as the Event Grid writes it. */
  private static ObjectNode content(Subscription subscription, DeadLetter letter) {
    var retry = letter.retry();
    var node = letter.event().node(subscription.settings().schema());
    var cloud = subscription.settings().schema() == DeliverySchema.CLOUD_EVENTS;
    // Attributes of cloud events have small letters only.
    node.put(cloud ? "deadletterreason" : "deadLetterReason", letter.reason());
    node.put(cloud ? "deliveryattempts" : "deliveryAttempts", retry.attempts());
    node.put(cloud ? "lastdeliveryoutcome" : "lastDeliveryOutcome", retry.outcome());
    node.put(cloud ? "publishtime" : "publishTime", retry.published().toString());
    if (retry.attempts() > 0) {
      node.put(
          cloud ? "lastdeliveryattempttime" : "lastDeliveryAttemptTime", retry.last().toString());
    }
    return node;
  }

  @Override
  public void erase(List<String> places) throws IOException {
    for (var place : places) {
      var file = folder.resolve(place);
      if (Files.exists(file)) {
        var letters = Json.mapper().readTree(Files.readAllBytes(file));
        letters.forEach(FileDeadLetters::erase);
        OwnerOnly.write(file, Json.bytes(letters));
      }
    }
  }

  private static void erase(com.fasterxml.jackson.databind.JsonNode letter) {
    if (letter.path("data") instanceof ObjectNode data) {
      data.retain("messageId", "threadId", "transactionId", "version", "type");
      data.put("erased", true);
    }
  }

  @Override
  public boolean mentions(String place, String text) throws IOException {
    var file = folder.resolve(place);
    return Files.exists(file) && Files.readString(file).contains(text);
  }

  @Override
  public void delete(List<String> places) throws IOException {
    for (var place : places) {
      var file = folder.resolve(place);
      Files.deleteIfExists(file);
      prune(file.getParent());
    }
  }

  /** Takes away folders that have become empty; a letter that comes just then makes them anew. */
  private void prune(@Nullable Path empty) throws IOException {
    try {
      for (var next = empty; next != null && !next.equals(folder); next = next.getParent()) {
        Files.deleteIfExists(next);
      }
    } catch (DirectoryNotEmptyException _) {
      // Others lie there.
    }
  }
}
