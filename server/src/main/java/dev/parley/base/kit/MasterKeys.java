package dev.parley.base.kit;

import java.util.Optional;

/** Where the keys that seal stored secrets come from: a file, the environment, or a vault. */
public interface MasterKeys {
  /**
   * One master key.
   *
   * @param id names the key in sealed text; letters and digits
   * @param secret 32 bytes
   */
  record MasterKey(String id, Secret secret) {}

  /** The key that new secrets are sealed under. */
  MasterKey newest();

  /** A key by id, also an older one. */
  Optional<MasterKey> find(String id);
}
