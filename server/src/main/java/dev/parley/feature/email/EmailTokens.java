package dev.parley.feature.email;

import dev.parley.base.kit.Sealer;
import dev.parley.base.kit.Secret;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Stores;
import dev.parley.base.words.ResourceId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Names one recipient of one message in addresses and links that leave the house, so that nobody
 * can make one up: 61 letters and digits of lower case, since mail servers may change the case.
 */
public final class EmailTokens {
  private static final ResourceId HOUSE = new ResourceId("house");
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int CONTENT = 33;
  private static final int MAC = 5;

  /** What a token is; all have this form. */
  public static final String FORM = "[a-z2-7]{61}";

  /** One recipient of one message. */
  public record Named(MessageKey key, int number) {}

  private final Stores stores;
  private final Sealer sealer;
  private final SecureRandom random;
  private volatile @Nullable Secret secret;

  EmailTokens(Stores stores, Sealer sealer, SecureRandom random) {
    this.stores = stores;
    this.sealer = sealer;
    this.random = random;
  }

  /** The token of a recipient for one use. */
  String token(String use, MessageKey key, int number) {
    var content =
        ByteBuffer.allocate(CONTENT + MAC)
            .put(bytes(key.resource().value()))
            .put(bytes(key.id()))
            .put((byte) number);
    content.put(mac(use, Arrays.copyOf(content.array(), CONTENT)));
    return base32(content.array());
  }

  /** Whom a token names; empty when it was not made here for that use. */
  public Optional<Named> named(String use, String token) {
    var lower = token.toLowerCase(Locale.ROOT);
    if (!lower.matches(FORM)) {
      return Optional.empty();
    }
    var bytes = unbase32(lower);
    if (!base32(bytes).equals(lower)) {
      // The last letter has bits to spare; a token has one form.
      return Optional.empty();
    }
    var content = Arrays.copyOf(bytes, CONTENT);
    var mac = Arrays.copyOfRange(bytes, CONTENT, CONTENT + MAC);
    if (!MessageDigest.isEqual(mac, mac(use, content))) {
      return Optional.empty();
    }
    var buffer = ByteBuffer.wrap(content);
    var resource = new UUID(buffer.getLong(), buffer.getLong()).toString();
    var id = new UUID(buffer.getLong(), buffer.getLong()).toString();
    return Optional.of(
        new Named(new MessageKey(new ResourceId(resource), id), buffer.get() & 0xff));
  }

  /** Proves that a link was put into a mail here. */
  String proof(String token, String link) {
    var text = (token + "\n" + link).getBytes(StandardCharsets.UTF_8);
    return base32(Arrays.copyOf(secret().hmacSha256(text), 15));
  }

  boolean proves(String token, String link, String proof) {
    return MessageDigest.isEqual(
        proof(token, link).getBytes(StandardCharsets.US_ASCII),
        proof.getBytes(StandardCharsets.UTF_8));
  }

  private byte[] mac(String use, byte[] content) {
    var text = ByteBuffer.allocate(content.length + use.length() + 1);
    text.put(use.getBytes(StandardCharsets.US_ASCII)).put((byte) 0).put(content);
    return Arrays.copyOf(secret().hmacSha256(text.array()), MAC);
  }

  private static byte[] bytes(String uuid) {
    var id = UUID.fromString(uuid);
    return ByteBuffer.allocate(16)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  private Secret secret() {
    var known = secret;
    if (known == null) {
      known = sealer.unseal(stored(), "email.tokens");
      secret = known;
    }
    return known;
  }

  /** Made once for all servers on the same data. */
  private String stored() {
    var fresh = sealer.seal(Secret.random(random, 32), "email.tokens");
    return stores
        .of(HOUSE)
        .write(
            new PartitionKey(HOUSE, "email-secret"),
            tx -> {
              tx.run(
                  "INSERT INTO email_secret (resource_id, name, sealed) VALUES (?, ?, ?)"
                      + " ON CONFLICT DO NOTHING",
                  HOUSE.value(),
                  "tokens",
                  fresh);
              return tx.one(
                      "SELECT sealed FROM email_secret WHERE resource_id = ? AND name = ?",
                      row -> row.text(1),
                      HOUSE.value(),
                      "tokens")
                  .orElse(fresh);
            });
  }

  private static String base32(byte[] bytes) {
    var text = new StringBuilder();
    var buffer = 0;
    var bits = 0;
    for (var next : bytes) {
      buffer = (buffer << 8) | (next & 0xff);
      bits += 8;
      while (bits >= 5) {
        text.append(ALPHABET.charAt((buffer >> (bits - 5)) & 31));
        bits -= 5;
      }
      buffer &= (1 << bits) - 1;
    }
    if (bits > 0) {
      text.append(ALPHABET.charAt((buffer << (5 - bits)) & 31));
    }
    return text.toString();
  }

  private static byte[] unbase32(String text) {
    var bytes = ByteBuffer.allocate(text.length() * 5 / 8);
    var buffer = 0;
    var bits = 0;
    for (var i = 0; i < text.length(); i++) {
      buffer = (buffer << 5) | ALPHABET.indexOf(text.charAt(i));
      bits += 5;
      if (bits >= 8) {
        bytes.put((byte) (buffer >> (bits - 8)));
        bits -= 8;
      }
      buffer &= (1 << bits) - 1;
    }
    return bytes.array();
  }
}
