package dev.parley.base.wire;

import dev.parley.base.kit.Secret;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceDirectory;
import dev.parley.base.words.ResourceId;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Checks a request before a handler sees it: which resource, which api-version, who calls, and
 * whether they may.
 */
final class Gate {
  private static final Pattern VERSION =
      Pattern.compile("(\\d{4}-\\d{2}-\\d{2})(-[a-z0-9.]{1,30})?");
  private static final String BEARER = "Bearer ";

  private final ResourceDirectory resources;
  private final HmacVerifier hmac;
  private final BearerVerifier bearers;
  private final Secret operatorToken;
  private final PageLinks links;

  Gate(
      ResourceDirectory resources,
      BearerVerifier bearers,
      InstantSource clock,
      Secret operatorToken) {
    this.resources = resources;
    this.hmac = new HmacVerifier(resources, clock);
    this.bearers = bearers;
    this.operatorToken = operatorToken;
    this.links = new PageLinks(resources);
  }

  /** A proven caller, and when the proof ends. */
  private record Proof(Caller caller, Callers kind, Instant expires) {}

  /** A request that may pass, and when the caller's proof ends. */
  record Passed(ExchangeRequest request, Instant expires) {}

  /**
   * Lets the request pass.
   *
   * @throws dev.parley.base.words.Refusal when it may not
   */
  Passed pass(Destination.Found found, Inbound inbound, String id) {
    var route = found.route();
    var target = found.target();
    var resource = route.ofHouse() ? house(inbound) : resource(inbound, target);
    var version = version(route.versions(), target);
    var proof = prove(route, resource, found.method(), target, inbound, id);
    checkCaller(route, resource, proof);
    return new Passed(
        new ExchangeRequest(
            route,
            resource,
            proof.caller(),
            id,
            version,
            target,
            Collections.unmodifiableMap(found.parameters()),
            inbound.headers(),
            inbound.body(),
            links),
        proof.expires());
  }

  /** Management plane and issuer answer under every name, but not on the operator's listener. */
  private Resource house(Inbound inbound) {
    host(inbound);
    if (inbound.listener() == Listener.CONTROL) {
      throw WireProblems.noRoute();
    }
    return resources.house();
  }

  private static String host(Inbound inbound) {
    var hosts = inbound.headers().getAll("Host");
    if (hosts.size() != 1) {
      throw WireProblems.badRequest("The request needs exactly one Host header.");
    }
    return withoutPort(hosts.getFirst());
  }

  private Resource resource(Inbound inbound, Target target) {
    var host = host(inbound);
    var own = target.segments().getFirst();
    if (inbound.listener() == Listener.CONTROL) {
      if (!own.equals("parley")) {
        throw WireProblems.noRoute();
      }
      return Resource.HOUSE;
    }
    if (inbound.listener() == Listener.RESOURCE) {
      return admitted(
          inbound,
          own,
          resources
              .byPort(inbound.localPort())
              .orElseThrow(() -> WireProblems.noResource("on port " + inbound.localPort())));
    }
    var known = resources.byHost(host);
    if (known.isEmpty() && (own.equals("health") || own.equals("metrics"))) {
      // A prober reaches a node by its address, which is no resource's name.
      return Resource.HOUSE;
    }
    return admitted(inbound, own, known.orElseThrow(() -> WireProblems.noResource(host)));
  }

  /** Our own operations are no network access to the resource. */
  private Resource admitted(Inbound inbound, String own, Resource resource) {
    if (!Cors.OWN.contains(own) && !resources.admits(resource.id(), inbound.remote())) {
      throw WireProblems.networkRefused(
          "%s may not reach resource %s"
              .formatted(inbound.remote().getHostAddress(), resource.name()));
    }
    return resource;
  }

  private static String withoutPort(String host) {
    if (host.startsWith("[")) {
      return host.substring(0, host.indexOf(']') + 1);
    }
    var colon = host.indexOf(':');
    return colon < 0 ? host : host.substring(0, colon);
  }

