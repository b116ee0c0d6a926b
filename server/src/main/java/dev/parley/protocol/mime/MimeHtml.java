package dev.parley.protocol.mime;

import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimePart;
import jakarta.mail.util.SharedByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.UnaryOperator;

/** Changes the HTML texts of a message that is written already. */
public final class MimeHtml {
  private static final int DEPTH_MAX = 20;

  private MimeHtml() {}

  /** Keeps the Message-ID, which a change would otherwise make anew. */
  private static final class Changed extends MimeMessage {
    Changed(byte[] raw) throws MessagingException {
      // Shared: the parts are read where they are.
      super(MimeWriter.SESSION, new SharedByteArrayInputStream(raw));
    }

    @Override
    protected void updateMessageID() {
      // It stays.
    }
  }

  /** The message with every HTML text changed; as it was when it holds none, or cannot be read. */
  public static byte[] rewritten(byte[] raw, UnaryOperator<String> change) {
    try {
      var message = new Changed(raw);
      if (!rewrite(message, change, 0)) {
        return raw;
      }
      message.saveChanges();
      var out = new ByteArrayOutputStream(raw.length + 4096);
      message.writeTo(out);
      return out.toByteArray();
    } catch (MessagingException | IOException _) {
      return raw;
    }
  }

  private static boolean rewrite(MimePart part, UnaryOperator<String> change, int depth)
      throws MessagingException, IOException {
    var changed = false;
    if (depth < DEPTH_MAX
        && part.isMimeType("multipart/*")
        && part.getContent() instanceof Multipart inside) {
      for (var i = 0; i < inside.getCount(); i++) {
        if (inside.getBodyPart(i) instanceof MimeBodyPart body) {
          changed |= rewrite(body, change, depth + 1);
        }
      }
    } else if (part.isMimeType("text/html")
        && !Part.ATTACHMENT.equalsIgnoreCase(part.getDisposition())
        && part.getContent() instanceof String html) {
      part.removeHeader("Content-Transfer-Encoding");
      part.setText(change.apply(html), "UTF-8", "html");
      changed = true;
    }
    return changed;
  }
}
