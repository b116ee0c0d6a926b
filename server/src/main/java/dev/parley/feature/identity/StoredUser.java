package dev.parley.feature.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A user as the store keeps it. Of a deleted user only the id and the generation remain, so that
 * neither the user nor its tokens come back.
 *
 * @param generation rises by one with each revocation and with the deletion; tokens of a lower one
 *     are dead
 * @param externalHash names the external id's partition, or empty text: keys hold the hash, so that
 *     the name itself can be erased
 */
record StoredUser(
    UserKey key,
    long generation,
    boolean deleted,
    Optional<String> externalId,
    String externalHash,
    Optional<Instant> lastTokenOn) {
  /**
   * A user who is not yet stored. The first generation is the time: an id made again after its
   * resource was reset must not bring the tokens of before to life.
   */
  static StoredUser fresh(
      UserKey key, Instant now, Optional<String> externalId, Optional<Instant> lastTokenOn) {
    var hash = externalId.map(StoredUser::hash).orElse("");
    return new StoredUser(key, now.toEpochMilli(), false, externalId, hash, lastTokenOn);
  }

  /** The same under another id. */
  StoredUser as(UserKey other) {
    return new StoredUser(other, generation, deleted, externalId, externalHash, lastTokenOn);
  }

  StoredUser withLastTokenOn(Optional<Instant> at) {
    return new StoredUser(key, generation, deleted, externalId, externalHash, at);
  }

  private static String hash(String externalId) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(externalId.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }
}
