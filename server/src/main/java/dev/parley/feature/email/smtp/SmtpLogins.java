package dev.parley.feature.email.smtp;

import java.util.Optional;

/** Knows who may submit. */
@FunctionalInterface
public interface SmtpLogins {
  /** Who has that name and password; takes about as long for those who have not. */
  Optional<SmtpLogin> login(String user, byte[] password);
}
