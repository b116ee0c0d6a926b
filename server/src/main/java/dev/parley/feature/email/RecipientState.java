package dev.parley.feature.email;

/** What became of a recipient; all but the first are statuses of the delivery report's contract. */
public enum RecipientState {
  QUEUED("Queued"),
  DELIVERED("Delivered"),
  BOUNCED("Bounced"),
  FAILED("Failed"),
  FILTERED_SPAM("FilteredSpam"),
  QUARANTINED("Quarantined"),
  SUPPRESSED("Suppressed");

  private final String word;

  RecipientState(String word) {
    this.word = word;
  }

  /** The contract's word. */
  public String word() {
    return word;
  }

  /**
   * What a lasting refusal means, by its enhanced status code (RFC 3463): {@code 5.1.x} and a
   * mailbox that is closed are bounces, {@code 5.7.x} is a matter of policy, the rest failed.
   */
  public static RecipientState ofRefusal(String enhanced) {
    if (enhanced.startsWith("5.7.")) {
      return FILTERED_SPAM;
    }
    return enhanced.startsWith("5.1.") || enhanced.equals("5.2.1") ? BOUNCED : FAILED;
  }

  static RecipientState ofWord(String word) {
    for (var state : values()) {
      if (state.word.equals(word)) {
        return state;
      }
    }
    throw new IllegalStateException("A stored recipient has an unknown state.");
  }
}
