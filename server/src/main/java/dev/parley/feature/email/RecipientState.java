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

  static RecipientState ofWord(String word) {
    for (var state : values()) {
      if (state.word.equals(word)) {
        return state;
      }
    }
    throw new IllegalStateException("A stored recipient has an unknown state.");
  }
}
