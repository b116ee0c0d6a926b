package dev.parley.base.event;

import dev.parley.base.words.KeySlot;

/** What happened to a resource; the journal row names which one. */
public sealed interface ResourceEvent extends Event {
  record Created() implements ResourceEvent {}

  /** Everything made with the slot's older generations ends now. */
  record KeyRegenerated(KeySlot slot, int generation) implements ResourceEvent {}

  /** The data is erased; name, id, endpoint and keys stay. */
  record Reset() implements ResourceEvent {}

  /**
   * Settings, tags or domains changed; what the settings no longer allow ends now.
   *
   * @param keysOff whether access keys are no longer taken
   * @param networkOff whether the public network is no longer let in
   */
  record Updated(boolean keysOff, boolean networkOff) implements ResourceEvent {}

  /** Tokens and connections end; the data goes at once, or when the time to undo it is over. */
  record Deleted() implements ResourceEvent {}

  /** The deletion was undone in time. */
  record Restored() implements ResourceEvent {}
}
