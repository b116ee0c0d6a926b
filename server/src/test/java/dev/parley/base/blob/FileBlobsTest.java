package dev.parley.base.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.words.ResourceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBlobsTest {
  private static final ResourceId CONTOSO = new ResourceId("contoso");
  private static final ResourceId FABRIKAM = new ResourceId("fabrikam");

  @TempDir private Path folder;
  private FileBlobs blobs;

  @BeforeEach
  void open() {
    blobs = new FileBlobs(folder.resolve("blobs"));
  }

  private static byte[] bytes(int... all) {
    var bytes = new byte[all.length];
    for (var i = 0; i < all.length; i++) {
      bytes[i] = (byte) all[i];
    }
    return bytes;
  }

  private byte[] read(ResourceId resource, String name) {
    return blobs.get(resource, name).orElseThrow();
  }

  @Test
  void whatWasPutIsThereUntilItIsDeleted() {
    blobs.put(CONTOSO, "a/b/c.png", bytes(1, 2));
    blobs.put(CONTOSO, "a/empty", bytes());
    assertArrayEquals(bytes(1, 2), read(CONTOSO, "a/b/c.png"));
    assertArrayEquals(bytes(), read(CONTOSO, "a/empty"));
    blobs.put(CONTOSO, "a/b/c.png", bytes(3));
    assertArrayEquals(bytes(3), read(CONTOSO, "a/b/c.png"));
    blobs.delete(CONTOSO, "a/b/c.png");
    blobs.delete(CONTOSO, "a/b/c.png");
    assertEquals(Optional.empty(), blobs.get(CONTOSO, "a/b/c.png"));
    assertEquals(Optional.empty(), blobs.get(CONTOSO, "never"));
  }

  @Test
  void aResourceHasItsOwn() {
    blobs.put(CONTOSO, "x", bytes(1));
    assertEquals(Optional.empty(), blobs.get(FABRIKAM, "x"));
    blobs.put(FABRIKAM, "x", bytes(2));
    blobs.deleteAll(CONTOSO, "");
    assertEquals(Optional.empty(), blobs.get(CONTOSO, "x"));
    assertArrayEquals(bytes(2), read(FABRIKAM, "x"));
  }

  @Test
  void aPrefixIsAFolder() {
    blobs.put(CONTOSO, "chat/1/x", bytes(1));
    blobs.put(CONTOSO, "chat/12/x", bytes(2));
    blobs.deleteAll(CONTOSO, "chat/1/");
    assertEquals(Optional.empty(), blobs.get(CONTOSO, "chat/1/x"));
    assertArrayEquals(bytes(2), read(CONTOSO, "chat/12/x"));
    blobs.deleteAll(CONTOSO, "chat/never/");
    assertThrows(IllegalArgumentException.class, () -> blobs.deleteAll(CONTOSO, "chat/12"));
  }

  @Test
  void noNameLeadsOutOfTheFolder() {
    for (var name :
        List.of(
            "",
            "..",
            "../x",
            "a/../../x",
            "/etc/passwd",
            "a//b",
            ".hidden",
            "a\\b",
            "a\0b",
            "a b",
            "\u00e9",
            "a/",
            "x".repeat(201))) {
      assertThrows(IllegalArgumentException.class, () -> blobs.put(CONTOSO, name, bytes(1)), name);
      assertThrows(IllegalArgumentException.class, () -> blobs.get(CONTOSO, name), name);
      assertThrows(IllegalArgumentException.class, () -> blobs.delete(CONTOSO, name), name);
    }
    var outside = new ResourceId("../other");
    assertThrows(IllegalArgumentException.class, () -> blobs.put(outside, "x", bytes(1)));
  }

  @Test
  void onlyTheOwnerGetsIn() throws IOException {
    blobs.put(CONTOSO, "a/b", bytes(1));
    for (var path : List.of("", "contoso", "contoso/a")) {
      var permissions = Files.getPosixFilePermissions(folder.resolve("blobs").resolve(path));
      assertEquals("rwx------", PosixFilePermissions.toString(permissions), path);
    }
  }

  @Test
  void readersSeeTheOldOrTheNewAndNothingBetween() throws Exception {
    var old = new byte[100_000];
    var fresh = new byte[200_000];
    Arrays.fill(fresh, (byte) 1);
    blobs.put(CONTOSO, "x", old);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var writer =
          threads.submit(() -> {
            for (var i = 0; i < 20; i++) {
              blobs.put(CONTOSO, "x", i % 2 == 0 ? fresh : old);
            }
            return true;
          });
      while (!writer.isDone()) {
        var seen = read(CONTOSO, "x");
        var first = seen[0];
        assertEquals(first == 0 ? old.length : fresh.length, seen.length);
        assertTrue(IntStream.range(0, seen.length).allMatch(i -> seen[i] == first));
      }
      assertTrue(writer.get());
    }
  }

  @Test
  void copiesHoldEverythingThatIsWhole() throws IOException {
    blobs.put(CONTOSO, "a/b", bytes(1));
    blobs.put(FABRIKAM, "c", bytes(2));
    Files.write(folder.resolve("blobs/contoso/a/.unfinished-1"), bytes(9));
    blobs.copyTo(folder.resolve("copy"));
    var copy = new FileBlobs(folder.resolve("copy"));
    assertArrayEquals(bytes(1), copy.get(CONTOSO, "a/b").orElseThrow());
    assertArrayEquals(bytes(2), copy.get(FABRIKAM, "c").orElseThrow());
    assertFalse(Files.exists(folder.resolve("copy/contoso/a/.unfinished-1")));
    blobs.copyAll(CONTOSO, FABRIKAM);
    assertArrayEquals(bytes(1), read(FABRIKAM, "a/b"));
    assertArrayEquals(bytes(2), read(FABRIKAM, "c"));
    blobs.copyAll(new ResourceId("nobody"), CONTOSO);
    assertArrayEquals(bytes(1), read(CONTOSO, "a/b"));
  }
}
