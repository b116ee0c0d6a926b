package dev.parley.protocol.dkim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class DkimSignerTest {
  /** The message of RFC 8463 appendix A.3, and its body hash there. */
  private static final String MESSAGE =
      """
      From: Joe SixPack <joe@football.example.com>
      To: Suzie Q <suzie@shopping.example.net>
      Subject: Is dinner ready?
      Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
      Message-ID: <20030712040037.46341.5F8J@football.example.com>

      Hi.

      We lost the game.  Are you hungry yet?

      Joe.
      """
          .replace("\n", "\r\n");

  private static final String BODY_HASH = "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=";

  /** RFC 8463 appendix A.2. */
  private static final String SEED = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";

  private static final Instant NOW = Instant.ofEpochSecond(1528637909);

  private static DkimKey ed25519() throws Exception {
    var prefix = HexFormat.of().parseHex("302e020100300506032b657004220420");
    var seed = Base64.getDecoder().decode(SEED);
    var pkcs8 = new byte[prefix.length + seed.length];
    System.arraycopy(prefix, 0, pkcs8, 0, prefix.length);
    System.arraycopy(seed, 0, pkcs8, prefix.length, seed.length);
    var key = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    return new DkimKey("football.example.com", "brisbane", DkimKey.Algorithm.ED25519, key);
  }

  private static String sign(String message, int piece) throws Exception {
    var bodyStart = message.indexOf("\r\n\r\n") + 4;
    var body = message.substring(bodyStart).getBytes(StandardCharsets.US_ASCII);
    var hash = new DkimBody();
    for (var at = 0; at < body.length; at += piece) {
      hash.add(body, at, Math.min(piece, body.length - at));
    }
    var header = message.substring(0, bodyStart).getBytes(StandardCharsets.US_ASCII);
    return DkimSigner.sign(header, hash.hash(), List.of(ed25519()), NOW);
  }

  @Test
  void theBodyHashIsThatOfTheStandard() throws Exception {
    var signed = sign(MESSAGE, MESSAGE.length());
    assertTrue(signed.contains("bh=" + BODY_HASH), signed);
    assertTrue(signed.startsWith("DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;"));
    assertTrue(signed.endsWith("\r\n"));
  }

  @Test
  void emptyLinesAtTheEndDoNotMatter() throws Exception {
    var more = MESSAGE + "\r\n \r\n\r\n";
    assertEquals(sign(MESSAGE, 1000), sign(more, 1000));
  }

  @Test
  void piecesDoNotMatter() throws Exception {
    var odd = MESSAGE + " a \t b\t\r\n \t\r\n\r\nc\rd\ne\r\n".repeat(50) + "no end";
    var whole = sign(odd, odd.length());
    for (var piece = 1; piece < 40; piece++) {
      assertEquals(whole, sign(odd, piece));
    }
    assertEquals(whole, sign(odd + " \r\n", 7));
  }

  /** RFC 6376 section 3.4.5, the relaxed form of its example. */
  @Test
  void blanksShrinkAsTheStandardSays() throws Exception {
    var body = " C \r\nD \t E\r\n\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    var hash = new DkimBody();
    hash.add(body, 0, body.length);
    var canonical = " C\r\nD E\r\n".getBytes(StandardCharsets.US_ASCII);
    assertArrayEquals(MessageDigest.getInstance("SHA-256").digest(canonical), hash.hash());
  }

  @Test
  void withoutKeysNothingIsSigned() {
    assertEquals("", DkimSigner.sign(new byte[0], new byte[32], List.of(), NOW));
  }

  @Test
  void keysArePublishedAsTheStandardsWriteThem() {
    var rsa = DkimKey.Algorithm.RSA;
    assertTrue(rsa.record(rsa.generate().getPublic()).startsWith("v=DKIM1; k=rsa; p=MIIBIj"));
    var ed = DkimKey.Algorithm.ED25519;
    var record = ed.record(ed.generate().getPublic());
    assertEquals("v=DKIM1; k=ed25519; p=".length() + 44, record.length());
  }

  /** Both algorithms give the same signature each time, so the two ways must agree. */
  @Test
  void libcryptoSignsAsTheJdkDoes() throws Exception {
    for (var algorithm : DkimKey.Algorithm.values()) {
      var key = algorithm.generate().getPrivate();
      for (var length : new int[] {0, 1, 300, 100_000}) {
        var bytes = new byte[length];
        assertArrayEquals(
            DkimSigning.jdk(algorithm, key).sign(bytes),
            DkimSigning.of(algorithm, key).sign(bytes));
      }
    }
    assertTrue(
        LibCrypto.loaded().isPresent()
            || !Files.exists(Path.of("/usr/lib/x86_64-linux-gnu/libcrypto.so.3")));
  }
}
