package dev.parley.base.wire;

import dev.parley.base.kit.Json;
import dev.parley.base.kit.Rfc3339;
import dev.parley.base.store.RepeatKey;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Resource;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A request that passed the {@link Gate}. */
record ExchangeRequest(
    Route route,
    Resource resource,
    Caller caller,
    String id,
    String apiVersion,
    Target target,
    Map<String, String> parameters,
    HttpHeaders headers,
    byte[] body,
    PageLinks links)
    implements Request {
  private static final int REPEAT_ID_MAX = 128;

  @Override
  public Caller.User user() {
    if (caller instanceof Caller.User user) {
      return user;
    }
    throw new IllegalStateException(route.operation() + " lets in others than users.");
  }

  @Override
  public String path(String name) {
    var value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException(route.path() + " has no {" + name + "}.");
    }
    return value;
  }

  @Override
  public Optional<String> query(String name) {
    return target.parameter(name);
  }

  @Override
  public Optional<Integer> queryInt(String name, int min, int max) {
    return query(name)
        .map(text -> {
          try {
            var number = Integer.parseInt(text);
            if (number >= min && number <= max) {
              return number;
            }
          } catch (NumberFormatException _) {
            // Told below, together with the bounds.
          }
          throw WireProblems.badParameter(
              name, "%s must be a whole number from %d to %d.".formatted(name, min, max));
        });
  }

  @Override
  public Optional<Instant> queryTime(String name) {
    return query(name)
        .map(text -> {
          try {
            return Rfc3339.parse(text);
          } catch (DateTimeException _) {
            throw WireProblems.badParameter(name, name + " must be an RFC 3339 time.");
          }
        });
  }

  @Override
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  @Override
  public <T> T json(Class<T> type) {
    checkMediaType();
    if (body.length == 0) {
      return read(new byte[] {'{', '}'}, type);
    }
    JsonText.check(body);
    return read(body, type);
  }

  private static <T> T read(byte[] json, Class<T> type) {
    try {
      var value = Json.parse(json, type);
      if (value == null) {
        throw WireProblems.badJson("the body is null");
      }
      return value;
    } catch (IOException e) {
      // Jackson's words may quote the body, so only their kind goes to the log.
      throw WireProblems.badJson("the body does not read as JSON: " + e.getClass().getSimpleName());
    }
  }

  private void checkMediaType() {
    var given = header("content-type").orElse("").toLowerCase(Locale.ROOT);
    var semicolon = given.indexOf(';');
    var type = (semicolon < 0 ? given : given.substring(0, semicolon)).strip();
    var patch = route.method() == Method.PATCH;
    var right =
        (type.isEmpty() && body.length == 0)
            || type.equals("application/json")
            || (patch && type.equals("application/merge-patch+json"));
    if (!right) {
      throw WireProblems.wrongMediaType(
          patch ? "application/merge-patch+json" : "application/json");
    }
  }

  @Override
  public Optional<RepeatKey> repeatKey() {
    if (route.idempotency() == Idempotency.NATURAL || route.idempotency() == Idempotency.NONE) {
      return Optional.empty();
    }
    var id = header("repeatability-request-id");
    if (route.idempotency() == Idempotency.REQUEST_ID_AND_DATE) {
      checkFirstSent(id.isPresent());
    }
    return id.map(given ->
        new RepeatKey(
            resource.id(),
            caller.origin().actor(),
            route.operation(),
            checkedRepeatId(given),
            HmacVerifier.sha256(body)));
  }

  /** The contract with a date has a UUID; chat's id is any short text. */
  private String checkedRepeatId(String id) {
    var uuid = route.idempotency() == Idempotency.REQUEST_ID_AND_DATE;
    try {
      if (!id.isBlank() && id.length() <= REPEAT_ID_MAX) {
        return uuid ? UUID.fromString(id).toString() : id;
      }
    } catch (IllegalArgumentException _) {
      // Told below.
    }
    throw WireProblems.badParameter(
        "repeatability-request-id", "repeatability-request-id is not valid.");
  }

  private void checkFirstSent(boolean withId) {
    var date = header("repeatability-first-sent");
    try {
      if (date.isPresent() == withId) {
        date.ifPresent(DateTimeFormatter.RFC_1123_DATE_TIME::parse);
        return;
      }
    } catch (DateTimeException _) {
      // Told below.
    }
    throw WireProblems.badParameter(
        "repeatability-first-sent",
        "Request sent with Invalid DateTime value for repeatability-first-sent. Expected is DateTime ,RFC1123 pattern.");
  }

  @Override
  public String nextLink(String name, String position) {
    var query = new ArrayList<Target.Parameter>();
    for (var parameter : target.parameters()) {
      if (!parameter.name().equals(name) && !parameter.name().equals("api-version")) {
        query.add(parameter);
      }
    }
    query.add(new Target.Parameter(name, links.sealed(resource, route, linkedPath(), position)));
    query.add(new Target.Parameter("api-version", apiVersion));
    return resource.endpoint() + target.rawPath() + "?" + Target.form(query);
  }

  @Override
  public Optional<String> position(String name) {
    return query(name).map(text -> links.opened(resource, route, linkedPath(), text));
  }

  /** The decoded path, since one client encodes ids and another does not. */
  private String linkedPath() {
    return String.join("/", target.segments());
  }
}
