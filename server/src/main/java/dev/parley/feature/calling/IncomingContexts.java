package dev.parley.feature.calling;

import dev.parley.base.kit.Json;
import dev.parley.base.kit.Sealer;
import dev.parley.base.kit.Secret;
import dev.parley.base.words.ResourceId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * The {@code incomingCallContext} of the event IncomingCall: authenticated under the master key and
 * bound to its resource, so that only who got the event can act on the call.
 */
final class IncomingContexts {
  private static final String PURPOSE = "calling.incoming-call-context/";
  private static final int CHARACTERS_MAX = 4096;

  /** What a context says. */
  record Incoming(String callId, String ringId, String callee, Instant until) {}

  private final Sealer sealer;

  IncomingContexts(Sealer sealer) {
    this.sealer = sealer;
  }

  String of(Call.Place place, String ringId, String callee, Instant until) {
    var said = Json.bytes(new Incoming(place.callId(), ringId, callee, until));
    return sealer.seal(Secret.of(said), PURPOSE + place.resource().value());
  }

  /** Reads one that came back; refuses what this server has not made for the resource. */
  Incoming read(ResourceId resource, String context, Instant now) {
    Incoming incoming;
    try {
      if (context.length() > CHARACTERS_MAX) {
        throw new IllegalStateException("too long");
      }
      var said = sealer.unseal(context, PURPOSE + resource.value()).reveal();
      incoming = Json.read(new String(said, StandardCharsets.UTF_8), Incoming.class);
    } catch (IllegalStateException | IllegalArgumentException | NegativeArraySizeException e) {
      throw CallProblem.malformed("The incomingCallContext is not valid.");
    }
    if (!now.isBefore(incoming.until())) {
      throw CallProblem.conflict("The call does not ring any more.");
    }
    return incoming;
  }
}
