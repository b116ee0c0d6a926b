package dev.parley.feature.identity;

import dev.parley.base.kit.Json;
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
 * Rows of users, external ids and assignments.
 *
 * <p>A user lies in the partition {@code user:<raw id>}. An external id lies in {@code
 * external:<hash>} and says which user has it, so that of two creations at once one finds the
 * other's user.
 */
final class IdentityStore {
  static final List<Migration> MIGRATIONS =
      List.of(
          new Migration(
              "identity",
              1,
              List.of(
                  """
                  CREATE TABLE identity_user (
                    resource_id TEXT NOT NULL, user_id TEXT NOT NULL, generation BIGINT NOT NULL,
                    created_on BIGINT NOT NULL, deleted_on BIGINT, last_token_on BIGINT,
                    external_id TEXT, content_key TEXT NOT NULL, external_hash TEXT NOT NULL,
                    PRIMARY KEY (resource_id, user_id))\
                  """,
                  """
                  CREATE TABLE identity_external (
                    resource_id TEXT NOT NULL, external_hash TEXT NOT NULL, user_id TEXT NOT NULL,
                    PRIMARY KEY (resource_id, external_hash))\
                  """,
                  """
                  CREATE TABLE identity_assignment (
                    resource_id TEXT NOT NULL, tenant_id TEXT NOT NULL, object_id TEXT NOT NULL,
                    principal_type TEXT NOT NULL, client_ids TEXT NOT NULL,
                    PRIMARY KEY (resource_id, tenant_id, object_id))\
                  """)));

  static PartitionKey external(ResourceId resource, String hash) {
    return new PartitionKey(resource, "external:" + hash);
  }

  Optional<StoredUser> find(Rows rows, UserKey user) {
    return rows.one(
        """
        SELECT generation, deleted_on, external_id, external_hash, last_token_on
        FROM identity_user WHERE resource_id = ? AND user_id = ?\
        """,
        row ->
            new StoredUser(
                user,
                row.number(1),
                row.numberIf(2).isPresent(),
                row.textIf(3),
                row.text(4),
                row.timeIf(5)),
        user.resource().value(),
        user.id());
  }

  void insert(Tx tx, StoredUser user, Instant now) {
    tx.add(
        """
        INSERT INTO identity_user (resource_id, user_id, generation, created_on, deleted_on,
          last_token_on, external_id, content_key, external_hash)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)\
        """,
        user.key().resource().value(),
        user.key().id(),
        user.generation(),
        now.toEpochMilli(),
        null,
        user.lastTokenOn().map(Instant::toEpochMilli).orElse(null),
        user.externalId().orElse(null),
        "",
        user.externalHash());
  }

  void setGeneration(Tx tx, UserKey user, long generation) {
    tx.run(
        "UPDATE identity_user SET generation = ? WHERE resource_id = ? AND user_id = ?",
        generation,
        user.resource().value(),
        user.id());
  }

  void setLastToken(Tx tx, UserKey user, Instant at) {
    tx.run(
        """
        UPDATE identity_user SET last_token_on = ?
        WHERE resource_id = ? AND user_id = ? AND deleted_on IS NULL
          AND (last_token_on IS NULL OR last_token_on < ?)\
        """,
        at.toEpochMilli(),
        user.resource().value(),
        user.id(),
        at.toEpochMilli());
  }

  /** Leaves the id, the generation and, until the external id is released, its hash. */
  void bury(Tx tx, UserKey user, long generation, Instant now) {
    tx.run(
        """
        UPDATE identity_user SET generation = ?, deleted_on = ?, last_token_on = NULL, external_id = NULL
        WHERE resource_id = ? AND user_id = ?\
        """,
        generation,
        now.toEpochMilli(),
        user.resource().value(),
        user.id());
  }

  /**
   * Brings back a user whose id an outside issuer decides; the tokens stay dead by their
   * generation.
   */
  void revive(Tx tx, UserKey user, Instant now) {
    tx.run(
        """
        UPDATE identity_user SET created_on = ?, deleted_on = NULL
        WHERE resource_id = ? AND user_id = ?\
        """,
        now.toEpochMilli(),
        user.resource().value(),
        user.id());
  }

  void clearExternalHash(Tx tx, UserKey user) {
    tx.run(
        """
        UPDATE identity_user SET external_hash = ''
        WHERE resource_id = ? AND user_id = ? AND deleted_on IS NOT NULL\
        """,
        user.resource().value(),
        user.id());
  }

