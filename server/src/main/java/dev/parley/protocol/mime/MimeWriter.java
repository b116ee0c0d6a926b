package dev.parley.protocol.mime;

import jakarta.activation.DataHandler;
import jakarta.activation.DataSource;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import jakarta.mail.internet.ParseException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.List;
import java.util.Properties;

/**
 * Writes drafts: mixed around related around alternative, each only where there is need of it, with
 * CRLF and lines that every server takes.
 */
public final class MimeWriter {
  /** Where Angus Mail looks first; without it every message searches all jars for a provider. */
  private static final String STREAMS = "jakarta.mail.util.StreamProvider";

  static final Session SESSION = session();

  private MimeWriter() {}

  private static Session session() {
    if (System.getProperty(STREAMS) == null) {
      System.setProperty(STREAMS, "org.eclipse.angus.mail.util.MailStreamProvider");
    }
    return Session.getInstance(properties());
  }

  private static Properties properties() {
    var properties = new Properties();
    properties.setProperty("mail.mime.allowutf8", "true");
    properties.setProperty("mail.mime.address.strict", "false");
    return properties;
  }

  /** A message that keeps the id it was given. */
  private static final class Written extends MimeMessage {
    private final String id;

    Written(String id) {
      super(SESSION);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", "<" + id + ">");
    }
  }

  /** What a file holds, read as often as it is asked for. */
  private record Content(MimeFile file) implements DataSource {
    @Override
    public InputStream getInputStream() throws IOException {
      return file.content().open();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      throw new IOException("Nothing is written here.");
    }

    @Override
    public String getContentType() {
      return carriedAs(file.mediaType());
    }

    @Override
    public String getName() {
      return file.name();
    }
  }

  /** Whether a file can have that media type, with its parameters. */
  public static boolean isMediaType(String text) {
    try {
      return !new ContentType(text).match("multipart/*");
    } catch (ParseException _) {
      return false;
    }
  }

  /** Writes the whole message. */
  public static void write(MimeDraft draft, OutputStream out) throws IOException {
    try {
      var message = new Written(draft.messageId());
      message.setFrom(address(draft.from()));
      message.setRecipients(RecipientType.TO, addresses(draft.to()));
      message.setRecipients(RecipientType.CC, addresses(draft.cc()));
      if (!draft.replyTo().isEmpty()) {
        message.setReplyTo(addresses(draft.replyTo()));
      }
      message.setSubject(draft.subject(), "UTF-8");
      message.setSentDate(Date.from(draft.date()));
      for (var header : draft.headers().entrySet()) {
        message.setHeader(header.getKey(), folded(header.getKey(), header.getValue()));
      }
      body(message, draft);
      message.saveChanges();
      message.writeTo(out);
    } catch (MessagingException e) {
      throw new IOException("The message cannot be written.", e);
    }
  }

  private static String folded(String name, String value) throws UnsupportedEncodingException {
    return MimeUtility.fold(name.length() + 2, MimeUtility.encodeText(value, "UTF-8", null));
  }

  private static void body(MimeMessage message, MimeDraft draft) throws MessagingException {
    var files = draft.files().stream().filter(file -> file.contentId().isEmpty()).toList();
    if (files.isEmpty()) {
      related(message, draft);
      return;
    }
    var mixed = new MimeMultipart("mixed");
    var text = new MimeBodyPart();
    related(text, draft);
    mixed.addBodyPart(text);
    for (var file : files) {
      mixed.addBodyPart(file(file));
    }
    message.setContent(mixed);
  }

  private static void related(Part part, MimeDraft draft) throws MessagingException {
    var inline = draft.files().stream().filter(file -> !file.contentId().isEmpty()).toList();
    if (inline.isEmpty()) {
      alternative(part, draft);
      return;
    }
    var related = new MimeMultipart("related");
    var text = new MimeBodyPart();
    alternative(text, draft);
    related.addBodyPart(text);
    for (var file : inline) {
      related.addBodyPart(file(file));
    }
    part.setContent(related);
  }

  private static void alternative(Part part, MimeDraft draft) throws MessagingException {
    if (draft.html().isEmpty() || draft.plainText().isEmpty()) {
      var html = !draft.html().isEmpty();
      text(part, html ? draft.html() : draft.plainText(), html ? "html" : "plain");
      return;
    }
    var alternative = new MimeMultipart("alternative");
    var plain = new MimeBodyPart();
    text(plain, draft.plainText(), "plain");
    var html = new MimeBodyPart();
    text(html, draft.html(), "html");
    alternative.addBodyPart(plain);
    alternative.addBodyPart(html);
    part.setContent(alternative);
  }

  /**
   * Lines of a message end with CR and LF, however the caller writes them; signatures cover that.
   */
  private static void text(Part part, String given, String subtype) throws MessagingException {
    var text = given.replaceAll("\r\n|\r|\n", "\r\n");
    switch (part) {
      case MimeMessage message -> message.setText(text, "UTF-8", subtype);
      case MimeBodyPart body -> body.setText(text, "UTF-8", subtype);
      default -> throw new IllegalStateException("No part of ours: " + part.getClass());
    }
  }

  /** Messages may not be base64 (RFC 2046 section 5.2.1), so one goes along as plain bytes. */
  private static String carriedAs(String mediaType) {
    return mediaType.regionMatches(true, 0, "message/", 0, 8)
        ? "application/octet-stream"
        : mediaType;
  }

  private static MimeBodyPart file(MimeFile file) throws MessagingException {
    var part = new MimeBodyPart();
    part.setDataHandler(new DataHandler(new Content(file)));
    part.setFileName(file.name());
    part.setHeader("Content-Transfer-Encoding", "base64");
    if (file.contentId().isEmpty()) {
      part.setDisposition(Part.ATTACHMENT);
    } else {
      part.setContentID("<" + file.contentId() + ">");
      part.setDisposition(Part.INLINE);
    }
    return part;
  }

  private static InternetAddress address(MimeAddress address) {
    try {
      var written = new InternetAddress();
      written.setAddress(address.address());
      if (!address.name().isEmpty()) {
        written.setPersonal(address.name(), StandardCharsets.UTF_8.name());
      }
      return written;
    } catch (UnsupportedEncodingException e) {
      throw new IllegalStateException("Every Java platform has UTF-8.", e);
    }
  }

  private static InternetAddress[] addresses(List<MimeAddress> addresses) {
    return addresses.stream().map(MimeWriter::address).toArray(InternetAddress[]::new);
  }
}
