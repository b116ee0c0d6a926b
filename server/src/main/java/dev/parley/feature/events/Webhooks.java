package dev.parley.feature.events;

import dev.parley.base.wire.OutboundHttp;
import dev.parley.base.wire.OutboundRefused;
import dev.parley.base.words.ResourceId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.SSLException;

/** Delivers over HTTP: to webhooks, and to functions at their configured addresses. */
final class Webhooks implements Destination {
  /** Enough of an answer for a validation code; nobody reads the rest. */
  private static final int ANSWER_BYTES_MAX = 64 << 10;

  private static final int HEAD_CHARACTERS_MAX = 1_000;

  /** Headers of answers that may hold secrets. */
  private static final Set<String> HIDDEN =
      Set.of("set-cookie", "authorization", "www-authenticate", "proxy-authenticate");

  private static final Set<String> NEVER_SENT =
      Set.of("ConnectTimeoutException", "ConnectionRequestTimeoutException");

  private final OutboundHttp http;
  private final EventsConfig config;
  private final DeliveryTokens tokens;

  Webhooks(OutboundHttp http, EventsConfig config, DeliveryTokens tokens) {
    this.http = http;
    this.config = config;
    this.tokens = tokens;
  }

  /** The request cannot be made as the subscription wants it. */
  private static final class NoToken extends IOException {
    private static final long serialVersionUID = 1L;

    NoToken() {
      super("this server issues no tokens for that tenant");
    }
  }

  /** A connection that was kept open and had been closed by the other side. */
  private static boolean isStale(IOException problem) {
    return problem.getClass().getSimpleName().equals("NoHttpResponseException")
        || String.valueOf(problem.getMessage()).contains("reset");
  }

  private OutboundHttp.Answer post(
      URI url, Map<String, String> headers, String mediaType, byte[] body, Duration wait)
      throws IOException {
    var bounds = new OutboundHttp.Bounds(wait, ANSWER_BYTES_MAX);
    try {
      return http.post(url, headers, mediaType, body, bounds);
    } catch (IOException e) {
      if (isStale(e)) {
        return http.post(url, headers, mediaType, body, bounds);
      }
      throw e;
    }
  }

  /** A request's headers: as they are sent, and as they may be shown. */
  private static final class Headers {
    final Map<String, String> sent = new LinkedHashMap<>();
    final Map<String, String> shown = new LinkedHashMap<>();

    void put(String name, String value) {
      put(name, value, value);
    }

    void put(String name, String value, String seen) {
      sent.put(name, value);
      shown.put(name, seen);
    }
  }

  @Override
  public Outcome deliver(Subscription subscription, List<GridEvent> events, int count) {
    var settings = subscription.settings();
    var batched = settings.endpoint().eventsPerBatch() > 1;
    var array = batched || settings.schema() == DeliverySchema.EVENT_GRID;
    var began = System.nanoTime();
    var url = url(settings.endpoint());
    var headers = new Headers();
    try {
      headers.put("aeg-event-type", "Notification");
      headers.put("aeg-delivery-count", Integer.toString(count));
      addVersions(headers, settings, batched);
      addOwn(headers, subscription, events.getFirst());
      var answer =
          post(
              url,
              headers.sent,
              settings.schema().mediaType(batched),
              body(events, settings.schema(), array),
              config.deliveryDeadline());
      return new Outcome(
          kind(answer.status()),
          answer.status(),
          since(began),
          request(url, headers),
          head(answer));
    } catch (IOException e) {
      return new Outcome(kind(e), 0, since(began), request(url, headers), text(e));
    }
  }

  /** Where the endpoint is. */
  URI url(Endpoint endpoint) {
    return switch (endpoint) {
      case Endpoint.WebHook hook -> URI.create(hook.url());
      case Endpoint.AzureFunction function -> {
        var configured =
            config.functions().get(function.resourceId().toLowerCase(java.util.Locale.ROOT));
        if (configured == null) {
          throw EventsProblems.unknownFunction(function.resourceId());
        }
        yield configured;
      }
    };
  }

  /**
   * Posts something else than a delivery: a validation, or word of a deletion.
   *
   * @param type value of {@code aeg-event-type}
   */
  OutboundHttp.Answer tell(Subscription subscription, String type, GridEvent event, Duration wait)
      throws IOException {
    var headers = new Headers();
    headers.put("aeg-event-type", type);
    headers.put("aeg-delivery-count", "0");
    addVersions(headers, subscription.settings(), false);
    addOwn(headers, subscription, event);
    return post(
        url(subscription.settings().endpoint()),
        headers.sent,
        DeliverySchema.EVENT_GRID.mediaType(false),
        body(List.of(event), DeliverySchema.EVENT_GRID, true),
        wait);
  }

