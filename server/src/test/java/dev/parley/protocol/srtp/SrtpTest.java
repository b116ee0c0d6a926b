package dev.parley.protocol.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With the vectors of RFC 3711 and RFC 7714, and one that libsrtp's tests have. */
class SrtpTest {
  private static final String MASTER_KEY = "e1f97a0d3e018be0d64fa32c06de4139";
  private static final String MASTER_SALT = "0ec675ad498afeebb6960b3aabe6";

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private static SrtpKeys keys(SrtpProfile profile) {
    return new SrtpKeys(
        profile, hex(MASTER_KEY), Arrays.copyOf(hex(MASTER_SALT), profile.saltBytes()));
  }

  /** A packet whose payload says which it is. */
  private static byte[] rtp(int ssrc, int sequence, int payloadBytes) {
    var packet = new byte[12 + payloadBytes];
    packet[0] = (byte) 0x80;
    packet[1] = 96;
    packet[2] = (byte) (sequence >> 8);
    packet[3] = (byte) sequence;
    for (var i = 0; i < 4; i++) {
      packet[8 + i] = (byte) (ssrc >>> (24 - 8 * i));
    }
    for (var i = 12; i < packet.length; i++) {
      packet[i] = (byte) (i * 31 + sequence);
    }
    return packet;
  }

  @Test
  void keysAreDerivedAsTheRfcHasIt() {
    var keys = keys(SrtpProfile.AES_CM_128_HMAC_SHA1_80);
    assertArrayEquals(hex("c61e7a93744f39ee10734afe3ff7a087"), keys.derive(SrtpKeys.RTP_KEY, 16));
    assertArrayEquals(hex("30cbbc08863d8c85d49db34a9ae1"), keys.derive(SrtpKeys.RTP_SALT, 14));
    assertArrayEquals(
        hex("cebe321f6ff7716b6fd4ab49af256a156d38baa4"), keys.derive(SrtpKeys.RTP_AUTH, 20));
  }

  @Test
  void counterModeAsLibsrtpHasIt() {
    var plain = hex("800f1234decafbadcafebabe" + "ab".repeat(16));
    var out = new byte[64];
    var length =
        new SrtpSender(keys(SrtpProfile.AES_CM_128_HMAC_SHA1_80))
            .protect(plain, 0, plain.length, 0x1234, out, 0);
    assertArrayEquals(
        hex("800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb"),
        Arrays.copyOf(out, length));
  }

  @Test
  void gcmAsTheRfcHasIt() {
    var key = hex("000102030405060708090a0b0c0d0e0f");
    var salt = hex("517569642070726f2071756f");
    var plain =
        hex(
            "8040f17b8041f8d35501a0b247616c6c696120657374206f6d6e697320646976"
                + "69736120696e207061727465732074726573");
    var expected =
        hex(
            "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd5"
                + "0d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee439"
                + "0cce");
    var ciphers = new SrtpCiphers(new GcmCipher(key, salt, false), new GcmCipher(key, salt, true));
    var out = new byte[128];
    var length = new SrtpSender(ciphers).protect(plain, 0, plain.length, 0xf17b, out, 0);
    assertArrayEquals(expected, Arrays.copyOf(out, length));
    var back = new byte[128];
    assertEquals(plain.length, new SrtpReceiver(ciphers).unprotect(out, 0, length, back, 0));
    assertArrayEquals(plain, Arrays.copyOf(back, plain.length));
  }

  @Test
  void gcmRtcpAsTheRfcHasIt() {
    var key = hex("000102030405060708090a0b0c0d0e0f");
    var salt = hex("517569642070726f2071756f");
    var plain =
        hex(
            "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef");
    var expected =
        hex(
            "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32d"
                + "c676a5f1730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf872"
                + "45d9eade800005d4");
    var ciphers = new SrtpCiphers(new GcmCipher(key, salt, false), new GcmCipher(key, salt, true));
    var back = new byte[128];
    assertEquals(
        plain.length,
        new SrtpReceiver(ciphers).unprotectRtcp(expected, 0, expected.length, back, 0));
    assertArrayEquals(plain, Arrays.copyOf(back, plain.length));
  }

