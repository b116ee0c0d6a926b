package dev.parley.feature.email.mailbox;

import dev.parley.base.kit.Settings;
import java.time.Duration;

/**
 * Settings of the mailbox for tests.
 *
 * @param captures whether mail goes into the mailbox instead of out
 * @param kept how long a captured mail stays
 * @param mailsMax of one resource; the oldest make room
 * @param domain of the address that {@code ACS_EMAIL_TO} names; every other address works as well
 */
public record MailboxConfig(boolean captures, Duration kept, int mailsMax, String domain) {
  /**
   * Reads the settings; {@code developer} chooses the defaults, and production captures nothing.
   */
  public static MailboxConfig of(Settings settings, boolean developer) {
    var captures =
        settings.flag(
            "email.capture",
            developer,
            "Whether mail goes into the mailbox for tests instead of out; production never captures.");
    return new MailboxConfig(
        captures && developer,
        settings.duration(
            "email.mailbox-kept", Duration.ofDays(7), "How long a captured mail stays readable."),
        settings.number(
            "email.mailbox-mails-max",
            10_000,
            1,
            1_000_000,
            "Captured mails of one resource; the oldest make room."),
        settings.text(
            "email.mailbox-domain",
            "mailbox.localhost",
            "Domain of the address that ACS_EMAIL_TO names; mail to every other address is captured too."));
  }
}
