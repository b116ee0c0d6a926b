package dev.parley.feature.directory;

import dev.parley.base.arm.OperatorLog;
import dev.parley.base.bus.Bus;
import dev.parley.base.event.AdminEvent;
import dev.parley.base.wire.Audience;
import dev.parley.base.wire.BearerVerifier.Verified;
import dev.parley.base.wire.Feature;
import dev.parley.base.wire.KeySource;
import dev.parley.base.wire.PrincipalProof;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceId;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The parts of the directory put together. */
public final class DirectoryFeature implements Feature, PrincipalProof {
  private static final Duration ARM_TOKEN_LIFE = Duration.ofDays(30);

  private final Directory directory;
  private final Issuer issuer;
  private final OutsidePrincipals outside;
  private final Supplier<URI> house;
  private final Bus bus;
  private final List<Route> routes = new ArrayList<>();

  /** A key takes a while to make, which nobody should have to wait for. */
  private final Thread keyMaker;

  /**
   * The directory's operations.
   *
   * @param house public address of this server, known once it listens
   */
  public DirectoryFeature(
      DirectoryConfig config,
      Directory directory,
      OperatorLog log,
      Supplier<URI> house,
      KeySource keys,
      Bus bus,
      InstantSource clock,
      SecureRandom random) {
    this.directory = directory;
    this.issuer = new Issuer(directory, house, clock);
    this.keyMaker = Thread.ofVirtual().name("issuer key").unstarted(issuer::published);
    this.outside = new OutsidePrincipals(config, keys, clock);
    this.house = house;
    this.bus = bus;
    routes.addAll(new OidcHttp(config, directory, issuer, house).routes());
    routes.addAll(new LoginHttp(config, directory, clock, random).routes());
    routes.addAll(new PrincipalHttp(directory, log).routes());
  }

  @Override
  public List<Route> routes() {
    return List.copyOf(routes);
  }

  @Override
  public void start() {
    bus.live("directory", List.of(AdminEvent.PrincipalChanged.class), directory::hear);
    keyMaker.start();
  }

  @Override
  public void close() {
    try {
      keyMaker.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Makes the developer's application, and a token of it that outlives the day. */
  @Override
  public Map<String, String> environment(Resource home) {
    var developer = directory.developer();
    var token =
        issuer.accessToken(
            directory.get(developer.id()),
            developer.clientId(),
            // Unlike the server's own address, this stays right on another port.
            Audience.MANAGEMENT,
            ARM_TOKEN_LIFE);
    var environment = new LinkedHashMap<String, String>();
    environment.put("ACS_ARM_TOKEN", token);
    environment.put("ACS_AUTHORITY_HOST", house.get().toString());
    environment.put("ACS_TENANT_ID", directory.tenant());
    environment.put("ACS_CLIENT_ID", developer.clientId());
    environment.put("ACS_CLIENT_SECRET", developer.secret());
    return environment;
  }

  /** A token of this server itself, for a webhook that asks for one. */
  public String serviceToken(String audience, Duration life) {
    return issuer.serviceToken(audience, life);
  }

  @Override
  public Optional<Verified> prove(Resource resource, String token, String requestId) {
    return issuer
        .prove(resource, token, requestId)
        .or(() -> outside.prove(resource, token, requestId));
  }

  /** The directory belongs to the house; no resource has a part in it. */
  @Override
  public void eraseAll(ResourceId resource) {}
}
