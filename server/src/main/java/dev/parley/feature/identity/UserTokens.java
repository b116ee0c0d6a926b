package dev.parley.feature.identity;

import dev.parley.base.kit.LruCache;
import dev.parley.base.wire.BearerVerifier;
import dev.parley.base.words.AccessKey;
import dev.parley.base.words.Caller;
import dev.parley.base.words.CommunicationIdentifier.CommunicationUser;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceDirectory;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.Scope;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Makes user access tokens and proves them.
 *
 * <p>A token proves its user while the access key behind it and the user's generation are the
 * current ones and edge time has not reached its end. What its text says never changes, so that is
 * remembered; the other three are looked at each time.
 */
final class UserTokens implements BearerVerifier {
  /** No token of ours is longer, so nothing longer is looked at. */
  static final int TOKEN_CHARS_MAX = 4096;

  private static final int SIGNING_KEYS_MAX = 4096;
  private static final int TOKEN_ID_BYTES = 12;
  private static final Pattern KEY_ID = Pattern.compile("\"kid\":\"([0-9A-Za-z.-]{1,128})\"");

  private record KeyName(ResourceId resource, KeySlot slot) {}

  /** SHA-256 of a token's text. */
  private record Digest(long a, long b, long c, long d) {
    static Digest of(String token) {
      try {
        var sha256 = MessageDigest.getInstance("SHA-256");
        var bytes = ByteBuffer.wrap(sha256.digest(token.getBytes(StandardCharsets.UTF_8)));
        return new Digest(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("Every Java platform has SHA-256.", e);
      }
    }
  }

  /** What the text of a token says, its signature being right under the key. */
  private record Proven(
      UserKey user, AccessKey key, long generation, Set<Scope> scopes, Instant expires) {}

  private final ResourceDirectory resources;
  private final UserStates users;
  private final IdentityConfig config;
  private final InstantSource clock;
  private final SecureRandom random;
  private final LruCache<KeyName, SigningKey> signingKeys = new LruCache<>(SIGNING_KEYS_MAX);
  private final LruCache<Digest, Proven> proven;

  UserTokens(
      ResourceDirectory resources,
      UserStates users,
      IdentityConfig config,
      InstantSource clock,
      SecureRandom random) {
    this.resources = resources;
    this.users = users;
    this.config = config;
    this.clock = clock;
    this.random = random;
    this.proven = new LruCache<>(config.tokensRemembered());
  }

  /** A token signed on behalf of the slot's current key; whole seconds, as the text has them. */
  UserToken issue(
      Resource resource,
      KeySlot slot,
      UserKey user,
      long generation,
      Set<Scope> scopes,
      Instant expires) {
    var key = resources.key(resource.id(), slot).orElseThrow(IdentityProblems::resourceGone);
    var signing = signingKey(resource.id(), key);
    var tokenId = new byte[TOKEN_ID_BYTES];
    random.nextBytes(tokenId);
    var claims =
        TokenClaims.of(
            user,
            generation,
            scopes,
            clock.instant(),
            expires,
            resource,
            config.location(),
            HexFormat.of().formatHex(tokenId));
    var signingInput = signing.headerText() + "." + claims.payload();
    var token = signingInput + "." + signing.signature(signingInput);
    return new UserToken(token, Instant.ofEpochSecond(expires.getEpochSecond()));
  }

  @Override
  public Verified verify(Resource resource, String token, String requestId) {
    if (token.length() > TOKEN_CHARS_MAX) {
      throw IdentityProblems.unauthorized("a token of " + token.length() + " characters");
    }
    var digest = Digest.of(token);
    var known = proven.find(digest);
    var said = known.isPresent() ? known.get() : prove(resource, token);
    checkCurrent(resource, said);
    if (known.isEmpty()) {
      proven.put(digest, said);
    }
    var origin = new Origin(said.user().id(), said.key().slot().name(), requestId);
    var id = new CommunicationUser(said.user().id());
    return new Verified(new Caller.User(resource.id(), id, said.scopes(), origin), said.expires());
  }

  /**
   * Compares the text with what this server would have written under a current key of the resource.
   * Nothing of it is parsed before that, so no other algorithm, header or encoding has a way in.
   */
  private Proven prove(Resource resource, String token) {
    var headerEnd = token.indexOf('.');
    var payloadEnd = token.indexOf('.', headerEnd + 1);
    if (headerEnd < 0 || payloadEnd < 0 || token.indexOf('.', payloadEnd + 1) >= 0) {
      throw IdentityProblems.unauthorized("not the three parts of a token");
    }
    var header = token.substring(0, headerEnd);
    var key = keyOf(resource.id(), header);
    var signature = signingKey(resource.id(), key).signature(token.substring(0, payloadEnd));
    if (!sameInConstantTime(signature, token.substring(payloadEnd + 1))) {
      throw IdentityProblems.unauthorized("the token's signature is wrong");
    }
    var claims = TokenClaims.read(token.substring(headerEnd + 1, payloadEnd));
    return new Proven(
        new UserKey(resource.id(), claims.userId()),
        key,
        claims.rev(),
        Set.copyOf(claims.scopes()),
        Instant.ofEpochSecond(claims.exp()));
  }

  private AccessKey keyOf(ResourceId resource, String header) {
    for (var slot : KeySlot.values()) {
      var key = resources.key(resource, slot);
      if (key.isPresent() && signingKey(resource, key.get()).headerText().equals(header)) {
        return key.get();
      }
    }
    throw IdentityProblems.unauthorized(whyNoKey(resource, header));
  }

  private void checkCurrent(Resource resource, Proven said) {
    if (!said.user().resource().equals(resource.id())) {
      throw IdentityProblems.unauthorized("a token of resource " + said.user().resource());
    }
    if (!clock.instant().isBefore(said.expires())) {
      throw IdentityProblems.unauthorized("the token expired at " + said.expires());
    }
    if (!resources.key(resource.id(), said.key().slot()).equals(Optional.of(said.key()))) {
      throw IdentityProblems.unauthorized("the access key behind the token was regenerated");
    }
    var user = users.of(said.user(), said.generation());
    if (!user.alive()) {
      throw IdentityProblems.unauthorized("user " + said.user().id() + " is deleted");
    }
    if (user.generation() != said.generation()) {
      throw IdentityProblems.unauthorized("the tokens of " + said.user().id() + " are revoked");
    }
  }

  private SigningKey signingKey(ResourceId resource, AccessKey key) {
    var name = new KeyName(resource, key.slot());
    var known = signingKeys.find(name).filter(signing -> signing.isOf(key));
    if (known.isPresent()) {
      return known.get();
    }
    var fresh = new SigningKey(resource, key);
    signingKeys.put(name, fresh);
    return fresh;
  }

  /** For the log: which key the header of a refused token names. */
  private static String whyNoKey(ResourceId resource, String header) {
    try {
      var json = new String(Base64.getUrlDecoder().decode(header), StandardCharsets.ISO_8859_1);
      var keyId = KEY_ID.matcher(json);
      if (keyId.find()) {
        return keyId.group(1).startsWith(resource.value() + ".")
            ? "no current key of the resource is " + keyId.group(1) + ", or the header is forged"
            : "a token of another issuer or resource: " + keyId.group(1);
      }
    } catch (IllegalArgumentException _) {
      // Not base64; told below.
    }
    return "not a token of this server";
  }

  private static boolean sameInConstantTime(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
