package dev.parley.feature.realtime;

import dev.parley.base.kit.Secret;
import dev.parley.base.words.Caller;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceDirectory;
import dev.parley.base.words.ResourceId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Makes and checks what clients carry from the allocation to their connection. Nothing is kept: the
 * parameters are signed for one user and endpoint, so any server of the house can check them.
 */
final class Allocations {
  /** The value that clients renew their registrations best with. */
  static final Duration TTL = Duration.ofDays(7);

  private static final int ID_BYTES = 8;
  private static final int NODE_BYTES = 5;

  /** In the place of a server where there is none. */
  private static final String NONE = "0";

  private static final int MAC_BYTES = 16;
  private static final Pattern ID = Pattern.compile("[0-9a-f]+(-[0-9a-f]+){2}");
  private static final Pattern ENDS = Pattern.compile("\\d{1,18}");

  private final ResourceDirectory resources;
  private final RealtimeConfig config;
  private final InstantSource clock;
  private final SecureRandom random;
  private final String node;

  Allocations(
      ResourceDirectory resources,
      RealtimeConfig config,
      InstantSource clock,
      SecureRandom random) {
    this.resources = resources;
    this.config = config;
    this.clock = clock;
    this.random = random;
    this.node = randomHex(NODE_BYTES);
  }

  /** Names this run of this server. */
  String node() {
    return node;
  }

  /**
   * A fresh connection for an endpoint of the user.
   *
   * @param before what the client cached of an earlier one
   */
  Allocation allocate(Resource resource, Caller.User user, String epid, ConnectParams before) {
    var id = String.join("-", node, server(user, epid, before), newId());
    var address = resource.endpoint() + Allocation.path(id);
    var ends = Long.toString(clock.millis() + TTL.toMillis());
    return new Allocation(
        base(resource) + "/",
        address,
        address,
        "cc-" + id,
        id,
        resource.endpoint().toString(),
        Long.toString(TTL.toSeconds()),
        Map.of("sr", id, "se", ends, "sig", signature(user, epid, id, ends)));
  }

  /** The server that an earlier connection was made on. */
  private String server(Caller.User user, String epid, ConnectParams before) {
    return check(user, epid, before)
        .map(id -> id.substring(0, Math.max(0, id.indexOf('-'))))
        .filter(server -> !server.equals(node))
        .orElse(NONE);
  }

  /** The server that the client was connected to before, if it was another than this. */
  static Optional<String> comesFrom(String connectionId) {
    var parts = connectionId.split("-", -1);
    return parts.length == 3 && !parts[1].equals(NONE) ? Optional.of(parts[1]) : Optional.empty();
  }

  private String newId() {
    return randomHex(ID_BYTES);
  }

  /** Lower-case hex of so many random bytes. */
  String randomHex(int bytes) {
    var fresh = new byte[bytes];
    random.nextBytes(fresh);
    return HexFormat.of().formatHex(fresh);
  }

  /** Where sockets are opened: scheme, host and port. */
  private String base(Resource resource) {
    return config.address().isEmpty() ? resource.endpoint().toString() : config.address();
  }

  /**
   * The connection that the parameters were made for.
   *
   * @return empty when they were made for another user or endpoint, have been changed, or are over
   */
  Optional<String> check(Caller.User user, String epid, ConnectParams params) {
    // A line break in one of them could let it pass for two parts of what was signed.
    if (!ID.matcher(params.sr()).matches() || !ENDS.matcher(params.se()).matches()) {
      return Optional.empty();
    }
    var right = signature(user, epid, params.sr(), params.se()).getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(right, params.sig().getBytes(StandardCharsets.UTF_8))) {
      return Optional.empty();
    }
    return Long.parseLong(params.se()) > clock.millis()
        ? Optional.of(params.sr())
        : Optional.empty();
  }

  private String signature(Caller.User user, String epid, String id, String ends) {
    var text = String.join("\n", "connect", user.id().rawId(), epid, id, ends);
    var mac = key(user.resource()).hmacSha256(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(Arrays.copyOf(mac, MAC_BYTES));
  }

  private Secret key(ResourceId resource) {
    return resources
        .key(resource, KeySlot.PRINCIPAL)
        .orElseThrow(RealtimeProblems::resourceGone)
        .secret();
  }
}
