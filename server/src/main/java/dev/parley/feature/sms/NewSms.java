package dev.parley.feature.sms;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request to send, its shape checked.
 *
 * @param from a sender of the resource, or the name of a pool
 * @param report whether an event shall tell the end of each message
 * @param timeout how long to wait for that end; empty for the setting
 * @param priority 0 is the most urgent, 3 the least
 * @param origin empty for the API; the account name for what came through the SMPP server
 */
record NewSms(
    String from,
    List<Recipient> recipients,
    String message,
    boolean report,
    @Nullable String tag,
    Optional<Duration> timeout,
    int priority,
    String origin) {
  static final int PRIORITY_NORMAL = Urgency.NORMAL.priority();
  static final int PRIORITY_MAX = Urgency.BULK.priority();

  /**
   * One recipient; the repeatability members as the client wrote them.
   *
   * @param repeatId null when the client does not want its request to be repeatable
   */
  record Recipient(String to, @Nullable String repeatId, @Nullable String firstSent) {}
}
