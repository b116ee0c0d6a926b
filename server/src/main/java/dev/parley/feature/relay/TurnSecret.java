package dev.parley.feature.relay;

import dev.parley.base.kit.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What Parley and its relays share. A credential is made from it and checked with it, so that the
 * relay need not be told of users: the TURN REST form ({@code draft-uberti-behave-turn-rest-00})
 * which coturn calls {@code use-auth-secret}.
 */
final class TurnSecret {
  private static final String ALGORITHM = "HmacSHA1";

  private final Secret secret;

  /** A secret of the text's bytes, as coturn reads it from its configuration. */
  TurnSecret(Secret secret) {
    this.secret = secret;
  }

  /** One that follows from a key, for those who set none. */
  static TurnSecret derived(Secret key) {
    var bytes = key.hmacSha256("relay\nturn secret".getBytes(StandardCharsets.US_ASCII));
    var text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    return new TurnSecret(Secret.of(text.getBytes(StandardCharsets.US_ASCII)));
  }

  static String username(Instant expiresOn, String name) {
    return expiresOn.getEpochSecond() + ":" + name;
  }

  /** The password that goes with a user name. */
  String credential(String username) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.reveal(), ALGORITHM));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(username.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has " + ALGORITHM + ".", e);
    }
  }

  /** The text for the relay's configuration. */
  String reveal() {
    return new String(secret.reveal(), StandardCharsets.UTF_8);
  }
}
