package dev.parley.base.store;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a unit has asked so far, for a unit that runs on the writer's thread: there it cannot wait.
 * Its run ends at a question without an answer, and the next run, which begins anew, comes further.
 * A short unit is run twice sooner than a thread is woken once.
 *
 * <p>Only what changes nothing is asked that way, so that the unit may still be run on its caller's
 * thread, where it asks again.
 */
final class GatherRecall {
  /** A unit with more questions is not a short one. */
  private static final int QUESTIONS_MAX = 2;

  private final Predicate<String> isQuestion;
  private final List<GatherStatement> answered = new ArrayList<>();
  private @Nullable GatherStatement pending;
  private int next;
  private boolean hopeless;

  /**
   * Nothing was asked yet.
   *
   * @param isQuestion whether a text changes nothing
   */
  GatherRecall(Predicate<String> isQuestion) {
    this.isQuestion = isQuestion;
  }

  /** A run begins, at the first question. */
  void rewind() {
    next = 0;
  }

  /** The statement with its answer; null when the run has to end there. */
  @Nullable GatherStatement answered(GatherStatement asked) {
    if (next < answered.size()) {
      var before = answered.get(next);
      if (before.equalsQuestion(asked)) {
        next++;
        return before;
      }
      // Something of it is new in each run, such as the time.
      hopeless = true;
    } else if (next < QUESTIONS_MAX && isQuestion.test(asked.sql())) {
      pending = asked;
    } else {
      hopeless = true;
    }
    return null;
  }

  /** It changes something that a question comes after, or asks too much: it needs a thread. */
  void giveUp() {
    hopeless = true;
  }

  boolean hopeless() {
    return hopeless;
  }

  /** The question that the last run has ended at; it will have its answer when this returns. */
  GatherStatement takePending() {
    var question = pending;
    if (question == null) {
      throw new IllegalStateException("No question was asked.");
    }
    pending = null;
    answered.add(question);
    return question;
  }
}
