package dev.parley.base.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Master keys from a setting or a file: base64 of 32 bytes each, the newest first. A key's id is
 * the beginning of its own hash.
 *
 * <p>The setting {@code master-key} (or {@code PARLEY_MASTER_KEY}) wins; without it the file is
 * read, and made when it is not there.
 */
public final class LocalMasterKeys implements MasterKeys {
  private static final int KEY_BYTES = 32;

  private final List<MasterKey> keys;

  private LocalMasterKeys(List<MasterKey> keys) {
    this.keys = List.copyOf(keys);
  }

  /**
   * Reads the keys.
   *
   * @param setting base64 keys between commas, or empty text
   * @param file one base64 key a line; made, readable by the owner only, when it is not there
   * @throws SettingsProblem when a key is no base64 of 32 bytes
   */
  public static LocalMasterKeys of(String setting, Path file, SecureRandom random) {
    if (!setting.isEmpty()) {
      return new LocalMasterKeys(parse(List.of(setting.split(",", -1)), "master-key"));
    }
    try {
      if (!Files.exists(file)) {
        OwnerOnly.write(file, Secret.random(random, KEY_BYTES).revealBase64() + "\n");
      }
      return new LocalMasterKeys(parse(Files.readAllLines(file), file.toString()));
    } catch (IOException e) {
      throw new SettingsProblem(
          "The master key file " + file + " cannot be read: " + e.getMessage());
    }
  }

  private static List<MasterKey> parse(List<String> lines, String where) {
    var keys = new ArrayList<MasterKey>();
    for (var line : lines) {
      if (!line.isBlank()) {
        keys.add(key(line.strip(), where));
      }
    }
    if (keys.isEmpty()) {
      throw new SettingsProblem(where + " holds no master key.");
    }
    return keys;
  }

  private static MasterKey key(String text, String where) {
    try {
      var secret = Secret.fromBase64(text);
      if (secret.reveal().length == KEY_BYTES) {
        var id = HexFormat.of().formatHex(secret.hmacSha256(new byte[0]), 0, 6);
        return new MasterKey(id, secret);
      }
    } catch (IllegalArgumentException _) {
      // Told below; the text itself is a secret.
    }
    throw new SettingsProblem("A master key of " + where + " is not base64 of 32 bytes.");
  }

  @Override
  public MasterKey newest() {
    return keys.getFirst();
  }

  @Override
  public Optional<MasterKey> find(String id) {
    return keys.stream().filter(key -> key.id().equals(id)).findFirst();
  }
}
