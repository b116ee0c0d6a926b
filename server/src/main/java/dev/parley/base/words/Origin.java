package dev.parley.base.words;

/**
 * Where a change came from, as the journal keeps it.
 *
 * @param actor raw id of a user, {@code key:PRIMARY}, {@code principal:<id>} or {@code
 *     service:<room>}
 * @param keySlot slot of the access key behind the call (for users: the key that issued the token),
 *     or empty text
 * @param requestId id of the HTTP request, or empty text for our own work
 */
public record Origin(String actor, String keySlot, String requestId) {
  /** Our own work: a due job or a durable hearer. */
  public static Origin service(String room) {
    return new Origin("service:" + room, "", "");
  }
}
