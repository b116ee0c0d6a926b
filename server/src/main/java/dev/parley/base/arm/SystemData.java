package dev.parley.base.arm;

import dev.parley.base.words.Caller;
import java.time.Instant;

/** Who made a resource and who changed it last ({@code systemData} of the common types). */
public record SystemData(
    String createdBy,
    String createdByType,
    Instant createdAt,
    String lastModifiedBy,
    String lastModifiedByType,
    Instant lastModifiedAt) {
  /** Of something made now. */
  public static SystemData made(Caller.Principal caller, Instant now) {
    return new SystemData(name(caller), type(caller), now, name(caller), type(caller), now);
  }

  /** The same after a change. */
  public SystemData changed(Caller.Principal caller, Instant now) {
    return new SystemData(createdBy, createdByType, createdAt, name(caller), type(caller), now);
  }

  private static String name(Caller.Principal caller) {
    return caller.badge().name();
  }

  private static String type(Caller.Principal caller) {
    return caller.badge().application() ? "Application" : "User";
  }
}
