package dev.parley.feature.directory;

import dev.parley.base.kit.Json;
import dev.parley.base.kit.Sealer;
import dev.parley.base.kit.Secret;
import dev.parley.base.store.Migration;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Row;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Rows of the directory, all in one partition of the house: there are few, and they change seldom.
 */
final class DirectoryStore {
  private static final String PRINCIPALS =
      "SELECT principal_id, kind, client_id, name, enabled, redirects, created_on, generation"
          + " FROM directory_principal";

  static final PartitionKey PARTITION = new PartitionKey(ResourceId.HOUSE, "directory");

  private static final String HOUSE = ResourceId.HOUSE.value();
  private static final String KEY_PURPOSE = "issuer-key/";

  static final List<Migration> MIGRATIONS =
      List.of(
          new Migration(
              "directory",
              1,
              List.of(
                  """
                  CREATE TABLE directory_fact (
                    resource_id TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
                    PRIMARY KEY (resource_id, name))\
                  """,
                  """
                  CREATE TABLE directory_principal (
                    resource_id TEXT NOT NULL, principal_id TEXT NOT NULL, kind TEXT NOT NULL,
                    client_id TEXT NOT NULL, name TEXT NOT NULL, enabled BIGINT NOT NULL,
                    redirects TEXT NOT NULL, created_on BIGINT NOT NULL, generation BIGINT NOT NULL,
                    PRIMARY KEY (resource_id, principal_id))\
                  """,
                  "CREATE UNIQUE INDEX directory_principal_by_client ON directory_principal (resource_id, client_id)",
                  "CREATE UNIQUE INDEX directory_principal_by_name ON directory_principal (resource_id, kind, name)",
                  """
                  CREATE TABLE directory_secret (
                    resource_id TEXT NOT NULL, principal_id TEXT NOT NULL, secret_id TEXT NOT NULL,
                    hint TEXT NOT NULL, hash TEXT NOT NULL, created_on BIGINT NOT NULL,
                    expires_on BIGINT NOT NULL, PRIMARY KEY (resource_id, principal_id, secret_id))\
                  """,
                  """
                  CREATE TABLE directory_key (
                    resource_id TEXT NOT NULL, key_id TEXT NOT NULL, sealed TEXT NOT NULL,
                    created_on BIGINT NOT NULL, PRIMARY KEY (resource_id, key_id))\
                  """,
                  """
                  CREATE TABLE directory_code (
                    resource_id TEXT NOT NULL, code_hash TEXT NOT NULL, detail TEXT NOT NULL,
                    expires_on BIGINT NOT NULL, PRIMARY KEY (resource_id, code_hash))\
                  """,
                  "CREATE INDEX directory_code_by_time ON directory_code (resource_id, expires_on)")));

  /** A private signing key as JSON, and when it was made. */
  record StoredKey(String id, String jwk, Instant createdOn) {}

  private final Sealer sealer;

  DirectoryStore(Sealer sealer) {
    this.sealer = sealer;
  }

  Optional<String> fact(Rows rows, String name) {
    return rows.one(
        "SELECT value FROM directory_fact WHERE resource_id = ? AND name = ?",
        row -> row.text(1),
        HOUSE,
        name);
  }

  void addFact(Tx tx, String name, String value) {
    tx.add(
        "INSERT INTO directory_fact (resource_id, name, value) VALUES (?, ?, ?)",
        HOUSE,
        name,
        value);
  }

  List<StoredPrincipal> all(Rows rows, int limit) {
    return rows.all(
        PRINCIPALS + " WHERE resource_id = ? ORDER BY principal_id LIMIT ?",
        DirectoryStore::principal,
        HOUSE,
        limit);
  }

  Optional<StoredPrincipal> find(Rows rows, String id) {
    return rows.one(
        PRINCIPALS + " WHERE resource_id = ? AND principal_id = ?",
        DirectoryStore::principal,
        HOUSE,
        id);
  }

  Optional<StoredPrincipal> ofClient(Rows rows, String clientId) {
    return rows.one(
        PRINCIPALS + " WHERE resource_id = ? AND client_id = ?",
        DirectoryStore::principal,
        HOUSE,
        clientId);
  }

  Optional<StoredPrincipal> named(Rows rows, StoredPrincipal.Kind kind, String name) {
    return rows.one(
        PRINCIPALS + " WHERE resource_id = ? AND kind = ? AND name = ?",
        DirectoryStore::principal,
        HOUSE,
        kind.name(),
        name);
  }

