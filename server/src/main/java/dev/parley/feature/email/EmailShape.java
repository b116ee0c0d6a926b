package dev.parley.feature.email;

import dev.parley.protocol.mime.MimeAddress;
import dev.parley.protocol.mime.MimeFile;
import dev.parley.protocol.mime.MimeWriter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What a message must look like before anybody thinks about sending it. */
final class EmailShape {
  private static final int SUBJECT_MAX = 998;
  private static final int NAME_MAX = 256;
  private static final int HEADERS_MAX = 50;
  private static final int HEADER_MAX = 4096;
  private static final int REPLY_TO_MAX = 10;
  private static final int ATTACHMENTS_MAX = 200;

  /** RFC 5322 field-name, as far as anybody uses it. */
  private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,126}");

  private static final Pattern MEDIA_TYPE =
      Pattern.compile("[\\w!#$&^.+-]{1,127}/[\\w!#$&^.+-]{1,127}(?: *; *[\\x20-\\x7e]{0,300})?");

  private static final Pattern CONTENT_ID = Pattern.compile("[^\\s<>\\p{Cntrl}]{1,256}");

  /** What the message itself says about its author, way and form. */
  private static final Set<String> OURS =
      Set.of(
          "from",
          "sender",
          "to",
          "cc",
          "bcc",
          "subject",
          "date",
          "message-id",
          "reply-to",
          "return-path",
          "received",
          "mime-version",
          "dkim-signature",
          "arc-seal",
          "arc-message-signature",
          "arc-authentication-results",
          "authentication-results");

  private EmailShape() {}

  /** Refuses what cannot be sent. */
  static void check(NewEmail email, EmailConfig config) {
    if (!Addresses.isAddress(email.sender())) {
      throw EmailProblems.badMember("senderAddress", "the sender is no address");
    }
    checkText("content.subject", email.subject(), SUBJECT_MAX);
    if (email.subject().isBlank()) {
      throw EmailProblems.badMember("content.subject", "the subject is empty");
    }
    if (email.plainText().isEmpty() && email.html().isEmpty()) {
      throw EmailProblems.badMember("content", "neither plain text nor HTML");
    }
    checkAddresses("recipients.to", email.to());
    checkAddresses("recipients.cc", email.cc());
    checkAddresses("recipients.bcc", email.bcc());
    checkAddresses("replyTo", email.replyTo());
    var recipients = email.to().size() + email.cc().size() + email.bcc().size();
    if (recipients == 0) {
      throw EmailProblems.badMember("recipients", "nobody to send to");
    }
    if (recipients > config.recipientsMax() || email.replyTo().size() > REPLY_TO_MAX) {
      throw EmailProblems.tooManyRecipients(config.recipientsMax());
    }
    email.headers().forEach(EmailShape::checkHeader);
    if (email.headers().size() > HEADERS_MAX) {
      throw EmailProblems.badMember("headers", "more than " + HEADERS_MAX);
    }
    email.files().forEach(EmailShape::checkFile);
    if (email.files().size() > ATTACHMENTS_MAX) {
      throw EmailProblems.badMember("attachments", "more than " + ATTACHMENTS_MAX);
    }
  }

  private static void checkAddresses(String member, List<MimeAddress> addresses) {
    for (var address : addresses) {
      if (!Addresses.isAddress(address.address())) {
        throw EmailProblems.badAddress(member, shown(address.address()));
      }
      checkText(member, address.name(), NAME_MAX);
    }
  }

  private static void checkHeader(String name, String value) {
    var lower = name.toLowerCase(Locale.ROOT);
    if (!HEADER_NAME.matcher(name).matches()
        || OURS.contains(lower)
        || lower.startsWith("content-")) {
      throw EmailProblems.badMember("headers", "a header that may not be set: " + shown(name));
    }
    checkText("headers", value, HEADER_MAX);
  }

  private static void checkFile(MimeFile file) {
    checkText("attachments", file.name(), NAME_MAX);
    if (file.name().isBlank()
        || !MEDIA_TYPE.matcher(file.mediaType()).matches()
        || !MimeWriter.isMediaType(file.mediaType())) {
      throw EmailProblems.badMember("attachments", "a file without a name or media type");
    }
    if (!file.contentId().isEmpty() && !CONTENT_ID.matcher(file.contentId()).matches()) {
      throw EmailProblems.badMember("attachments", "a content id with blanks or angle brackets");
    }
  }

  /** A line break here would begin a header of the caller's own. */
  private static void checkText(String member, String text, int max) {
    if (text.length() > max
        || text.codePoints().anyMatch(c -> Character.isISOControl(c) && c != '\t')) {
      throw EmailProblems.badMember(member, "too long, or with control characters");
    }
  }

  private static String shown(String text) {
    var visible = text.replaceAll("\\p{Cntrl}", "?");
    return visible.length() > 100 ? visible.substring(0, 100) + "..." : visible;
  }

  /** About how many bytes the message has when it is written. */
  static int writtenBytes(NewEmail email) {
    // Base64 in lines of 76 characters and a line break.
    var files =
        email.files().stream().mapToLong(file -> (file.content().size() + 2) / 3 * 4 * 78 / 76);
    var texts = 2L * (email.plainText().length() + email.html().length());
    return (int) Math.min(1 << 30, files.sum() + texts + 4096);
  }
}
