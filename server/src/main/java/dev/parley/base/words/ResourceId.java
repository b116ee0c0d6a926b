package dev.parley.base.words;

/**
 * The immutable id of a communication resource: a lower-case GUID, the first part of every user id
 * made in it.
 */
public record ResourceId(String value) {
  /** The house itself, where no resource is meant: rows of the server as a whole. */
  public static final ResourceId HOUSE = new ResourceId("house");

  @Override
  public String toString() {
    return value;
  }
}
