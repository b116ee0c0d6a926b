package dev.parley.base.arm;

import dev.parley.base.words.Caller;

/** Decides by role what a principal may do at a scope. */
public interface ArmAuthority {
  /** Whether the principal may do this at the scope. */
  boolean may(Caller.Principal caller, String action, ArmId scope);

  /** Whether the principal has any right at the scope or below it. */
  boolean sees(Caller.Principal caller, ArmId scope);
}
