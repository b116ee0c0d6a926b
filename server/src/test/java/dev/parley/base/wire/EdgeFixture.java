package dev.parley.base.wire;

import dev.parley.base.kit.Secret;
import dev.parley.base.kit.Settings;
import dev.parley.base.words.Caller;
import dev.parley.base.words.CommunicationIdentifier.CommunicationUser;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Resource;
import dev.parley.base.words.Scope;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A running edge with two resources, a few tokens and the routes of {@link EdgeRoutes}, and clients
 * that reach it.
 */
final class EdgeFixture implements AutoCloseable {
  static final String OPERATOR = "the-operators-token";

  private record Token(Resource resource, BearerVerifier.Verified verified) {}

  final TwoResources resources = new TwoResources();
  final EdgeRoutes routes = new EdgeRoutes();
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final HttpServer server;
  private final Map<String, Token> tokens = new ConcurrentHashMap<>();

  /** Starts an edge on free ports; {@code settings} win over the defaults. */
  EdgeFixture(Map<String, String> settings) {
    var all = new HashMap<>(Map.of("https.port", "0", "http.port", "0"));
    all.putAll(settings);
    server =
        new HttpServer(
            WireConfig.of(new Settings(all), true),
            TestCertificates.SHARED.material(),
            routes.all(),
            resources,
            this::verify,
            InstantSource.system(),
            Secret.of(OPERATOR.getBytes(StandardCharsets.UTF_8)),
            registry);
    server.start();
  }

  /** A client on the main listener, over TLS. */
  RawClient client() {
    return tls(server.mainPort());
  }

  /** A client on a TLS listener. */
  RawClient tls(int port) {
    try {
      return RawClient.tls(port, TestCertificates.SHARED.trust());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A TLS socket on the main listener. */
  Socket socket() throws IOException {
    return TestCertificates.SHARED
        .trust()
        .getSocketFactory()
        .createSocket("localhost", server.mainPort());
  }

  /** The answer to one request on a connection of its own. */
  RawReply ask(RawRequest request) throws IOException {
    try (var client = client()) {
      return client.send(request.bytes()).reply();
    }
  }

  Signer signer(Resource resource, KeySlot slot) {
    return new Signer(resources.secret(resource, slot));
  }

  /** Makes a user's token known; a later one of the same text replaces it. */
  void user(String token, Resource resource, Duration life, Scope... scopes) {
    var id = "8:acs:" + resource.id() + "_" + token;
    var caller =
        new Caller.User(
            resource.id(),
            new CommunicationUser(id),
            Set.of(scopes),
            new Origin(id, "PRIMARY", ""));
    tokens.put(
        token, new Token(resource, new BearerVerifier.Verified(caller, Instant.now().plus(life))));
  }

  /** Makes the token of an OIDC principal known. */
  void principal(String token, Resource resource) {
    var caller =
        new Caller.Principal(resource.id(), token, false, new Origin("principal:" + token, "", ""));
    tokens.put(
        token,
        new Token(
            resource,
            new BearerVerifier.Verified(caller, Instant.now().plus(Duration.ofHours(1)))));
  }

  private BearerVerifier.Verified verify(Resource resource, String token, String requestId) {
    var known = tokens.get(token);
    if (known == null || !known.resource().equals(resource)) {
      throw WireProblems.unauthorized("nobody knows this token");
    }
    return known.verified();
  }

  @Override
  public void close() {
    server.close();
  }
}
