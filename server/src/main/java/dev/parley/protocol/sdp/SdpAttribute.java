package dev.parley.protocol.sdp;

/**
 * A line {@code a=name:value}, or {@code a=name} when the value is empty (RFC 8866 section 5.13).
 */
public record SdpAttribute(String name, String value) {
  /** An attribute without a value. */
  public static SdpAttribute flag(String name) {
    return new SdpAttribute(name, "");
  }

  @Override
  public String toString() {
    return value.isEmpty() ? "a=" + name : "a=" + name + ":" + value;
  }
}
