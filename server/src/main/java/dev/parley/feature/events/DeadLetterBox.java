package dev.parley.feature.events;

import java.io.IOException;
import java.util.List;

/** Where dead letters lie. A folder of files is one; object storage fits here. */
interface DeadLetterBox {
  /**
   * Writes a dead letter durably; again without harm.
   *
   * @return where it lies, for {@link #erase}
   */
  String write(Subscription subscription, DeadLetter letter) throws IOException;

  /** Takes the content out of some; ids stay. Those that are gone already are passed by. */
  void erase(List<String> places) throws IOException;

  /** Whether one holds the text; one that is gone does not. */
  boolean mentions(String place, String text) throws IOException;

  /** Takes some away. */
  void delete(List<String> places) throws IOException;
}
