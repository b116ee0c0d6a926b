package dev.parley.base.wire;

import java.net.URI;
import java.util.Set;

/** What an OIDC token may be for, in the names that Azure's clients use; without trailing slash. */
public final class Audience {
  /** The data plane. */
  public static final String COMMUNICATION = "https://communication.azure.com";

  /** The management plane. */
  public static final String MANAGEMENT = "https://management.azure.com";

  /** Publishing to and reading from Event Grid. */
  public static final String EVENT_GRID = "https://eventgrid.azure.net";

  private static final Set<String> DATA_PLANE =
      Set.of(COMMUNICATION, "https://auth.communication.azure.com", EVENT_GRID);
  private static final Set<String> MANAGERS =
      Set.of(MANAGEMENT, "https://management.core.windows.net");

  private Audience() {}

  /** Whether a token for this opens the data plane. */
  public static boolean isData(String audience) {
    return DATA_PLANE.contains(plain(audience));
  }

  /**
   * Whether a token for this opens the management plane.
   *
   * @param house public address of this server, which is an audience of its own
   */
  public static boolean isManagement(String audience, URI house) {
    var plain = plain(audience);
    return MANAGERS.contains(plain) || plain.equals(house.toString());
  }

  /** Whether anything of this server is meant. */
  public static boolean isKnown(String audience, URI house) {
    return isData(audience) || isManagement(audience, house);
  }

  private static String plain(String audience) {
    return audience.replaceAll("/+$", "");
  }
}
