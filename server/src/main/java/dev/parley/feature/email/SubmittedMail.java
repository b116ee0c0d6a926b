package dev.parley.feature.email;

/**
 * A message that its sender has written whole, with CRLF; header and body are apart, so that a
 * large one is in memory once.
 *
 * @param header with the empty line behind it
 * @param message whose body begins at {@code bodyFrom}
 * @param hasId whether the header holds a Message-ID
 * @param hasDate whether the header holds a Date
 */
public record SubmittedMail(
    byte[] header, byte[] message, int bodyFrom, boolean hasId, boolean hasDate) {}
