package dev.parley.base.words;

/**
 * Which secret of a resource: its two access keys, and the one behind tokens issued to OIDC
 * principals.
 */
public enum KeySlot {
  PRIMARY,
  SECONDARY,
  /** Never given out; it only signs user tokens that a {@link Caller.Principal} asked for. */
  PRINCIPAL
}
