package dev.parley.feature.relay;

import dev.parley.base.kit.Secret;
import dev.parley.base.wire.Feature;
import dev.parley.base.wire.Route;
import dev.parley.base.words.ResourceId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The front door of relays, for callers and for calling. */
public final class Relay implements Feature {
  /** How long a credential is good at most, and where nothing else is asked for. */
  public static final Duration TTL_MAX = Duration.ofDays(2);

  private final RelayConfig config;
  private final Users users;
  private final InstantSource clock;
  private final TurnSecret secret;

  /**
   * Relays.
   *
   * @param masterKey what the shared secret follows from where the settings name none
   * @param clock edge time, since relays check by their own clocks
   */
  public Relay(RelayConfig config, Users users, Secret masterKey, InstantSource clock) {
    this.config = config;
    this.users = users;
    this.clock = clock;
    this.secret =
        config.secret().map(TurnSecret::new).orElseGet(() -> TurnSecret.derived(masterKey));
  }

  /**
   * Relays with a credential that is good from now on.
   *
   * @param userId whose media it is, a user of the resource; empty for the resource itself
   * @param type only this kind; empty for an entry of each
   * @param ttl not negative; longer than {@link #TTL_MAX} means that
   * @throws dev.parley.base.words.Refusal 400 when there is no such user
   */
  public RelayConfiguration issue(
      ResourceId resource, Optional<String> userId, Optional<RouteType> type, Duration ttl) {
    if (userId.isPresent() && !users.exist(resource, userId.get())) {
      throw RelayProblems.unknownUser();
    }
    var lifetime = ttl.compareTo(TTL_MAX) > 0 ? TTL_MAX : ttl;
    var expiresOn = clock.instant().plus(lifetime);
    var username = TurnSecret.username(expiresOn, userId.orElse(resource.value()));
    var credential = secret.credential(username);
    var servers =
        Stream.of(RouteType.values())
            .filter(one -> type.isEmpty() || type.get() == one)
            .filter(one -> !config.urls(one).isEmpty())
            .map(one -> new IceServer(config.urls(one), username, credential, one))
            .toList();
    return new RelayConfiguration(expiresOn, servers);
  }

  /** The configuration of a coturn that takes these credentials; holds the secret. */
  String turnConfig() {
    return TurnConfig.text(config, secret);
  }

  @Override
  public List<Route> routes() {
    return new RelayHttp(this).routes();
  }

  @Override
  public void eraseAll(ResourceId resource) {
    // Nothing is kept: a credential lives with its holder, and ends by itself.
  }
}
