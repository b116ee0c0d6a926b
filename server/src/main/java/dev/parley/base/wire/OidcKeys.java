package dev.parley.base.wire;

import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The current keys of one issuer. They are fetched when first needed, again after an hour, and
 * earlier for a key id nobody knows, but then at most once a minute: a stranger's token must not
 * make us knock at the issuer each time.
 */
final class OidcKeys {
  private static final Logger log = LoggerFactory.getLogger(OidcKeys.class);
  private static final Duration AGE_MAX = Duration.ofHours(1);
  private static final Duration AGE_MIN = Duration.ofMinutes(1);
  private static final Duration STALE_MAX = Duration.ofHours(24);
  private static final Duration WAIT_MAX = Duration.ofSeconds(10);
  private static final long FILE_BYTES_MAX = 1 << 20;

  private record Fetched(JWKSet keys, Instant at) {}

  private final OidcIssuer issuer;
  private final KeySource source;
  private final InstantSource clock;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile @Nullable Fetched last;
  private volatile Instant lastTry = Instant.MIN;

  OidcKeys(OidcIssuer issuer, KeySource source, InstantSource clock) {
    this.issuer = issuer;
    this.source = source;
    this.clock = clock;
  }

  /**
   * The key set, which has the key of that id if the issuer has it.
   *
   * @throws OidcProblem when the keys cannot be had
   */
  JWKSet keys(@Nullable String keyId) throws OidcProblem {
    var known = last;
    if (known != null && isFresh(known, keyId)) {
      return known.keys();
    }
    lock();
    try {
      known = last;
      if (known == null || !isFresh(known, keyId)) {
        known = fetch(known);
        last = known;
      }
      return known.keys();
    } finally {
      fetching.unlock();
    }
  }

  private boolean isFresh(Fetched known, @Nullable String keyId) {
    var now = clock.instant();
    var hasKey = keyId == null || known.keys().getKeyByKeyId(keyId) != null;
    return known.at().plus(hasKey ? AGE_MAX : AGE_MIN).isAfter(now);
  }

  /** A failing issuer is asked once a minute; its last keys serve for a day. */
  private Fetched fetch(@Nullable Fetched known) throws OidcProblem {
    var now = clock.instant();
    var why = "it failed less than a minute ago";
    if (lastTry.equals(Instant.MIN) || !lastTry.plus(AGE_MIN).isAfter(now)) {
      lastTry = now;
      try {
        var fetched = new Fetched(JWKSet.parse(document()).toPublicJWKSet(), now);
        lastTry = Instant.MIN;
        return fetched;
      } catch (IOException | ParseException e) {
        why = e.toString();
        log.warn("The keys of issuer {} cannot be read: {}", issuer.name(), why);
      }
    }
    if (known != null && known.at().plus(STALE_MAX).isAfter(now)) {
      return known;
    }
    throw OidcProblem.unavailable("keys of issuer " + issuer.name() + ": " + why);
  }

  private String document() throws IOException {
    if (issuer.keys().startsWith("https:")) {
      return new String(source.fetch(URI.create(issuer.keys())), StandardCharsets.UTF_8);
    }
    var file = Path.of(issuer.keys());
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw new IOException(file + " is larger than " + FILE_BYTES_MAX + " bytes");
    }
    return Files.readString(file);
  }

  private void lock() throws OidcProblem {
    try {
      if (fetching.tryLock(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    throw OidcProblem.unavailable("keys of issuer " + issuer.name() + " take too long");
  }
}
