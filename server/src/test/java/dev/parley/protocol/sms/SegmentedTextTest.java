package dev.parley.protocol.sms;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentedTextTest {
  @ParameterizedTest
  @CsvSource({
    "a, 160, 1", "a, 161, 2", "a, 306, 2", "a, 307, 3", "€, 80, 1", "€, 81, 2", "ä, 160, 1",
    "я, 70, 1", "я, 71, 2", "я, 134, 2", "я, 135, 3", "😀, 35, 1", "😀, 36, 2", "ç, 71, 2",
  })
  void segmentsAreCountedAsCarriersDo(String character, int times, int segments) {
    assertEquals(segments, SegmentedText.of(character.repeat(times)).segments());
  }

  @Test
  void anEmptyTextIsOneSegment() {
    assertEquals(List.of(""), SegmentedText.of("").pieces());
  }

  @Test
  void noCutGoesThroughAnEmojiOrAnEscape() {
    var emoji = SegmentedText.of("я".repeat(66) + "😀" + "я".repeat(20));
    assertEquals("я".repeat(66), emoji.pieces().get(0));
    assertTrue(emoji.pieces().get(1).startsWith("😀"));
    var euro = SegmentedText.of("a".repeat(152) + "€" + "a".repeat(20));
    assertEquals(152, euro.bytes(0).length);
    assertEquals(0x1B, euro.bytes(1)[0]);
  }

  @Test
  void everyCharacterOfTheAlphabetComesBack() {
    var all = new StringBuilder();
    for (var character = 0; character < 0xFFFF; character++) {
      if (Gsm7.cost((char) character) > 0) {
        all.append((char) character);
      }
    }
    assertEquals(127 + 10, all.length());
    assertEquals(all.toString(), Gsm7.decode(Gsm7.encode(all.toString())));
    assertFalse(Gsm7.fits("ç"));
    assertEquals(" €", Gsm7.decode(new byte[] {0x1B, 0x1B, 0x1B, 0x65}));
    assertEquals("a", Gsm7.decode(new byte[] {0x61, 0x1B}));
  }

  @Test
  void segmentsPutTogetherAreTheText() {
    var seed = System.nanoTime();
    var random = new Random(seed);
    var characters = "ab€[😀я\n".codePoints().toArray();
    for (var round = 0; round < 200; round++) {
      var text = new StringBuilder();
      random
          .ints(random.nextInt(700), 0, characters.length)
          .forEach(at -> text.appendCodePoint(characters[at]));
      var cut = SegmentedText.of(text.toString());
      assertEquals(text.toString(), String.join("", cut.pieces()), "seed " + seed);
      for (var i = 0; i < cut.segments(); i++) {
        var most = cut.segments() == 1 ? cut.alphabet().single() : cut.alphabet().part();
        var units = cut.bytes(i).length / (cut.alphabet() == Alphabet.UCS_2 ? 2 : 1);
        assertTrue(units <= most, "seed " + seed);
        assertTrue(StandardCharsets.UTF_16BE.newEncoder().canEncode(cut.pieces().get(i)));
      }
    }
  }

  @Test
  void headersAreReadAndLiesAreNot() {
    var segment = new Concatenation(7, 3, 2).with("abc".getBytes(StandardCharsets.US_ASCII));
    var read = Concatenation.read(segment);
    assertEquals(Optional.of(new Concatenation(7, 3, 2)), read.place());
    assertArrayEquals("abc".getBytes(StandardCharsets.US_ASCII), read.text());
    var wide = Concatenation.read(new byte[] {6, 8, 4, 1, 2, 3, 1, 'x'});
    assertEquals(Optional.of(new Concatenation(0x102, 3, 1)), wide.place());
    var behindPorts = Concatenation.read(new byte[] {11, 5, 4, 0, 1, 0, 2, 0, 3, 9, 2, 1, 'x'});
    assertEquals(Optional.of(new Concatenation(9, 2, 1)), behindPorts.place());
    for (var lie :
        List.of(
            new byte[] {50, 0, 3, 1, 2, 1},
            new byte[] {5, 0, 9, 1, 2, 1},
            new byte[] {5, 0, 3, 1, 2, 3},
            new byte[] {5, 0, 3, 1, 0, 0},
            new byte[] {(byte) 0xFF},
            new byte[] {})) {
      assertEquals(Optional.empty(), Concatenation.read(lie).place());
    }
  }

  @Test
  void receiptsAreReadInAllTheirForms() {
    var whole =
        "id:0123456789 sub:001 dlvrd:001 submit date:2611261500 done date:2611261501 stat:DELIVRD err:000 text:Hello";
    assertEquals(
        Optional.of(new ReceiptText("0123456789", "DELIVRD", "000")), ReceiptText.read(whole));
    assertEquals(
        Optional.of(new ReceiptText("1A2b", "UNDELIV", "")),
        ReceiptText.read("stat:undeliv id:1A2b"));
    assertEquals(Optional.empty(), ReceiptText.read("stat:DELIVRD"));
    assertEquals(Optional.empty(), ReceiptText.read("hello"));
    assertEquals(Optional.empty(), ReceiptText.read("x".repeat(1_000_000)));
  }
}
