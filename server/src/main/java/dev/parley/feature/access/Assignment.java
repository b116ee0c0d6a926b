package dev.parley.feature.access;

import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.SystemData;

/**
 * A role given to a principal at a scope.
 *
 * @param id a GUID in lower case
 * @param principalType {@code ServicePrincipal} or {@code User}
 */
record Assignment(
    String id,
    ArmId scope,
    String roleId,
    String principalId,
    String principalType,
    String description,
    SystemData made) {
  /** Whether both give the same. */
  boolean gives(Assignment other) {
    return scope.equals(other.scope)
        && roleId.equals(other.roleId)
        && principalId.equals(other.principalId);
  }
}
