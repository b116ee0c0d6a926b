package dev.parley.feature.email.smtp;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** What a kind of SMTP listener lets in, and does with it. */
interface SmtpDesk {
  /**
   * A transaction that is being put together. {@code user} is who logged in, where somebody has to.
   */
  record Envelope(Optional<SmtpLogin> user, String from, List<String> to) {}

  /** Whether clients must log in, over TLS. */
  boolean wantsLogin();

  /** Who has that name and password. */
  Optional<SmtpLogin> login(String user, byte[] password, InetAddress from);

  /** Refuses a sender, or not: an answer of 5yz or 4yz, or empty text. */
  String refuseSender(Optional<SmtpLogin> user, String from);

  /** Refuses a recipient, or not. */
  String refuseRecipient(Envelope envelope, String to);

  /** How much of a message it looks at. */
  int keptBytesMax();

  /**
   * Takes a message, or as much of it as it looks at; the whole answer. What it answers with 250 is
   * durable.
   */
  String take(Envelope envelope, byte[] message);
}