  /** Asks by OPTIONS whether events may come (CloudEvents webhooks, section 4). */
  OutboundHttp.Answer ask(Subscription subscription, Map<String, String> headers, Duration wait)
      throws IOException {
    return http.options(
        url(subscription.settings().endpoint()),
        headers,
        new OutboundHttp.Bounds(wait, ANSWER_BYTES_MAX));
  }

  private static void addVersions(
      Headers headers, Subscription.Settings settings, boolean batched) {
    headers.put("aeg-subscription-name", settings.name());
    headers.put("aeg-metadata-version", DeliverySchema.METADATA_VERSION);
    if (!batched) {
      headers.put("aeg-data-version", DeliverySchema.DATA_VERSION);
    }
  }

  private void addOwn(Headers headers, Subscription subscription, GridEvent event)
      throws IOException {
    var endpoint = subscription.settings().endpoint();
    for (var attribute : endpoint.attributes()) {
      switch (attribute) {
        case DeliveryAttribute.Static fixed ->
            headers.put(fixed.name(), fixed.value(), fixed.secret() ? "(hidden)" : fixed.value());
        case DeliveryAttribute.Dynamic dynamic -> {
          var value = EventFilter.value(dynamic.sourceField(), event);
          if (value.isValueNode() && !value.isNull() && !value.isMissingNode()) {
            // What an event says is content, and is not kept.
            headers.put(
                dynamic.name(), printable(value.asText()), "(from " + dynamic.sourceField() + ")");
          }
        }
      }
    }
    if (endpoint instanceof Endpoint.WebHook hook && hook.token().isPresent()) {
      var token = token(subscription.key().resource(), hook.token().get());
      headers.put("Authorization", "Bearer " + token, "Bearer (hidden)");
    }
  }

  private String token(ResourceId resource, Endpoint.TokenWish wish) throws IOException {
    return tokens
        .token(resource, wish.tenantId(), wish.application())
        .orElseThrow(() -> new NoToken());
  }

  /** Headers hold printable ASCII; nothing from an event may end one and begin another. */
  private static String printable(String text) {
    var safe = new StringBuilder();
    for (var octet : text.getBytes(StandardCharsets.UTF_8)) {
      var c = (char) (octet & 0xff);
      if (c >= ' ' && c < 0x7f && c != '%') {
        safe.append(c);
      } else {
        safe.append('%').append(String.format("%02X", (int) c));
      }
      if (safe.length() > 4_000) {
        break;
      }
    }
    return safe.toString();
  }

  private static byte[] body(List<GridEvent> events, DeliverySchema schema, boolean array) {
    if (!array) {
      return events.getFirst().json(schema);
    }
    var body = new ByteArrayOutputStream();
    body.write('[');
    for (var i = 0; i < events.size(); i++) {
      if (i > 0) {
        body.write(',');
      }
      body.writeBytes(events.get(i).json(schema));
    }
    body.write(']');
    return body.toByteArray();
  }

  private static Outcome.Kind kind(int status) {
    return switch (status) {
      case 200, 201, 202, 203, 204 -> Outcome.Kind.DELIVERED;
      case 400, 413 -> Outcome.Kind.REFUSED;
      default -> Outcome.Kind.FAILED;
    };
  }

  /** Whether the request may have arrived. */
  static Outcome.Kind kind(IOException problem) {
    return switch (problem) {
      case NoToken _,
          OutboundRefused _,
          UnknownHostException _,
          ConnectException _,
          NoRouteToHostException _,
          SSLException _ ->
          Outcome.Kind.UNREACHABLE;
      // Of the client's own exceptions only the door out may know the types.
      default ->
          NEVER_SENT.contains(problem.getClass().getSimpleName())
              ? Outcome.Kind.UNREACHABLE
              : Outcome.Kind.UNCERTAIN;
    };
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private static String request(URI url, Headers headers) {
    var text = new StringBuilder("POST ").append(SubscriptionWriter.base(url.toString()));
    headers.shown.forEach(
        (name, value) -> text.append('\n').append(name).append(": ").append(value));
    return bounded(text.toString());
  }

  private static String head(OutboundHttp.Answer answer) {
    var text = new StringBuilder("HTTP ").append(answer.status());
    new TreeMap<>(answer.headers())
        .forEach((name, value) ->
            text.append('\n')
                .append(name)
                .append(": ")
                .append(HIDDEN.contains(name) ? "(hidden)" : value));
    return bounded(text.toString());
  }

  /** What went wrong, in the words of the client; these hold no content. */
  static String text(IOException problem) {
    var message = problem.getMessage();
    return bounded(problem.getClass().getSimpleName() + (message == null ? "" : ": " + message));
  }

  private static String bounded(String text) {
    return text.substring(0, Math.min(text.length(), HEAD_CHARACTERS_MAX));
  }
}
