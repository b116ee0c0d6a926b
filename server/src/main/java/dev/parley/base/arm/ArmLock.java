package dev.parley.base.arm;

/**
 * A lock on a scope.
 *
 * @param scope what it was put on
 * @param readOnly whether it forbids every change; deleting alone otherwise
 */
public record ArmLock(ArmId scope, String name, boolean readOnly) {}
