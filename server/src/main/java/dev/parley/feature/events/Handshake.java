package dev.parley.feature.events;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.base.kit.Json;
import dev.parley.base.kit.Secret;
import dev.parley.base.wire.OutboundHttp;
import dev.parley.base.words.Resource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Asks an endpoint whether it wants the events: the validation event of the Event Grid schema, or
 * the abuse protection of CloudEvents webhooks.
 */
final class Handshake {
  /** What receivers of the Event Grid look for and answer with. */
  static final String ORIGIN = "eventgrid.azure.net";

  private static final String VALIDATION = "Microsoft.EventGrid.SubscriptionValidationEvent";
  private static final String DELETION = "Microsoft.EventGrid.SubscriptionDeletedEvent";
  private static final String REQUESTS_PER_MINUTE = "120";
  private static final int CODE_BYTES = 24;

  /** What the endpoint said. */
  sealed interface Answer {
    /** It wants the events. */
    record Proven() implements Answer {}

    /** It has the code, or may have it, and can still open the validation address. */
    record Pending() implements Answer {}

    /** It does not, in words for its owner. */
    record Refused(String why) implements Answer {}
  }

  private final Webhooks webhooks;
  private final SecureRandom random;

  Handshake(Webhooks webhooks, SecureRandom random) {
    this.webhooks = webhooks;
    this.random = random;
  }

  /** A code that nobody can guess. */
  String code() {
    return java.util.HexFormat.of().formatHex(Secret.random(random, CODE_BYTES).reveal());
  }

  /** The address that validates by being opened. */
  static String address(Resource resource, String name, String code) {
    return resource.endpoint() + "/parley/events/validation/" + name + "/" + code;
  }

  Answer ask(Subscription subscription, Resource resource, String topic, Duration wait) {
    var code = subscription.validation().map(Subscription.Validation::code).orElse("");
    var address = address(resource, subscription.key().name(), code);
    try {
      return ask(subscription, topic, code, address, wait);
    } catch (IOException e) {
      // Where no answer came in time the code may have arrived.
      return Webhooks.kind(e) == Outcome.Kind.UNCERTAIN
          ? new Answer.Pending()
          : new Answer.Refused(Webhooks.text(e));
    }
  }

  private Answer ask(
      Subscription subscription, String topic, String code, String address, Duration wait)
      throws IOException {
    return switch (subscription.settings().schema()) {
      case EVENT_GRID -> byEvent(subscription, topic, code, address, wait);
      case CLOUD_EVENTS -> byOptions(subscription, address, wait);
    };
  }

  private Answer byEvent(
      Subscription subscription, String topic, String code, String address, Duration wait)
      throws IOException {
    var data = EventMap.object().put("validationCode", code).put("validationUrl", address);
    var answer =
        webhooks.tell(subscription, "SubscriptionValidation", event(VALIDATION, topic, data), wait);
    if (answer.status() < 200 || answer.status() > 299) {
      return new Answer.Refused("it answered " + answer.status());
    }
    // A 202 proves nothing by the contract, whatever it says.
    return answer.status() == 200 && says(answer, code)
        ? new Answer.Proven()
        : new Answer.Pending();
  }

  private static boolean says(OutboundHttp.Answer answer, String code) {
    try {
      JsonNode body = Json.mapper().readTree(answer.body());
      var said = body.path("validationResponse").asText("");
      return Secret.of(said.getBytes(StandardCharsets.UTF_8))
          .matches(Secret.of(code.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException _) {
      return false;
    }
  }

  private Answer byOptions(Subscription subscription, String address, Duration wait)
      throws IOException {
    var headers = new LinkedHashMap<String, String>();
    headers.put("WebHook-Request-Origin", ORIGIN);
    headers.put("WebHook-Request-Callback", address);
    headers.put("WebHook-Request-Rate", REQUESTS_PER_MINUTE);
    var answer = webhooks.ask(subscription, Map.copyOf(headers), wait);
    if (answer.status() < 200 || answer.status() > 299) {
      return new Answer.Refused("it answered OPTIONS with " + answer.status());
    }
    var allowed = answer.headers().getOrDefault("webhook-allowed-origin", "");
    return allowed.equals("*") || allowed.equalsIgnoreCase(ORIGIN)
        ? new Answer.Proven()
        : new Answer.Pending();
  }

  /** Tells the endpoint that no events will come any more; once, and without waiting for it. */
  void tellDeletion(Subscription subscription, String topic, Duration wait) {
    var data = EventMap.object().put("eventSubscriptionId", subscription.settings().name());
    try {
      var _ =
          webhooks.tell(subscription, "SubscriptionDeletion", event(DELETION, topic, data), wait);
    } catch (IOException | RuntimeException _) {
      // It is gone, then; nobody depends on this word.
    }
  }

  private static GridEvent event(
      String type, String topic, com.fasterxml.jackson.databind.node.ObjectNode data) {
    return new GridEvent(
        new EventRef(new dev.parley.base.store.Shard(0), 0),
        UUID.randomUUID().toString(),
        topic,
        type,
        "",
        Instant.now(),
        data);
  }
}
