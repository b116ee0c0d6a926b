package dev.parley.protocol.mime;

/**
 * A mailbox.
 *
 * @param address {@code local@domain}, possibly with letters beyond ASCII
 * @param name display name, or empty text
 */
public record MimeAddress(String address, String name) {
  @Override
  public String toString() {
    return name.isEmpty() ? address : name + " <" + address + ">";
  }
}
