package dev.parley.base.words;

/** A room, {@code 99} and fifteen more digits. */
public record RoomId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
