package dev.parley.feature.media;

import dev.parley.base.kit.Json;
import dev.parley.base.kit.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** Writes tickets and reads them back: their text under HMAC-SHA256, cut to 128 bits. */
final class Tickets {
  private static final int TAG_BYTES = 16;
  private static final int CHARACTERS_MAX = 1_000;
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  private final Secret secret;
  private final InstantSource clock;

  Tickets(Secret secret, InstantSource clock) {
    this.secret = secret;
    this.clock = clock;
  }

  String write(Ticket ticket) {
    var body = ENCODER.encodeToString(Json.bytes(ticket));
    return body + "." + ENCODER.encodeToString(tag(body));
  }

  /** A ticket that we wrote, expired or not; empty for anything else. */
  Optional<Ticket> readSigned(String text) {
    var dot = text.indexOf('.');
    if (dot < 0 || text.length() > CHARACTERS_MAX) {
      return Optional.empty();
    }
    try {
      var body = text.substring(0, dot);
      if (!MessageDigest.isEqual(tag(body), DECODER.decode(text.substring(dot + 1)))) {
        return Optional.empty();
      }
      return Optional.of(Json.parse(DECODER.decode(body), Ticket.class));
    } catch (IllegalArgumentException | IOException _) {
      return Optional.empty();
    }
  }

  /** A ticket that is good now. */
  Optional<Ticket> read(String text) {
    return readSigned(text).filter(ticket -> ticket.expires() > clock.instant().getEpochSecond());
  }

  private byte[] tag(String body) {
    return Arrays.copyOf(secret.hmacSha256(body.getBytes(StandardCharsets.US_ASCII)), TAG_BYTES);
  }
}