  private static StoredPrincipal principal(Row row) {
    return new StoredPrincipal(
        row.text(1),
        StoredPrincipal.Kind.valueOf(row.text(2)),
        row.text(3),
        row.text(4),
        row.number(5) != 0,
        List.of(Json.read(row.text(6), String[].class)),
        row.time(7),
        row.number(8));
  }

  void insert(Tx tx, StoredPrincipal principal) {
    tx.add(
        "INSERT INTO directory_principal (resource_id, principal_id, kind, client_id, name, enabled, redirects, created_on, generation) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        HOUSE,
        principal.id(),
        principal.kind().name(),
        principal.clientId(),
        principal.name(),
        principal.enabled() ? 1L : 0L,
        Json.text(principal.redirects()),
        principal.createdOn().toEpochMilli(),
        principal.generation());
  }

  void update(Tx tx, StoredPrincipal principal) {
    tx.run(
        "UPDATE directory_principal SET enabled = ?, redirects = ?, generation = ? WHERE resource_id = ? AND principal_id = ?",
        principal.enabled() ? 1L : 0L,
        Json.text(principal.redirects()),
        principal.generation(),
        HOUSE,
        principal.id());
  }

  void delete(Tx tx, String id) {
    tx.run("DELETE FROM directory_principal WHERE resource_id = ? AND principal_id = ?", HOUSE, id);
    tx.run("DELETE FROM directory_secret WHERE resource_id = ? AND principal_id = ?", HOUSE, id);
  }

  List<StoredSecret> secrets(Rows rows, String principal) {
    return rows.all(
        "SELECT secret_id, hint, hash, created_on, expires_on FROM directory_secret WHERE resource_id = ? AND principal_id = ? ORDER BY secret_id",
        row -> new StoredSecret(row.text(1), row.text(2), row.text(3), row.time(4), row.time(5)),
        HOUSE,
        principal);
  }

  void addSecret(Tx tx, String principal, StoredSecret secret) {
    tx.add(
        "INSERT INTO directory_secret (resource_id, principal_id, secret_id, hint, hash, created_on, expires_on) VALUES (?, ?, ?, ?, ?, ?, ?)",
        HOUSE,
        principal,
        secret.id(),
        secret.hint(),
        secret.hash(),
        secret.createdOn().toEpochMilli(),
        secret.expiresOn().toEpochMilli());
  }

  boolean deleteSecret(Tx tx, String principal, String secret) {
    return tx.run(
            "DELETE FROM directory_secret WHERE resource_id = ? AND principal_id = ? AND secret_id = ?",
            HOUSE,
            principal,
            secret)
        > 0;
  }

  void deleteSecrets(Tx tx, String principal) {
    tx.run(
        "DELETE FROM directory_secret WHERE resource_id = ? AND principal_id = ?",
        HOUSE,
        principal);
  }

  List<StoredKey> keys(Rows rows) {
    return rows.all(
        "SELECT key_id, sealed, created_on FROM directory_key WHERE resource_id = ? ORDER BY key_id",
        row -> {
          var secret = sealer.unseal(row.text(2), KEY_PURPOSE + row.text(1));
          return new StoredKey(
              row.text(1),
              new String(secret.reveal(), java.nio.charset.StandardCharsets.UTF_8),
              row.time(3));
        },
        HOUSE);
  }

  void addKey(Tx tx, StoredKey key) {
    var secret = Secret.of(key.jwk().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    tx.add(
        "INSERT INTO directory_key (resource_id, key_id, sealed, created_on) VALUES (?, ?, ?, ?)",
        HOUSE,
        key.id(),
        sealer.seal(secret, KEY_PURPOSE + key.id()),
        key.createdOn().toEpochMilli());
  }

  void deleteKey(Tx tx, String id) {
    tx.run("DELETE FROM directory_key WHERE resource_id = ? AND key_id = ?", HOUSE, id);
  }

  void addCode(Tx tx, String hash, String detail, Instant expires) {
    tx.add(
        "INSERT INTO directory_code (resource_id, code_hash, detail, expires_on) VALUES (?, ?, ?, ?)",
        HOUSE,
        hash,
        detail,
        expires.toEpochMilli());
  }

  /** What was kept for a code that is still good; a code is gone once it was asked for. */
  Optional<String> takeCode(Tx tx, String hash, Instant now) {
    tx.run(
        "DELETE FROM directory_code WHERE resource_id = ? AND expires_on <= ?",
        HOUSE,
        now.toEpochMilli());
    var detail =
        tx.one(
            "SELECT detail FROM directory_code WHERE resource_id = ? AND code_hash = ?",
            row -> row.text(1),
            HOUSE,
            hash);
    tx.run("DELETE FROM directory_code WHERE resource_id = ? AND code_hash = ?", HOUSE, hash);
    return detail;
  }
}
