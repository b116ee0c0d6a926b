package dev.parley.protocol.stun;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** With the vectors of RFC 5769. */
class StunTest {
  private static final String PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt";

  private static final String REQUEST =
      "000100582112a442b7e7a701bc34d686fa87dfae"
          + "802200105354554e207465737420636c69656e74"
          + "002400046e0001ff80290008932ff9b151263b36"
          + "000600096576746a3a68367659202020"
          + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
          + "80280004e57a3bcf";

  private static final String RESPONSE =
      "0101003c2112a442b7e7a701bc34d686fa87dfae"
          + "8022000b7465737420766563746f7220"
          + "002000080001a147e112a643"
          + "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7"
          + "80280004c07d4c96";

  private final StunView view = new StunView();

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  private boolean wrap(byte[] bytes) {
    return view.wrap(bytes, 0, bytes.length);
  }

  @Test
  void theRequestOfTheRfcIsRead() {
    assertTrue(wrap(hex(REQUEST)));
    assertTrue(view.isBindingRequest());
    assertTrue(view.isSignedBy(new StunKey(PASSWORD)));
    assertTrue(view.hasFingerprint());
    assertTrue(view.claimsControlled());
    assertFalse(view.useCandidate());
    assertEquals("evtj", view.localFragment());
    assertTrue(view.isFor("evtj:h6vY".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    assertEquals(0, view.unknownRequired());
  }

  @Test
  void theResponseOfTheRfcIsRead() {
    assertTrue(wrap(hex(RESPONSE)));
    assertTrue(view.isBindingSuccess());
    assertTrue(view.isSignedBy(new StunKey(PASSWORD)));
    assertTrue(view.hasFingerprint());
    assertArrayEquals(new byte[] {(byte) 192, 0, 2, 1}, view.mappedAddress());
    assertEquals(32853, view.mappedPort());
  }

  @Test
  void anotherPasswordDoesNotHold() {
    assertTrue(wrap(hex(REQUEST)));
    assertFalse(view.isSignedBy(new StunKey("VOkJxbRl1RmTxUk/WvJxBu")));
  }

  @Test
  void everyChangedBitIsNoticed() {
    var original = hex(REQUEST);
    var key = new StunKey(PASSWORD);
    for (var bit = 0; bit < original.length * 8; bit++) {
      var changed = original.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertFalse(
          wrap(changed) && view.isBindingRequest() && view.isSignedBy(key) && view.hasFingerprint(),
          "bit " + bit);
    }
  }

  @Test
  void answersAreReadBack() {
    var request = hex(REQUEST);
    assertTrue(wrap(request));
    var key = new StunKey(PASSWORD);
    var out = new byte[StunWriter.BYTES_MAX];
    var length = StunWriter.success(view, 0, 0xffffc0000201L, 32853, key, out, 0);
    var answer = new StunView();
    assertTrue(answer.wrap(out, 0, length));
    assertTrue(answer.isBindingSuccess() && answer.isSignedBy(key) && answer.hasFingerprint());
    assertArrayEquals(new byte[] {(byte) 192, 0, 2, 1}, answer.mappedAddress());
    assertEquals(32853, answer.mappedPort());

    length = StunWriter.success(view, 0x20010db812345678L, 0x0011223344556677L, 7, key, out, 0);
    assertTrue(length < request.length, "An answer is smaller than its request.");
    assertTrue(answer.wrap(out, 0, length) && answer.isSignedBy(key));
    assertArrayEquals(hex("20010db8123456780011223344556677"), answer.mappedAddress());

    length = StunWriter.error(view, 487, "Role Conflict", 0x0042, key, out, 0);
    assertTrue(answer.wrap(out, 0, length) && answer.isSignedBy(key));
    assertFalse(answer.isBindingSuccess());
  }

  @Test
  void aClientsRequestIsReadBack() {
    var key = new StunKey("secret");
    var out = new byte[StunWriter.BYTES_MAX];
    var length = StunWriter.request(new byte[12], "ours:theirs", true, key, out, 0);
    assertTrue(view.wrap(out, 0, length));
    assertTrue(view.useCandidate() && view.isSignedBy(key) && view.hasFingerprint());
    assertEquals("ours", view.localFragment());
    assertFalse(view.claimsControlled());
  }

  @Test
  void nonsenseNeverThrows() {
    var seed = System.nanoTime();
    var random = new Random(seed);
    var key = new StunKey(PASSWORD);
    for (var round = 0; round < 200_000; round++) {
      var bytes = hex(random.nextBoolean() ? REQUEST : RESPONSE);
      for (var i = random.nextInt(4); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      var length = random.nextInt(8) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
      try {
        if (view.wrap(bytes, 0, length)) {
          view.localFragment();
          view.mappedAddress();
          view.mappedPort();
          if (round % 16 == 0) {
            view.isSignedBy(key);
          }
        }
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + HexFormat.of().formatHex(bytes), e);
      }
    }
  }
}
