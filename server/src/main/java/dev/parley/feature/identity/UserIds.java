package dev.parley.feature.identity;

import dev.parley.base.words.ResourceId;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** The raw ids of users: how they are made, and which can belong to a resource at all. */
final class UserIds {
  private static final String TEAMS_USER = "8:orgid:";
  private static final Pattern TAIL = Pattern.compile("[0-9a-z_-]{1,128}");
  private static final Pattern GUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private UserIds() {}

  /**
   * A new user of the resource. The guid rises with time (RFC 9562 version 7), so that new rows lie
   * side by side.
   */
  static UserKey fresh(ResourceId resource, Instant now, SecureRandom random) {
    var high = (now.toEpochMilli() << 16) | 0x7000 | random.nextInt(0x1000);
    var low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new UserKey(resource, prefix(resource) + new UUID(high, low));
  }

  /** A Teams user who talks as himself. */
  static UserKey teamsUser(ResourceId resource, OutsideUser user) {
    return new UserKey(resource, TEAMS_USER + user.objectId());
  }

  /** A Teams user seen through the resource (contract 2025-06-30, example of the exchange). */
  static UserKey teamsExtensionUser(ResourceId resource, OutsideUser user) {
    return new UserKey(resource, prefix(resource) + user.tenantId() + "_" + user.objectId());
  }

  /**
   * A user of the organisation's directory (contract 2025-03-02-preview, example of the exchange).
   */
  static UserKey entraUser(ResourceId resource, OutsideUser user) {
    return new UserKey(
        resource, prefix(resource) + "wf_" + user.tenantId() + "_" + user.objectId());
  }

  /**
   * The id as a user of the resource; empty when it is malformed or can only be another resource's.
   */
  static Optional<UserKey> of(ResourceId resource, String rawId) {
    var prefix = rawId.startsWith(TEAMS_USER) ? TEAMS_USER : prefix(resource);
    return rawId.startsWith(prefix) && TAIL.matcher(rawId.substring(prefix.length())).matches()
        ? Optional.of(new UserKey(resource, rawId))
        : Optional.empty();
  }

  /** Whether the text is a guid in lower case. */
  static boolean isGuid(String text) {
    return GUID.matcher(text).matches();
  }

  private static String prefix(ResourceId resource) {
    return "8:acs:" + resource.value() + "_";
  }
}
