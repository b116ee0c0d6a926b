package dev.parley.protocol.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DependencyDescriptorTest {
  /** One spatial and two temporal layers, three templates, one chain, 640 x 360. */
  private static final String STRUCTURE =
      // Id offset 60, two decode targets.
      "111100 00001"
          // Templates: T0 (key), T0, T1.
          + "00 01 11"
          // Indications: key SS, base SR, upper discardable only in the second target.
          + "1010 1011 0001"
          // Differences: none, 2, 1.
          + "0 1 0001 0 1 0000 0"
          // One chain of at most two: ns(3) = 1 in two bits; it protects both, ns(1) takes no bit.
          + "10"
          // Chain differences: 0, 2, 1.
          + "0000 0010 0001"
          // Sizes.
          + "1 0000001001111111 0000000101100111";

  private final DependencyDescriptor descriptor = new DependencyDescriptor();

  static byte[] bits(String text) {
    var bits = text.replace(" ", "");
    bits += "0".repeat((8 - bits.length() % 8) % 8);
    var bytes = new byte[bits.length() / 8];
    for (var i = 0; i < bytes.length; i++) {
      bytes[i] = new BigInteger(bits.substring(8 * i, 8 * i + 8), 2).byteValue();
    }
    return bytes;
  }

  private boolean read(String text, DependencyStructure known) {
    var bytes = bits(text);
    return descriptor.read(bytes, 0, bytes.length, known);
  }

  private DependencyStructure structure() {
    assertTrue(read("1 0 111100 0000000000000101 10000" + STRUCTURE, DependencyStructure.NONE));
    return descriptor.structure();
  }

  @Test
  void aStructureIsRead() {
    var structure = structure();
    assertTrue(descriptor.carriesStructure() && descriptor.isFrameStart());
    assertFalse(descriptor.isFrameEnd());
    assertEquals(5, descriptor.frameNumber());
    assertEquals(2, structure.decodeTargets());
    assertEquals(0, structure.temporalId(0));
    assertEquals(1, structure.temporalId(1));
    assertEquals(1, structure.chains());
    assertEquals(0, structure.chain(1));
    assertEquals(640, structure.width(0));
    assertEquals(360, structure.height(0));
    assertEquals(0b11, descriptor.activeTargets());
    assertTrue(descriptor.saysActiveTargets());
    assertEquals(DependencyStructure.SWITCH, descriptor.indication(0));
    assertEquals(0, structure.decodeTarget(0, 0, -1));
    assertEquals(1, structure.decodeTarget(3, 7, -1));
    assertEquals(-1, DependencyStructure.NONE.decodeTarget(3, 7, -1));
  }

  @Test
  void laterFramesUseTheTemplates() {
    var structure = structure();
    // Template id 60 + 2 wraps nowhere; the frame is of the upper layer.
    assertTrue(read("1 1 111110 0000000000000110", structure));
    assertEquals(1, descriptor.temporalId());
    assertEquals(DependencyStructure.NOT_PRESENT, descriptor.indication(0));
    assertEquals(DependencyStructure.DISCARDABLE, descriptor.indication(1));
    assertEquals(1, descriptor.chainDifference(0));
    assertFalse(descriptor.carriesStructure() || descriptor.saysActiveTargets());
  }

  @Test
  void aFrameMayDifferFromItsTemplate() {
    var structure = structure();
    // Active targets 01, custom indications 11 10, differences 1 (4 bits), chain difference 200.
    assertTrue(read("1 1 111101 0000000000000111 01111 01 1110 01 0000 00 11001000", structure));
    assertTrue(descriptor.saysActiveTargets());
    assertEquals(0b01, descriptor.activeTargets());
    assertEquals(DependencyStructure.REQUIRED, descriptor.indication(0));
    assertEquals(DependencyStructure.SWITCH, descriptor.indication(1));
    assertEquals(200, descriptor.chainDifference(0));
  }

  @Test
  void theFrameNumberIsSetInPlace() {
    var structure = structure();
    var bytes = bits("1 1 111110 0000000000000110");
    DependencyDescriptor.frameNumber(bytes, 0, 65_537);
    assertTrue(descriptor.read(bytes, 0, 3, structure));
    assertEquals(1, descriptor.frameNumber());
    assertEquals(1, descriptor.temporalId());
  }

  @Test
  void whatIsMalformedIsRefused() {
    var structure = structure();
    assertFalse(read("1 1 111110 00000000", structure));
    assertFalse(read("1 1 000011 0000000000000110", structure), "A template that is not there.");
    assertFalse(read("1 1 111110 0000000000000110", DependencyStructure.NONE));
    var whole = bits("1 0 111100 0000000000000101 10000" + STRUCTURE);
    for (var length = 0; length < whole.length; length++) {
      assertFalse(descriptor.read(whole, 0, length, DependencyStructure.NONE), "cut at " + length);
    }
    // Templates without an end, more layers than there may be.
    var endless = new byte[200];
    Arrays.fill(endless, (byte) 0x55);
    assertFalse(descriptor.read(endless, 0, endless.length, DependencyStructure.NONE));
  }
}