  private static String version(ApiVersions versions, Target target) {
    if (versions.known().isEmpty()) {
      return "";
    }
    var given = target.parameter("api-version").orElseThrow(WireProblems::versionMissing);
    if (versions.known().contains(given)) {
      return given;
    }
    var newest = versions.known().getLast();
    var match = VERSION.matcher(given);
    if (match.matches() && isDate(match.group(1))) {
      var newer = match.group(1).compareTo(newest.substring(0, 10));
      if (newer > 0) {
        return newest;
      }
    }
    throw WireProblems.versionInvalid(versions);
  }

  private static boolean isDate(String text) {
    try {
      LocalDate.parse(text);
      return true;
    } catch (DateTimeParseException _) {
      return false;
    }
  }

  private Proof prove(
      Route route, Resource resource, Method method, Target target, Inbound inbound, String id) {
    var authorization = authorization(inbound.headers());
    if (route.callers().contains(Callers.ANONYMOUS)) {
      return new Proof(
          new Caller.Anonymous(resource.id(), new Origin("anonymous", "", id)),
          Callers.ANONYMOUS,
          Instant.MAX);
    }
    if (authorization.isEmpty()) {
      throw route.ofHouse()
          ? WireProblems.tokenNeeded(resource.endpoint())
          : WireProblems.unauthorized("there is no Authorization header");
    }
    var text = authorization.get();
    if (HmacVerifier.handles(text)) {
      if (resource.id().equals(ResourceId.HOUSE)) {
        throw WireProblems.unauthorized("access keys are for resources");
      }
      if (!resources.takesKeys(resource.id())) {
        throw WireProblems.keysDisabled();
      }
      var key = hmac.verify(resource, method, target, inbound.headers(), inbound.body());
      var slot = key.slot();
      return new Proof(
          new Caller.KeyHolder(
              resource.id(), slot, new Origin("key:" + slot.name(), slot.name(), id)),
          Callers.KEY_HOLDER,
          Instant.MAX);
    }
    if (text.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return bearer(route, resource, text.substring(BEARER.length()).strip(), id);
    }
    throw WireProblems.unauthorized("the Authorization header has another scheme");
  }

  private Proof bearer(Route route, Resource resource, String token, String id) {
    if (operatorToken.matches(Secret.of(token.getBytes(StandardCharsets.UTF_8)))) {
      var origin = new Origin("principal:operator", "", id);
      return new Proof(
          new Caller.Principal(resource.id(), "operator", true, origin),
          Callers.OPERATOR,
          Instant.MAX);
    }
    if (resource.id().equals(ResourceId.HOUSE) && !route.ofHouse()) {
      throw WireProblems.unauthorized("the operator's token is wrong");
    }
    var verified = bearers.verify(resource, token, id);
    return switch (verified.caller()) {
      case Caller.User user -> new Proof(user, Callers.USER, verified.expires());
      case Caller.Principal principal ->
          new Proof(principal, Callers.PRINCIPAL, verified.expires());
      case Caller.KeyHolder _, Caller.Anonymous _ ->
          throw new IllegalStateException("No bearer token proves this caller.");
    };
  }

  private void checkCaller(Route route, Resource resource, Proof proof) {
    if (proof.kind() == Callers.PRINCIPAL && proof.caller() instanceof Caller.Principal principal) {
      bearers.admit(principal, resource, route);
      if (principal.operator() && route.callers().contains(Callers.OPERATOR)) {
        return;
      }
    }
    if (!route.callers().contains(proof.kind())) {
      var why = proof.kind() + " may not call " + route.operation();
      throw proof.kind() == Callers.USER && !route.callers().contains(Callers.KEY_HOLDER)
          ? WireProblems.forbidden(why)
          : WireProblems.unauthorized(why);
    }
    if (proof.caller() instanceof Caller.User user
        && Collections.disjoint(user.scopes(), route.scopes())) {
      throw WireProblems.forbidden(
          "the token has %s, %s needs one of %s"
              .formatted(user.scopes(), route.operation(), route.scopes()));
    }
  }

  private static Optional<String> authorization(HttpHeaders headers) {
    var values = headers.getAll("Authorization");
    if (values.size() > 1) {
      throw WireProblems.unauthorized("there are " + values.size() + " Authorization headers");
    }
    return values.stream().findFirst();
  }
}
