package dev.parley.base.arm;

import dev.parley.base.words.Caller;
import java.util.List;

/**
 * The tracked resources of one type, so that lists of a group show them and deleting the group
 * deletes them.
 */
public interface ArmInventory {
  /** E.g. {@code Microsoft.Communication/emailServices}. */
  String type();

  /** The type's api-versions, newest last. */
  List<String> versions();

  /** All of a subscription. */
  List<ArmResource> list(String subscription);

  /** Deletes one as its DELETE operation does; nothing happens when it is gone already. */
  void delete(Caller.Principal caller, ArmId id);
}
