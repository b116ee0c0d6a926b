package dev.parley.base.words;

/** A chat thread, {@code 19:acsV1_<base64url>@thread.v2}. */
public record ThreadId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
