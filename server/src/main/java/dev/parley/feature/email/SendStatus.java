package dev.parley.feature.email;

/** States of a send operation, in the contract's words. */
enum SendStatus {
  RUNNING("Running"),
  SUCCEEDED("Succeeded"),
  FAILED("Failed");

  private final String word;

  SendStatus(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }

  static SendStatus ofWord(String word) {
    for (var status : values()) {
      if (status.word.equals(word)) {
        return status;
      }
    }
    throw new IllegalStateException("A stored operation has an unknown status.");
  }
}
