package dev.parley.feature.sms;

import java.time.Instant;

/** A message as a handset got it. */
record HandsetMessage(
    String id, String from, String to, String body, int segments, Instant receivedAt) {}
