package dev.parley.protocol.mime;

import jakarta.mail.Header;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimePart;
import jakarta.mail.internet.MimeUtility;
import jakarta.mail.util.SharedByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UnsupportedEncodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages of any origin; what is broken is shown as well as it can be, and nothing is thrown
 * for it.
 */
public final class MimeReader {
  /** Parts and nesting beyond these are not looked at. */
  private static final int PARTS_MAX = 500;

  private static final int DEPTH_MAX = 20;

  private final List<MimeAttachment> attachments = new ArrayList<>();
  private final StringBuilder plain = new StringBuilder();
  private final StringBuilder html = new StringBuilder();
  private int parts;

  private MimeReader() {}

  /** Reads a whole message. */
  public static MimeMail read(byte[] raw) {
    return read(raw, true);
  }

  /** Reads the header alone, however long the rest is; the texts are empty. */
  public static MimeMail readHeader(byte[] raw) {
    return read(raw, false);
  }

  private static MimeMail read(byte[] raw, boolean whole) {
    try {
      var length = whole ? raw.length : MimeHead.length(raw);
      var message =
          new MimeMessage(MimeWriter.SESSION, new SharedByteArrayInputStream(raw, 0, length));
      var reader = new MimeReader();
      if (whole) {
        reader.part(message, 0);
      }
      return new MimeMail(
          headers(message),
          addresses(message.getHeader("From", ",")),
          addresses(message.getHeader("Sender", ",")),
          addresses(message.getHeader(RecipientType.TO.toString(), ",")),
          addresses(message.getHeader(RecipientType.CC.toString(), ",")),
          decoded(message.getHeader("Subject", null)),
          reader.plain.toString(),
          reader.html.toString(),
          List.copyOf(reader.attachments));
    } catch (MessagingException | IOException _) {
      var text = new String(raw, StandardCharsets.UTF_8);
      return new MimeMail(
          List.of(), List.of(), List.of(), List.of(), List.of(), "", text, "", List.of());
    }
  }

  private void part(MimePart part, int depth) throws MessagingException, IOException {
    if (++parts > PARTS_MAX || depth > DEPTH_MAX) {
      return;
    }
    if (part.isMimeType("multipart/*") && part.getContent() instanceof Multipart inside) {
      for (var i = 0; i < inside.getCount(); i++) {
        if (inside.getBodyPart(i) instanceof MimeBodyPart body) {
          part(body, depth + 1);
        }
      }
      return;
    }
    var isFile = Part.ATTACHMENT.equalsIgnoreCase(part.getDisposition());
    var name = part.getFileName();
    if (!isFile && name == null && part.isMimeType("text/plain")) {
      plain.append(text(part));
    } else if (!isFile && name == null && part.isMimeType("text/html")) {
      html.append(text(part));
    } else {
      attachments.add(attachment(part, name));
    }
  }

  private static MimeAttachment attachment(MimePart part, @Nullable String name)
      throws MessagingException {
    var id = part.getContentID();
    return new MimeAttachment(
        name == null ? "" : decoded(name),
        mediaType(part),
        id == null ? "" : id.replaceAll("^<|>$", ""),
        bytes(part));
  }

  private static String mediaType(MimePart part) throws MessagingException {
    var type = part.getContentType();
    var semicolon = type.indexOf(';');
    return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
  }

  private static String text(MimePart part) throws MessagingException {
    Charset charset;
    try {
      var named = new ContentType(part.getContentType()).getParameter("charset");
      charset =
          named == null ? StandardCharsets.UTF_8 : Charset.forName(MimeUtility.javaCharset(named));
    } catch (MessagingException | IllegalCharsetNameException | UnsupportedCharsetException _) {
      charset = StandardCharsets.UTF_8;
    }
    return new String(bytes(part), charset);
  }

  private static byte[] bytes(MimePart part) throws MessagingException {
    try (InputStream in = part.getInputStream()) {
      return in.readAllBytes();
    } catch (IOException _) {
      // A broken transfer encoding: what stands there is better than nothing.
      try (InputStream in = raw(part)) {
        return in.readAllBytes();
      } catch (IOException _) {
        return new byte[0];
      }
    }
  }

  private static InputStream raw(MimePart part) throws MessagingException {
    return switch (part) {
      case MimeMessage message -> message.getRawInputStream();
      case MimeBodyPart body -> body.getRawInputStream();
      default -> InputStream.nullInputStream();
    };
  }

  private static List<MimeMail.Header> headers(MimeMessage message) throws MessagingException {
    var headers = new ArrayList<MimeMail.Header>();
    for (var all = message.getAllHeaders(); all.hasMoreElements(); ) {
      Header header = all.nextElement();
      headers.add(new MimeMail.Header(header.getName(), decoded(header.getValue())));
    }
    return List.copyOf(headers);
  }

  private static List<MimeAddress> addresses(@Nullable String header) {
    if (header == null) {
      return List.of();
    }
    try {
      return Arrays.stream(InternetAddress.parseHeader(header, false))
          .map(address -> new MimeAddress(text(address.getAddress()), text(address.getPersonal())))
          .toList();
    } catch (AddressException _) {
      return List.of(new MimeAddress(decoded(header), ""));
    }
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static String decoded(@Nullable String header) {
    if (header == null) {
      return "";
    }
    try {
      return MimeUtility.decodeText(MimeUtility.unfold(header));
    } catch (UnsupportedEncodingException _) {
      return header;
    }
  }
}