  Optional<UserKey> holder(Rows rows, ResourceId resource, String hash) {
    return rows.one(
        "SELECT user_id FROM identity_external WHERE resource_id = ? AND external_hash = ?",
        row -> new UserKey(resource, row.text(1)),
        resource.value(),
        hash);
  }

  void insertHolder(Tx tx, String hash, UserKey user) {
    tx.add(
        "INSERT INTO identity_external (resource_id, external_hash, user_id) VALUES (?, ?, ?)",
        user.resource().value(),
        hash,
        user.id());
  }

  void replaceHolder(Tx tx, String hash, UserKey user) {
    tx.run(
        "UPDATE identity_external SET user_id = ? WHERE resource_id = ? AND external_hash = ?",
        user.id(),
        user.resource().value(),
        hash);
  }

  void removeHolder(Tx tx, String hash, UserKey user) {
    tx.run(
        """
        DELETE FROM identity_external
        WHERE resource_id = ? AND external_hash = ? AND user_id = ?\
        """,
        user.resource().value(),
        hash,
        user.id());
  }

  Optional<Assignment> assignment(Rows rows, ResourceId resource, Assignment.Id id) {
    return rows.one(
        """
        SELECT principal_type, client_ids FROM identity_assignment
        WHERE resource_id = ? AND tenant_id = ? AND object_id = ?\
        """,
        row -> new Assignment(id, row.text(1), List.of(Json.read(row.text(2), String[].class))),
        resource.value(),
        id.tenantId(),
        id.objectId());
  }

  void insertAssignment(Tx tx, ResourceId resource, Assignment assignment) {
    tx.add(
        """
        INSERT INTO identity_assignment (resource_id, tenant_id, object_id, principal_type, client_ids)
        VALUES (?, ?, ?, ?, ?)\
        """,
        resource.value(),
        assignment.id().tenantId(),
        assignment.id().objectId(),
        assignment.principalType(),
        Json.text(assignment.clientIds()));
  }

  void replaceAssignment(Tx tx, ResourceId resource, Assignment assignment) {
    tx.run(
        """
        UPDATE identity_assignment SET principal_type = ?, client_ids = ?
        WHERE resource_id = ? AND tenant_id = ? AND object_id = ?\
        """,
        assignment.principalType(),
        Json.text(assignment.clientIds()),
        resource.value(),
        assignment.id().tenantId(),
        assignment.id().objectId());
  }

  void removeAssignment(Tx tx, ResourceId resource, Assignment.Id id) {
    tx.run(
        """
        DELETE FROM identity_assignment
        WHERE resource_id = ? AND tenant_id = ? AND object_id = ?\
        """,
        resource.value(),
        id.tenantId(),
        id.objectId());
  }

  /** Some of the resource's users, for erasing them: the caller asks again until there are none. */
  List<UserKey> someUsers(Rows rows, ResourceId resource, int limit) {
    return rows.all(
        "SELECT user_id FROM identity_user WHERE resource_id = ? ORDER BY user_id LIMIT ?",
        row -> new UserKey(resource, row.text(1)),
        resource.value(),
        limit);
  }

  void removeUser(Tx tx, UserKey user) {
    tx.run(
        "DELETE FROM identity_user WHERE resource_id = ? AND user_id = ?",
        user.resource().value(),
        user.id());
  }

  /** Some of the resource's hashes of external ids, likewise. */
  List<String> someExternals(Rows rows, ResourceId resource, int limit) {
    return rows.all(
        """
        SELECT external_hash FROM identity_external
        WHERE resource_id = ? ORDER BY external_hash LIMIT ?\
        """,
        row -> row.text(1),
        resource.value(),
        limit);
  }

  void removeExternal(Tx tx, ResourceId resource, String hash) {
    tx.run(
        "DELETE FROM identity_external WHERE resource_id = ? AND external_hash = ?",
        resource.value(),
        hash);
  }

  /** Some of the resource's assignments, likewise. */
  List<Assignment.Id> someAssignments(Rows rows, ResourceId resource, int limit) {
    return rows.all(
        """
        SELECT tenant_id, object_id FROM identity_assignment
        WHERE resource_id = ? ORDER BY tenant_id, object_id LIMIT ?\
        """,
        IdentityStore::assignmentId,
        resource.value(),
        limit);
  }

  private static Assignment.Id assignmentId(Row row) {
    return new Assignment.Id(row.text(1), row.text(2));
  }
}
