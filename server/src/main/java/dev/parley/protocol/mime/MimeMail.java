package dev.parley.protocol.mime;

import java.util.List;
import java.util.Optional;

/**
 * A message as a reader shows it.
 *
 * @param headers in their order, decoded
 * @param from the first author, or an empty address
 * @param plainText or empty text
 * @param html or empty text
 * @param attachments everything that is no text of the message, inline pictures included
 */
public record MimeMail(
    List<Header> headers,
    MimeAddress from,
    List<MimeAddress> to,
    List<MimeAddress> cc,
    String subject,
    String plainText,
    String html,
    List<MimeAttachment> attachments) {
  /** One header field. */
  public record Header(String name, String value) {}

  /** The first header of a name. */
  public Optional<String> header(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst();
  }
}
