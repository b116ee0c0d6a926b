package dev.parley.feature.sms;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ids in the service's form, {@code Outgoing_<yyyyMMddHHmmss><guid>}. The guid is one of version 7
 * with a counter behind its milliseconds, so that the texts of one process rise with time: rows end
 * up side by side, and what is older than a day is a range.
 */
final class MessageIds {
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss").withZone(ZoneOffset.UTC);

  private final SecureRandom random;
  private final AtomicInteger counter = new AtomicInteger();

  MessageIds(SecureRandom random) {
    this.random = random;
  }

  String outgoing(Instant now) {
    return "Outgoing_" + rest(now);
  }

  String incoming(Instant now) {
    return "Incoming_" + rest(now);
  }

  /** Every outgoing id of an earlier second is less than this. */
  static String outgoingBefore(Instant instant) {
    return "Outgoing_" + SECOND.format(instant);
  }

  static String incomingBefore(Instant instant) {
    return "Incoming_" + SECOND.format(instant);
  }

  private String rest(Instant now) {
    var millis = now.toEpochMilli();
    var high = (millis << 16) | 0x7000L | (counter.getAndIncrement() & 0xFFF);
    var low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return SECOND.format(now) + new UUID(high, low);
  }
}
