package dev.parley.feature.email.mailbox;

import dev.parley.base.words.Refusal;

/** Every refusal of the mailbox for tests. */
final class MailboxProblems {
  private MailboxProblems() {}

  static Refusal notFound(String id) {
    return Refusal.of(404, "NotFound", "There is no such mail.").because("no mail " + id);
  }

  static Refusal badParameter(String name, String what) {
    return Refusal.of(400, "BadRequest", "The parameter '" + name + "' must be " + what + ".")
        .about(name);
  }

  static Refusal badRule() {
    return Refusal.of(
        400,
        "BadRequest",
        "A rule has a pattern of an address, with * for any text, and one of the known outcomes.");
  }

  static Refusal tooManyRules(int max) {
    return Refusal.of(409, "Conflict", "There are at most " + max + " rules.");
  }
}