  @ParameterizedTest
  @EnumSource
  void sequenceNumbersRollOverInAnyOrder(SrtpProfile profile) {
    var sender = new SrtpSender(keys(profile));
    var receiver = new SrtpReceiver(keys(profile));
    var out = new byte[256];
    var back = new byte[256];
    var seed = System.nanoTime();
    var random = new Random(seed);
    for (long base = 65_000; base < 65_536 * 3; base += 40) {
      var order = new int[40];
      Arrays.setAll(order, i -> i);
      for (var i = 39; i > 0; i--) {
        var j = random.nextInt(i + 1);
        var swap = order[i];
        order[i] = order[j];
        order[j] = swap;
      }
      for (var i : order) {
        var packet = rtp(7, (int) (base + i) & 0xffff, 20);
        var length = sender.protect(packet, 0, packet.length, base + i, out, 0);
        // The first index a receiver hears is taken for one of the first round.
        if (base >= 65_536 || base + i < 65_536) {
          if (base < 65_536 || base + i >= 65_536) {
            var plain = receiver.unprotect(out, 0, length, back, 0);
            assertEquals(packet.length, plain, "seed " + seed + ", index " + (base + i));
            assertArrayEquals(packet, Arrays.copyOf(back, plain));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatComesTwiceIsRefused(SrtpProfile profile) {
    var sender = new SrtpSender(keys(profile));
    var receiver = new SrtpReceiver(keys(profile));
    var back = new byte[256];
    var kept = new byte[2000][];
    for (var i = 0; i < 2000; i++) {
      var packet = rtp(9, i, 30);
      var out = new byte[80];
      var length = sender.protect(packet, 0, packet.length, i, out, 0);
      kept[i] = Arrays.copyOf(out, length);
      if (i != 1500) {
        assertEquals(packet.length, receiver.unprotect(kept[i], 0, length, back, 0));
      }
    }
    for (var i : new int[] {0, 500, 976, 1400, 1999}) {
      assertEquals(
          SrtpReceiver.REPLAYED, receiver.unprotect(kept[i], 0, kept[i].length, back, 0), "" + i);
    }
    assertTrue(receiver.unprotect(kept[1500], 0, kept[1500].length, back, 0) > 0, "A late one.");
  }

  @ParameterizedTest
  @EnumSource
  void everyChangedBitIsNoticed(SrtpProfile profile) {
    var sender = new SrtpSender(keys(profile));
    var receiver = new SrtpReceiver(keys(profile));
    var packet = rtp(3, 77, 40);
    var out = new byte[128];
    var back = new byte[128];
    var length = sender.protect(packet, 0, packet.length, 77, out, 0);
    for (var bit = 0; bit < length * 8; bit++) {
      var changed = Arrays.copyOf(out, length);
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertTrue(receiver.unprotect(changed, 0, length, back, 0) < 0, "bit " + bit);
    }
    assertEquals(packet.length, receiver.unprotect(out, 0, length, back, 0));
  }

  @ParameterizedTest
  @EnumSource
  void rtcpGoesThereAndBackOnce(SrtpProfile profile) {
    var sender = new SrtpSender(keys(profile));
    var receiver = new SrtpReceiver(keys(profile));
    var report = hex("80c90001 00000007 81cd0003 00000007 00000009 00010000");
    var out = new byte[128];
    var back = new byte[128];
    for (var round = 0; round < 100; round++) {
      var length = sender.protectRtcp(report, 0, report.length, out, 0);
      var copy = Arrays.copyOf(out, length);
      assertEquals(report.length, receiver.unprotectRtcp(copy, 0, length, back, 0));
      assertArrayEquals(report, Arrays.copyOf(back, report.length));
      var again = Arrays.copyOf(out, length);
      assertEquals(SrtpReceiver.REPLAYED, receiver.unprotectRtcp(again, 0, length, back, 0));
      var forged = Arrays.copyOf(out, length);
      forged[length - 1] ^= 1;
      assertTrue(receiver.unprotectRtcp(forged, 0, length, back, 0) < 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nonsenseIsRefusedAndNeverThrows(SrtpProfile profile) {
    var seed = System.nanoTime();
    var random = new Random(seed);
    var receiver = new SrtpReceiver(keys(profile));
    var back = new byte[2048];
    for (var round = 0; round < 50_000; round++) {
      var bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      if (bytes.length > 0 && random.nextBoolean()) {
        bytes[0] = (byte) (0x80 | (bytes[0] & 0x3f));
      }
      try {
        assertTrue(receiver.unprotect(bytes, 0, bytes.length, back, 0) < 0);
        assertTrue(receiver.unprotectRtcp(bytes, 0, bytes.length, back, 0) < 0);
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }
}
