package dev.parley;

import dev.parley.base.kit.Settings;
import dev.parley.feature.email.EmailConfig;
import dev.parley.feature.email.delivery.DeliveryConfig;
import dev.parley.feature.email.delivery.RelayConfig;
import dev.parley.feature.email.dns.DnsConfig;
import dev.parley.feature.email.mailbox.MailboxConfig;
import dev.parley.feature.email.smtp.SmtpConfig;

/** The settings of the rooms that email is made of. */
record EmailConfigs(
    EmailConfig core,
    DeliveryConfig delivery,
    RelayConfig relay,
    DnsConfig dns,
    MailboxConfig mailbox,
    SmtpConfig smtp) {
  static EmailConfigs of(Settings settings, boolean developer) {
    return new EmailConfigs(
        EmailConfig.of(settings, developer),
        DeliveryConfig.of(settings, developer),
        RelayConfig.of(settings),
        DnsConfig.of(settings),
        MailboxConfig.of(settings, developer),
        SmtpConfig.of(settings, developer));
  }
}
