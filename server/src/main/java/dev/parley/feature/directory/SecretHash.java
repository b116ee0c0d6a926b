package dev.parley.feature.directory;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Argon2id (RFC 9106) as {@code $argon2id$v=19$m=...,t=...,p=...$salt$hash}, with the parameters
 * that OWASP's password storage sheet recommends: 19 MiB, two passes, one lane.
 *
 * <p>Two run at a time, so that a crowd of guesses can neither fill the memory nor take all cores;
 * who waits too long is sent away.
 */
final class SecretHash {
  private static final int MEMORY_KIB = 19_456;
  private static final int PASSES = 2;
  private static final int LANES = 1;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final Duration WAIT_MAX = Duration.ofSeconds(10);

  private final SecureRandom random;
  private final Semaphore running = new Semaphore(2);

  /** What a wrong name is compared with; made when first needed, since it takes its time. */
  private volatile String decoy = "";

  SecretHash(SecureRandom random) {
    this.random = random;
  }

  /** Whether the text is such a hash. */
  static boolean isOne(String text) {
    return text.startsWith("$argon2id$");
  }

  /** A new hash of the secret, with a salt of its own. */
  String of(String secret) {
    var salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    var base64 = Base64.getEncoder().withoutPadding();
    running.acquireUninterruptibly();
    byte[] hash;
    try {
      hash = hash(secret, salt, MEMORY_KIB, PASSES, LANES);
    } finally {
      running.release();
    }
    return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            MEMORY_KIB, PASSES, LANES, base64.encodeToString(salt), base64.encodeToString(hash));
  }

  /**
   * Whether the secret is the one behind the hash.
   *
   * @throws OAuthRefusal 503 when too many wait
   */
  boolean matches(String secret, String stored) {
    var parts = stored.split("\\$", -1);
    var cost = parts[3].split(",", -1);
    var expected = Base64.getDecoder().decode(parts[5]);
    var salt = Base64.getDecoder().decode(parts[4]);
    waitForTurn();
    try {
      var actual = hash(secret, salt, number(cost[0]), number(cost[1]), number(cost[2]));
      return MessageDigest.isEqual(expected, actual);
    } finally {
      running.release();
    }
  }

  /** Takes as long as {@link #matches}: whoever guesses a name learns nothing from the time. */
  void matchNobody(String secret) {
    if (decoy.isEmpty()) {
      decoy = of("decoy");
    }
    matches(secret, decoy);
  }

  private static int number(String cost) {
    return Integer.parseInt(cost.substring(2));
  }

  private void waitForTurn() {
    try {
      if (running.tryAcquire(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    throw OAuthRefusal.busy();
  }

  private static byte[] hash(String secret, byte[] salt, int memory, int passes, int lanes) {
    var argon2 = new Argon2BytesGenerator();
    argon2.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memory)
            .withIterations(passes)
            .withParallelism(lanes)
            .withSalt(salt)
            .build());
    var hash = new byte[HASH_BYTES];
    argon2.generateBytes(secret.getBytes(StandardCharsets.UTF_8), hash);
    return hash;
  }
}
