package dev.parley.protocol.mime;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A message as a reader shows it.
 *
 * @param headers in their order, decoded
 * @param authors of the field From
 * @param senders of the field Sender, who sent it for the authors
 * @param plainText or empty text
 * @param html or empty text
 * @param attachments everything that is no text of the message, inline pictures included
 */
public record MimeMail(
    List<Header> headers,
    List<MimeAddress> authors,
    List<MimeAddress> senders,
    List<MimeAddress> to,
    List<MimeAddress> cc,
    String subject,
    String plainText,
    String html,
    List<MimeAttachment> attachments) {
  /** One header field. */
  public record Header(String name, String value) {}

  /** The first author, or an empty address. */
  public MimeAddress from() {
    return authors.isEmpty() ? new MimeAddress("", "") : authors.getFirst();
  }

  /** Everybody that readers may take for who sent it. */
  public List<MimeAddress> shownAsSenders() {
    return Stream.concat(authors.stream(), senders.stream()).toList();
  }

  /** The first header of a name. */
  public Optional<String> header(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst();
  }
}
