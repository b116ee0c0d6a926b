package dev.parley.feature.realtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** socket.io packets, whole and broken. */
class PacketTest {
  @Test
  void packetsAreReadAsClientsWriteThem() {
    assertEquals(Optional.of(new Packet(0, "", "")), Packet.parse("0::"));
    assertEquals(Optional.of(new Packet(2, "", "")), Packet.parse("2::"));
    assertEquals(
        Optional.of(new Packet(3, "", "{\"a\":\":\"}")), Packet.parse("3:::{\"a\":\":\"}"));
    assertEquals(
        Optional.of(new Packet(5, "12", "{\"name\":\"ping\"}")),
        Packet.parse("5:12+::{\"name\":\"ping\"}"));
    assertEquals(Optional.of(new Packet(5, "7", "x")), Packet.parse("5:7::x"));
    assertEquals(Optional.of(new Packet(6, "", "1+[\"a\"]")), Packet.parse("6:::1+[\"a\"]"));
    assertEquals(Optional.of(new Packet(1, "", "")), Packet.parse("1::/names/space"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "1:", "9::", "a::", "55::", "5:+x::", "5:-1::", "5 ::"})
  void whatIsNoneIsNotRead(String text) {
    assertTrue(Packet.parse(text).isEmpty(), text);
  }

  @Test
  void responsesAreReadInAnyForm() {
    var fast = "{\"id\":17,\"status\":200,\"headers\":{},\"body\":\"\"}";
    assertEquals(Optional.of(new ClientResponse(17, 200)), ClientResponse.parse(fast));
    var slow = "{ \"status\": 404, \"body\":\"\", \"id\": 3 }";
    assertEquals(Optional.of(new ClientResponse(3, 404)), ClientResponse.parse(slow));
    for (var wrong :
        List.of(
            "",
            "{}",
            "[]",
            "{\"id\":\"1\",\"status\":200}",
            "{\"id\":1}",
            "{\"id\":1,\"status\":")) {
      assertTrue(ClientResponse.parse(wrong).isEmpty(), wrong);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3:::{\"id\":17,\"status\":200,\"headers\":{},\"body\":\"\"}",
        "3:::{\"id\":999999999999999999,\"status\":504}"
      })
  void theUsualResponseIsReadWhereItLies(String text) {
    var read = ClientResponse.read(ascii(text), text.length());
    assertEquals(ClientResponse.parse(text.substring(4)), Optional.ofNullable(read));
    assertTrue(read != null);
    // What follows it in the buffer belongs to another packet.
    assertEquals(read, ClientResponse.read(ascii(text + "}}"), text.length()));
    for (var length = 0; length < text.length(); length++) {
      // Cut off anywhere it is no usual response, except behind an inner bracket.
      var cut = ClientResponse.read(ascii(text), length);
      assertTrue(cut == null || text.charAt(length - 1) == '}', text.substring(0, length));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3:::{\"id\":,\"status\":200}",
        "3:::{\"id\":1,\"status\":2000}",
        "3:::{\"id\":-1,\"status\":200}",
        "3:::{\"id\":1234567890123456789,\"status\":200}",
        "3:::{\"status\":200,\"id\":1}",
        "5:7+::{\"name\":\"pong\"}",
        "5:7::{\"name\":\"ping\"}",
        "5:+::{\"name\":\"ping\"}",
        "5:7x+::{\"name\":\"ping\"}",
        "6:7+::{\"name\":\"ping\"}",
        ""
      })
  void anythingElseIsLeftToTheParser(String text) {
    assertTrue(ClientResponse.read(ascii(text), text.length()) == null, text);
    assertTrue(Pong.to(ascii(text), text.length()) == null, text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "12", "123456789012345678"})
  void pingsAreAnsweredUnderTheirNumber(String number) {
    var ping = "5:" + number + "+::{\"name\":\"ping\"}";
    assertEquals(
        Packet.acknowledgement(number, "pong"),
        new String(Pong.to(ascii(ping), ping.length()), StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 9, 10, 4711, 999_999_999_999_999_999L})
  void requestsBeginWithTheirNumber(long number) {
    assertEquals(
        "3:::{\"id\":" + number + ",\"method\":\"POST\",\"url\":\"/v4/f/x/",
        new String(
            Notification.start(number, Notification.address("/v4/f/x/")),
            StandardCharsets.US_ASCII));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void batchesCountAsJavaScriptDoes() {
    var packets = List.of("2::", "3:::wörld 😀", "5:::{\"a\":\"\uFFFD1\uFFFD\"}");
    assertEquals(Optional.of(packets), PacketBatch.split(PacketBatch.join(packets)));
    assertEquals("2::", PacketBatch.join(List.of("2::")));
    assertEquals(Optional.of(List.of("2::")), PacketBatch.split("2::"));
    for (var wrong :
        List.of(
            "\uFFFD",
            "\uFFFD3",
            "\uFFFD3\uFFFD2:",
            "\uFFFD-1\uFFFD",
            "\uFFFDx\uFFFD2::",
            "\uFFFD3\uFFFD2::x",
            "\uFFFD99999999\uFFFD")) {
      assertTrue(PacketBatch.split(wrong).isEmpty(), wrong);
    }
  }

  /** Whatever comes in, reading ends with a packet or with none. */
  @Test
  void noiseBreaksNothing() {
    var seed = System.nanoTime();
    System.out.println("PacketTest seed " + seed);
    var random = new Random(seed);
    var alphabet = "0123456789:+\uFFFD{}[]\"\\,namestidu \u0000é😀";
    for (var i = 0; i < 100_000; i++) {
      var text = new StringBuilder();
      var length = random.nextInt(40);
      for (var j = 0; j < length; j++) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      var noise = text.toString();
      Packet.parse(noise);
      var bytes = noise.getBytes(StandardCharsets.UTF_8);
      ClientResponse.read(bytes, bytes.length);
      Pong.to(bytes, bytes.length);
      ClientResponse.parse(noise);
      PacketBatch.split(noise);
      StreamPosition.parse(noise);
    }
  }

  @Test
  void joinedPacketsComeBackWhateverTheyHold() {
    var seed = System.nanoTime();
    System.out.println("PacketTest seed " + seed);
    var random = new Random(seed);
    for (var i = 0; i < 2_000; i++) {
      var packets = new ArrayList<String>();
      for (var j = 0; j < 2 + random.nextInt(5); j++) {
        packets.add(
            random
                .ints(random.nextInt(20), 0x20, 0x10000)
                .mapToObj(c -> String.valueOf((char) c))
                .reduce("", String::concat));
      }
      assertEquals(Optional.of(packets), PacketBatch.split(PacketBatch.join(packets)));
    }
  }
}
