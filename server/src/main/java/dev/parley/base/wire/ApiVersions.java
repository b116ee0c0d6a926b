package dev.parley.base.wire;

import java.util.List;

/**
 * The api-versions of a service, oldest first. A well-formed version that is newer than the newest
 * known one is served as the newest; a missing, malformed or unknown older one gets the service's
 * own 400.
 *
 * @param known empty for routes without the parameter ({@code /parley/*}, health)
 */
public record ApiVersions(List<String> known) {
  /** For routes that take no api-version. */
  public static final ApiVersions NONE = new ApiVersions(List.of());

  public ApiVersions {
    known = List.copyOf(known);
  }

  /** The versions by name, in the contract's spelling, oldest first. */
  public static ApiVersions of(String... known) {
    return new ApiVersions(List.of(known));
  }
}
