package dev.parley.feature.sms.carrier;

import dev.parley.protocol.sms.Concatenation;
import java.util.Optional;

/**
 * A message, or one segment of it, that a handset sent to one of our numbers.
 *
 * @param from E.164 with its plus, a short code, or a name
 * @param to one of our numbers
 * @param text UTF-16 as it came; half an emoji may stand at its ends when it is a segment
 * @param place which segment of which message; empty for a whole message
 */
public record InboundSegment(String from, String to, String text, Optional<Concatenation> place) {}
