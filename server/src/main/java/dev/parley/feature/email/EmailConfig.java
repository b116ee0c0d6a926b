package dev.parley.feature.email;

import dev.parley.base.kit.Settings;
import java.time.Duration;

/**
 * Settings of email.
 *
 * @param retryAfter what a client is told to wait between two looks at a send operation
 * @param recipientsMax of one message
 * @param requestBytesMax of one request, attachments as base64 included
 * @param managedDomain suffix of domains that Parley manages itself; empty text for none
 * @param seeds whether every resource gets a Parley-managed, linked domain by itself
 * @param listUnsubscribe whether mails say how to leave, with a page of this server (RFC 8058)
 * @param bounceDomain domain of the return paths, whose mail comes to this server; empty text to
 *     have bounces go to the senders
 * @param statusKept how long an operation is remembered
 */
public record EmailConfig(
    Duration retryAfter,
    int recipientsMax,
    int requestBytesMax,
    String managedDomain,
    boolean seeds,
    boolean listUnsubscribe,
    String bounceDomain,
    Duration statusKept) {
  /** Reads the settings; {@code developer} chooses the defaults. */
  public static EmailConfig of(Settings settings, boolean developer) {
    return new EmailConfig(
        settings.duration(
            "email.retry-after",
            Duration.ofSeconds(developer ? 1 : 20),
            "What clients are told to wait before they look at a send operation again; ACS says 20s."),
        settings.number("email.recipients-max", 50, 1, 250, "Recipients of one email, at most."),
        settings.number(
            "email.request-bytes-max",
            10 << 20,
            1 << 10,
            64 << 20,
            "Largest email, attachments as base64 included, bytes."),
        settings.text(
            "email.managed-domain",
            developer ? "mail.localhost" : "",
            "Suffix of the domains that Parley manages itself (AzureManagedDomain); empty for none."),
        developer,
        settings.flag(
            "email.list-unsubscribe",
            false,
            "Whether every email says how to leave the list with one click, on a page of this server."),
        settings.text(
            "email.bounce-domain",
            "",
            "Domain of return paths, whose MX is this server, so that late bounces and complaints come back; empty for the sender's own address."),
        settings.duration(
            "email.status-kept",
            Duration.ofHours(24),
            "How long the state of a send operation, and who got the message, can be asked for."));
  }
}
