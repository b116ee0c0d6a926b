package dev.parley.feature.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import dev.parley.base.words.AccessKey;
import dev.parley.base.words.ResourceId;
import java.nio.charset.StandardCharsets;

/**
 * What signs user tokens on behalf of one access key (HS256, RFC 7518 section 3.2). The secret is
 * derived, so a token tells nothing about the access key; regenerating the access key makes another
 * one.
 */
final class SigningKey {
  // The label keeps this use of the access key apart from request signatures.
  private static final byte[] LABEL =
      "parley user access token 1".getBytes(StandardCharsets.US_ASCII);

  private final AccessKey source;
  private final JWSHeader header;
  private final String headerText;
  private final MACSigner signer;

  SigningKey(ResourceId resource, AccessKey source) {
    this.source = source;
    header =
        new JWSHeader.Builder(JWSAlgorithm.HS256)
            .type(JOSEObjectType.JWT)
            .keyID(resource.value() + "." + source.slot() + "." + source.generation())
            .build();
    headerText = header.toBase64URL().toString();
    try {
      signer = new MACSigner(source.secret().hmacSha256(LABEL));
    } catch (JOSEException e) {
      throw new IllegalStateException("32 bytes are enough for HS256.", e);
    }
  }

  /** Whether this is derived from the given access key, its secret included. */
  boolean isOf(AccessKey key) {
    return source.equals(key);
  }

  /** The first part of every token this key signs, to the letter. */
  String headerText() {
    return headerText;
  }

  /** The third part for the first two, joined by their dot. */
  String signature(String signingInput) {
    try {
      return signer.sign(header, signingInput.getBytes(StandardCharsets.US_ASCII)).toString();
    } catch (JOSEException e) {
      throw new IllegalStateException("Every Java platform has HmacSHA256.", e);
    }
  }
}
