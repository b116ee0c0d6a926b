package dev.parley.feature.sms;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.base.kit.Json;
import dev.parley.base.kit.Secret;
import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.feature.sms.carrier.CarrierListener;
import dev.parley.feature.sms.carrier.DeliveryCode;
import dev.parley.feature.sms.carrier.HttpCarrier;
import dev.parley.feature.sms.carrier.HttpConfig;
import dev.parley.feature.sms.carrier.InboundSegment;
import dev.parley.feature.sms.carrier.Receipt;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Webhooks of HTTP carriers: states of messages, and messages from handsets. Whoever calls proves
 * to be the provider by the signature of the body; nothing is read of a body that is not signed.
 */
final class CarrierHttp {
  private static final int BYTES_MAX = 64 << 10;

  private final Map<String, HttpConfig> configs;
  private final Supplier<CarrierListener> hears;

  CarrierHttp(List<HttpCarrier> carriers, Supplier<CarrierListener> hears) {
    this.configs =
        carriers.stream()
            .map(HttpCarrier::config)
            .collect(Collectors.toMap(HttpConfig::name, Function.identity()));
    this.hears = hears;
  }

  List<Route> routes() {
    return configs.isEmpty()
        ? List.of()
        : List.of(
            route("/parley/carriers/{name}/status", "Parley_CarrierStatus", this::status),
            route("/parley/carriers/{name}/inbound", "Parley_CarrierInbound", this::inbound));
  }

  private static Route route(String path, String operation, Handler handler) {
    return new Route(
        Method.POST,
        path,
        operation,
        Set.of(Callers.ANONYMOUS),
        Set.of(),
        ApiVersions.NONE,
        "parley.carriers",
        "SMSOperational",
        Idempotency.NATURAL,
        BYTES_MAX,
        handler);
  }

  private Response status(Request request) {
    var config = proven(request);
    var body = fields(request);
    var id = body.apply(config.statusId());
    var state = body.apply(config.statusState());
    if (id.isEmpty() || state.isEmpty()) {
      throw SmsProblems.badWebhook("no id at " + config.statusId() + ", or no state");
    }
    var code =
        holds(config.delivered(), state.get())
            ? Optional.of(DeliveryCode.DELIVERED)
            : holds(config.failed(), state.get())
                ? Optional.of(DeliveryCode.FAILED)
                : Optional.<DeliveryCode>empty();
    code.ifPresent(
        known -> hears.get().receipt(config.name(), new Receipt(id.get(), List.of(), known)));
    return Response.empty(204);
  }

  private Response inbound(Request request) {
    var config = proven(request);
    var body = fields(request);
    var from = body.apply(config.inboundFrom());
    var to = body.apply(config.inboundTo());
    var text = body.apply(config.inboundText());
    if (from.isEmpty() || to.isEmpty() || text.isEmpty()) {
      throw SmsProblems.badWebhook("no sender, recipient or text");
    }
    var segment =
        new InboundSegment(plus(from.get()), plus(to.get()), text.get(), Optional.empty());
    if (!hears.get().inbound(config.name(), segment)) {
      throw SmsProblems.nobodysNumber(to.get());
    }
    return Response.empty(204);
  }

  private static String plus(String number) {
    return number.length() > 6 && number.chars().allMatch(Character::isDigit)
        ? "+" + number
        : number;
  }

  private static boolean holds(List<String> words, String state) {
    return words.stream().anyMatch(word -> word.equalsIgnoreCase(state));
  }

  private HttpConfig proven(Request request) {
    var name = request.path("name");
    var config = configs.get(name);
    if (config == null) {
      throw SmsProblems.noCarrier(name);
    }
    var given = request.header(config.signatureHeader()).map(CarrierHttp::bytes);
    var secret = Secret.of(config.secret().getBytes(StandardCharsets.UTF_8));
    if (config.secret().isEmpty()
        || given.isEmpty()
        || !Secret.of(given.get()).matches(Secret.of(secret.hmacSha256(request.body())))) {
      throw SmsProblems.badSignature(name);
    }
    return config;
  }

  /** A signature in hexadecimal, perhaps after {@code sha256=}, or in base64. */
  private static byte[] bytes(String text) {
    var plain = text.startsWith("sha256=") ? text.substring("sha256=".length()) : text;
    try {
      return plain.length() == 64
          ? HexFormat.of().parseHex(plain.toLowerCase(java.util.Locale.ROOT))
          : Base64.getDecoder().decode(plain);
    } catch (IllegalArgumentException _) {
      return new byte[0];
    }
  }

  /** Members of a JSON body by pointer, or fields of a form by name. */
  private static Function<String, Optional<String>> fields(Request request) {
    if (request.header("content-type").orElse("").contains("x-www-form-urlencoded")) {
      var fields = form(new String(request.body(), StandardCharsets.UTF_8));
      return name ->
          Optional.ofNullable(fields.get(name.startsWith("/") ? name.substring(1) : name));
    }
    try {
      var tree = Json.parse(request.body(), JsonNode.class);
      return pointer -> Optional.of(tree.at(pointer).asText("")).filter(value -> !value.isEmpty());
    } catch (IOException e) {
      throw SmsProblems.badWebhook("no JSON");
    }
  }

  private static Map<String, String> form(String body) {
    try {
      return List.of(body.split("&")).stream()
          .map(pair -> pair.split("=", 2))
          .filter(pair -> pair.length == 2)
          .collect(
              Collectors.toMap(
                  pair -> URLDecoder.decode(pair[0], StandardCharsets.UTF_8),
                  pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8),
                  (first, _) -> first));
    } catch (IllegalArgumentException _) {
      throw SmsProblems.badWebhook("no form");
    }
  }
}
