package dev.parley.protocol.sdp;

import java.util.Locale;
import java.util.Set;

/** The feedback that we know (RFC 4585 section 4.2 and its registry). */
public enum Feedback {
  NACK("nack"),
  PLI("nack pli"),
  FIR("ccm fir"),
  REMB("goog-remb"),
  TRANSPORT_CC("transport-cc");

  private final String text;

  Feedback(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  static void addTo(Set<Feedback> known, String text) {
    for (var feedback : values()) {
      if (feedback.text.equals(text.strip().toLowerCase(Locale.ROOT))) {
        known.add(feedback);
      }
    }
  }
}
