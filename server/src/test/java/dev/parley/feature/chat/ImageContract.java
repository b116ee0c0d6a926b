package dev.parley.feature.chat;

import static dev.parley.feature.chat.Person.assertForbidden;
import static dev.parley.feature.chat.Person.assertRefused;
import static dev.parley.feature.chat.Person.json;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.wire.RawReply;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Inline images. */
interface ImageContract extends ChatWorld {
  static byte[] png(int width, int height) {
    return picture("png", width, height);
  }

  static byte[] picture(String format, int width, int height) {
    var out = new ByteArrayOutputStream();
    try {
      assertTrue(
          ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), format, out));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private RawReply upload(Person person, String thread, byte[] bytes) {
    return house().ask(person.request("POST", thread + "/images", "image/png", bytes));
  }

  private String uploaded(Person person, String thread, byte[] bytes) {
    return json(201, upload(person, thread, bytes)).path("id").asText();
  }

  @Test
  default void everyFormatOfTheContractIsSeenAsItWasSent() {
    var owner = someone();
    var other = beside(owner);
    var thread = owner.thread(other);
    var formats = new LinkedHashMap<String, byte[]>();
    formats.put("image/png", png(30, 20));
    formats.put("image/jpeg", picture("jpeg", 30, 20));
    formats.put("image/gif", picture("gif", 30, 20));
    formats.put(
        "image/heic", "\0\0\0\24ftypheic\0\0\0\0mif1".getBytes(StandardCharsets.ISO_8859_1));
    formats.put("image/webp", "RIFF\0\0\0\0WEBPVP8 ".getBytes(StandardCharsets.ISO_8859_1));
    formats.forEach((type, bytes) -> {
      var request =
          owner
              .request("POST", thread + "/images", type, bytes)
              .with("image-filename: holiday.png");
      var reply = house().ask(request);
      var made = json(201, reply);
      assertEquals("image", made.path("attachmentType").asText());
      assertEquals("holiday.png", made.path("name").asText());
      var image = thread + "/images/" + made.path("id").asText();
      assertEquals(owner.resource().endpoint() + image, reply.header("location"));
      for (var view : List.of("original", "small")) {
        var seen = other.get(image + "/view/" + view);
        assertEquals(200, seen.status());
        assertEquals(type, seen.header("content-type"));
        assertEquals("nosniff", seen.header("x-content-type-options"));
        assertTrue(seen.header("content-security-policy").contains("sandbox"));
        assertArrayEquals(bytes, seen.body());
      }
    });
  }

  @Test
  default void theSmallViewIsSmall() throws IOException {
    var owner = someone();
    var thread = owner.thread();
    var image = uploaded(owner, thread, png(900, 600));
    var small = owner.get(thread + "/images/" + image + "/view/small");
    var seen = ImageIO.read(new ByteArrayInputStream(small.body()));
    assertEquals(360, seen.getWidth());
    assertEquals(240, seen.getHeight());
    assertRefused(400, "BadRequest", owner.get(thread + "/images/" + image + "/view/huge"));
  }

  @Test
  default void whatIsNoImageIsRefused() {
    var owner = someone();
    var thread = owner.thread();
    var svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>";
    for (var text :
        List.of(
            "",
            "x",
            "<html><script>alert(1)</script>",
            svg,
            "GIF89a-but-nothing",
            "BM".repeat(40))) {
      assertRefused(
          400, "BadRequest", upload(owner, thread, text.getBytes(StandardCharsets.UTF_8)));
    }
    var cut = png(40, 40);
    assertRefused(400, "BadRequest", upload(owner, thread, Arrays.copyOf(cut, 20)));
  }

  @Test
  default void aPictureThatWouldTakeTooMuchMemoryIsNotDecoded() {
    var owner = someone();
    var thread = owner.thread();
    var bomb = png(8, 8);
    // The header says 60,000 by 60,000 pixels.
    ByteBuffer.wrap(bomb).putInt(16, 60_000).putInt(20, 60_000);
    var checksum = new CRC32();
    checksum.update(bomb, 12, 17);
    ByteBuffer.wrap(bomb).putInt(29, (int) checksum.getValue());
    var reply = upload(owner, thread, bomb);
    assertTrue(reply.status() == 201 || reply.status() == 400, reply::text);
  }

  @Test
  default void anImageIsBounded() {
    var owner = someone();
    var thread = owner.thread();
    var max = house().config.imageBytesMax();
    var whole = Arrays.copyOf("RIFF\0\0\0\0WEBP".getBytes(StandardCharsets.ISO_8859_1), max);
    uploaded(owner, thread, whole);
    assertRefused(
        413, "RequestEntityTooLarge", upload(owner, thread, Arrays.copyOf(whole, max + 1)));
    var name = owner.request("POST", thread + "/images", "image/png", png(2, 2));
    assertRefused(400, "BadRequest", house().ask(name.with("image-filename: " + "x".repeat(1001))));
  }

  @Test
  default void onlyTheUploaderDeletesAnImage() {
    var owner = someone();
    var other = beside(owner);
    var thread = owner.thread(other);
    var image = thread + "/images/" + uploaded(owner, thread, png(2, 2));
    assertForbidden(other.delete(image));
    assertEquals(200, other.get(image + "/view/original").status());
    assertEquals(204, owner.delete(image).status());
    assertEquals(204, owner.delete(image).status());
    assertRefused(404, "NotFound", owner.get(image + "/view/original"));
  }

  @Test
  default void anImageBelongsToItsThread() {
    var owner = someone();
    var thread = owner.thread();
    var elsewhere = owner.thread();
    var image = uploaded(owner, thread, png(2, 2));
    assertRefused(404, "NotFound", owner.get(elsewhere + "/images/" + image + "/view/original"));
    assertEquals(204, owner.delete(elsewhere + "/images/" + image).status());
    for (var odd : List.of("..", "%2e%2e%2fx", "a%2Fb", "x".repeat(500))) {
      assertEquals(404, owner.get(thread + "/images/" + odd + "/view/original").status(), odd);
    }
    var attached = Map.of("content", "see", "attachments", List.of(Map.of("id", image)));
    assertRefused(400, "BadRequest", owner.post(elsewhere + "/messages", attached));
    var id = json(201, owner.post(thread + "/messages", attached)).path("id").asText();
    var attachment = json(200, owner.get(thread + "/messages/" + id)).at("/content/attachments/0");
    assertEquals(image, attachment.path("id").asText());
    assertEquals("image", attachment.path("attachmentType").asText());
    assertEquals(200, owner.follow(attachment.path("url").asText()).status());
    assertEquals(200, owner.follow(attachment.path("previewUrl").asText()).status());
    var none = Map.of("attachments", List.of());
    assertEquals(204, owner.patch(thread + "/messages/" + id, none).status());
    assertFalse(json(200, owner.get(thread + "/messages/" + id)).at("/content").has("attachments"));
    for (var bad : List.of("[null]", "[{}]", "[{\"id\":null}]", "{}", "[{\"id\":\"nothing\"}]")) {
      var body = "{\"content\":\"a\",\"attachments\":" + bad + "}";
      assertRefused(400, "BadRequest", owner.post(thread + "/messages", body));
    }
    var many = Collections.nCopies(21, Map.of("id", image));
    assertRefused(
        400,
        "BadRequest",
        owner.post(thread + "/messages", Map.of("content", "a", "attachments", many)));
  }
}
