package dev.parley.base.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets at rest, and the keys that seal them. */
class SealerTest {
  private static final String PURPOSE = "resource contoso PRIMARY";

  @TempDir private Path folder;
  private final SecureRandom random = new SecureRandom();
  private final Secret secret = Secret.random(random, 64);

  private String key() {
    return Secret.random(random, 32).revealBase64();
  }

  private Sealer sealer(String keys) {
    return new Sealer(LocalMasterKeys.of(keys, folder.resolve("unused"), random), random);
  }

  @Test
  void whatWasSealedOpensForItsPurposeOnly() {
    var sealer = sealer(key());
    var sealed = sealer.seal(secret, PURPOSE);
    assertArrayEquals(secret.reveal(), sealer.unseal(sealed, PURPOSE).reveal());
    assertFalse(sealed.contains(secret.revealBase64().substring(0, 20)));
    assertThrows(
        IllegalStateException.class, () -> sealer.unseal(sealed, "resource fabrikam PRIMARY"));
  }

  @Test
  void theSameSecretIsNeverSealedToTheSameText() {
    var sealer = sealer(key());
    assertNotEquals(sealer.seal(secret, PURPOSE), sealer.seal(secret, PURPOSE));
  }

  @Test
  void whatWasChangedDoesNotOpen() {
    var sealer = sealer(key());
    var sealed = sealer.seal(secret, PURPOSE);
    var start = sealed.lastIndexOf(':') + 1;
    for (var i = start; i < sealed.length() - 1; i++) {
      var changed = sealed.charAt(i) == 'A' ? 'B' : 'A';
      var text = sealed.substring(0, i) + changed + sealed.substring(i + 1);
      assertThrows(IllegalStateException.class, () -> sealer.unseal(text, PURPOSE));
    }
    for (var text : List.of("", "v2" + sealed.substring(2), "x:y", sealed + ":x")) {
      assertThrows(IllegalStateException.class, () -> sealer.unseal(text, PURPOSE));
    }
  }

  @Test
  void aKeyIsReplacedByPuttingTheNewOneFirst() {
    var old = key();
    var fresh = key();
    var sealed = sealer(old).seal(secret, PURPOSE);
    var both = sealer(fresh + "," + old);
    assertArrayEquals(secret.reveal(), both.unseal(sealed, PURPOSE).reveal());
    var again = both.seal(secret, PURPOSE);
    assertArrayEquals(secret.reveal(), sealer(fresh).unseal(again, PURPOSE).reveal());
    var refused =
        assertThrows(IllegalStateException.class, () -> sealer(fresh).unseal(sealed, PURPOSE));
    assertTrue(refused.getMessage().contains("Was the key file lost or changed?"));
  }

  @Test
  void aKeyFileIsMadeOnceAndForItsOwnerOnly() throws IOException {
    var file = folder.resolve("master.key");
    var made = new Sealer(LocalMasterKeys.of("", file, random), random).seal(secret, PURPOSE);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    var again = new Sealer(LocalMasterKeys.of("", file, random), random);
    assertArrayEquals(secret.reveal(), again.unseal(made, PURPOSE).reveal());
    Files.writeString(file, key() + "\n" + Files.readString(file) + "\n");
    var rotated = new Sealer(LocalMasterKeys.of("", file, random), random);
    assertArrayEquals(secret.reveal(), rotated.unseal(made, PURPOSE).reveal());
  }

  @Test
  void whatIsNoKeyStopsTheStartWithoutShowingIt() throws IOException {
    for (var keys : List.of("x", "c2hvcnQ=", key() + ",secretsecret", ",")) {
      var file = folder.resolve("unused");
      var refused =
          assertThrows(SettingsProblem.class, () -> LocalMasterKeys.of(keys, file, random));
      assertFalse(refused.getMessage().contains("secretsecret"));
    }
    var empty = folder.resolve("empty.key");
    Files.writeString(empty, "\n");
    assertThrows(SettingsProblem.class, () -> LocalMasterKeys.of("", empty, random));
  }

  @Test
  void aSecretShowsNothingOfItself() {
    assertFalse(secret.toString().contains(secret.revealBase64().substring(0, 8)));
    assertTrue(secret.matches(Secret.of(secret.reveal())));
    assertFalse(secret.matches(Secret.random(random, 64)));
  }
}
