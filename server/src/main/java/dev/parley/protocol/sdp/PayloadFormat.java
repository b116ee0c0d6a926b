package dev.parley.protocol.sdp;

import dev.parley.protocol.rtp.Codec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A payload type and what it stands for.
 *
 * @param parameters of {@code a=fmtp}; for {@link Codec#RED_AUDIO} the text under the empty name
 */
public record PayloadFormat(
    int payloadType,
    Codec codec,
    int clockRate,
    Map<String, String> parameters,
    Set<Feedback> feedback) {
  /** No retransmission stream. */
  public static final int NONE = -1;

  public PayloadFormat {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    feedback = Set.copyOf(feedback);
  }

  String parameter(String name, String otherwise) {
    return parameters.getOrDefault(name, otherwise);
  }

  /** The text of {@code a=fmtp}. */
  String parameterText() {
    return parameters.entrySet().stream()
        .map(entry ->
            entry.getKey().isEmpty() ? entry.getValue() : entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(";"));
  }
}
