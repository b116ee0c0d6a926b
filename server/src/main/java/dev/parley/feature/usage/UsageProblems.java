package dev.parley.feature.usage;

import dev.parley.base.words.Refusal;

/** Every refusal of this room. */
final class UsageProblems {
  private UsageProblems() {}

  static Refusal badDay(String parameter) {
    return Refusal.of(400, "BadRequest", parameter + " must be a day such as 2026-11-30.")
        .about(parameter);
  }

  static Refusal badPosition() {
    return Refusal.of(400, "BadRequest", "The paging link is not valid.").about("after");
  }

  static Refusal foreignResource() {
    return Refusal.of(403, "Forbidden", "An access key shows the usage of its own resource only.")
        .about("resource");
  }
}
