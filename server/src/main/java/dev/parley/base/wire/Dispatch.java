package dev.parley.base.wire;

import dev.parley.base.store.StoreUnavailable;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.ResourceId;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * From a request to its answer: finds the route, lets the gate check, runs the handler, and
 * explains in the log what was refused.
 */
final class Dispatch {
  private static final Logger log = LoggerFactory.getLogger(Dispatch.class);
  private static final String NO_OPERATION = "none";

  private final Router<Route> router = new Router<>();
  private final Gate gate;
  private final Cors cors;
  private final HttpMetrics metrics;

  Dispatch(List<Route> routes, Gate gate, Cors cors, HttpMetrics metrics) {
    for (var route : routes) {
      router.add(route.method(), route.path(), route, route.ofHouse());
    }
    this.gate = gate;
    this.cors = cors;
    this.metrics = metrics;
  }

  /** Where a request is going; decided on the head alone. */
  Destination destination(String method, String rawTarget, HttpHeaders headers) {
    try {
      var target = Target.parse(rawTarget);
      if (Cors.asks(method, headers)) {
        return new Destination.Preflight(target);
      }
      var known = method(method);
      var match = known.flatMap(verb -> router.match(verb, target));
      if (known.isPresent() && match.isPresent()) {
        return new Destination.Found(
            match.get().route(), known.get(), target, match.get().parameters());
      }
      var allowed = router.methods(target);
      return new Destination.Nowhere(
          allowed.isEmpty() ? WireProblems.noRoute() : WireProblems.wrongMethod(allowed));
    } catch (Refusal refusal) {
      return new Destination.Nowhere(refusal);
    }
  }

  /** Answers; never throws. Runs on a virtual thread. */
  Exchange answer(Inbound inbound) {
    var id = newId();
    MDC.put("request", id);
    var start = System.nanoTime();
    try {
      var exchange = checked(inbound, id);
      var nanos = System.nanoTime() - start;
      var status = status(exchange.answer());
      metrics.answered(exchange.operation(), status, nanos);
      log.atDebug()
          .setMessage("answered")
          .addKeyValue("operation", exchange.operation())
          .addKeyValue("status", status)
          .addKeyValue("micros", nanos / 1_000)
          .log();
      return exchange;
    } finally {
      MDC.remove("request");
    }
  }

  /** The answer to what never became a request: a broken line, too long a header. */
  Exchange refused(Refusal refusal) {
    var id = newId();
    MDC.put("request", id);
    try {
      explain(NO_OPERATION, refusal);
      metrics.answered(NO_OPERATION, refusal.status(), 0);
      return exchange(id, NO_OPERATION, ErrorAnswer.of(refusal));
    } finally {
      MDC.remove("request");
    }
  }

  private Exchange checked(Inbound inbound, String id) {
    return switch (inbound.destination()) {
      case Destination.Preflight preflight ->
          exchange(
              id,
              "preflight",
              cors.preflight(
                  preflight.target(), inbound.headers(), router.methods(preflight.target())));
      case Destination.Nowhere nowhere -> {
        explain(inbound.method() + " " + inbound.target(), nowhere.refusal());
        yield exchange(id, NO_OPERATION, ErrorAnswer.of(nowhere.refusal()));
      }
      case Destination.Found found -> handled(found, inbound, id);
    };
  }

  private Exchange handled(Destination.Found found, Inbound inbound, String id) {
    var route = found.route();
    var operation = route.operation();
    var checked = System.nanoTime();
    try {
      var passed = gate.pass(found, inbound, id);
      var answer = route.handler().handle(passed.request());
      return new Exchange(
          id,
          operation,
          answer instanceof Response response && !route.versions().known().isEmpty()
              ? response.header(
                  "api-supported-versions", String.join(", ", route.versions().known()))
              : answer,
          passed.request().caller(),
          checked,
          passed.expires());
    } catch (Refusal refusal) {
      explain(operation, refusal);
      return exchange(id, operation, ErrorAnswer.of(refusal));
    } catch (StoreUnavailable e) {
      log.error("{} was turned away, the store is unavailable", operation, e);
      return exchange(id, operation, ErrorAnswer.of(WireProblems.busy()));
    } catch (RuntimeException | Error e) {
      log.error("{} failed", operation, e);
      return exchange(id, operation, ErrorAnswer.of(WireProblems.fault()));
    }
  }

  private static void explain(String operation, Refusal refusal) {
    log.atInfo()
        .setMessage("refused")
        .addKeyValue("operation", operation)
        .addKeyValue("status", refusal.status())
        .addKeyValue("code", refusal.code())
        .addKeyValue("why", refusal.why().isEmpty() ? refusal.message() : refusal.why())
        .log();
  }

  private static Exchange exchange(String id, String operation, Answer answer) {
    var nobody = new Caller.Anonymous(ResourceId.HOUSE, new Origin("anonymous", "", id));
    return new Exchange(id, operation, answer, nobody, 0, Instant.MAX);
  }

  private static int status(Answer answer) {
    return switch (answer) {
      case Response response -> response.status();
      case Streaming _ -> 200;
      case Upgrade _ -> 101;
    };
  }

  private static Optional<Method> method(String name) {
    for (var method : Method.values()) {
      if (method.name().equals(name)) {
        return Optional.of(method);
      }
    }
    return Optional.empty();
  }

  /** Unique, not secret. */
  private static String newId() {
    var random = ThreadLocalRandom.current();
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }
}
