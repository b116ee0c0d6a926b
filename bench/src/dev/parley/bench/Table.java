package dev.parley.bench;

import java.util.ArrayList;
import java.util.List;

/** Figures as they come, printed again as one table at the end. */
final class Table {
  private final List<String[]> rows = new ArrayList<>();

  /** Adds a row and shows it at once, since a run takes minutes. */
  void row(String what, String figure, String goal, String verdict) {
    rows.add(new String[] {what, figure, goal, verdict});
    System.out.println(what + ": " + figure + (goal.isEmpty() ? "" : "  (" + goal + ": " + verdict + ")"));
  }

  void print() {
    System.out.println("\n| what | figure | goal | |\n|---|---|---|---|");
    for (var row : rows) {
      System.out.println("| " + String.join(" | ", row) + " |");
    }
  }
}
