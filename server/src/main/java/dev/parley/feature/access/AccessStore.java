package dev.parley.feature.access;

import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.SystemData;
import dev.parley.base.kit.Json;
import dev.parley.base.store.Migration;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import java.util.List;

/** Rows of roles and assignments, all in one partition of the house: few, and seldom changed. */
final class AccessStore {
  static final PartitionKey PARTITION = new PartitionKey(ResourceId.HOUSE, "access");

  private static final String HOUSE = ResourceId.HOUSE.value();

  static final List<Migration> MIGRATIONS =
      List.of(
          new Migration(
              "access",
              1,
              List.of(
                  """
                  CREATE TABLE access_role (
                    resource_id TEXT NOT NULL, role_id TEXT NOT NULL, detail TEXT NOT NULL,
                    PRIMARY KEY (resource_id, role_id))\
                  """,
                  """
                  CREATE TABLE access_assignment (
                    resource_id TEXT NOT NULL, assignment_id TEXT NOT NULL, scope TEXT NOT NULL,
                    role_id TEXT NOT NULL, principal_id TEXT NOT NULL, principal_type TEXT NOT NULL,
                    description TEXT NOT NULL, made TEXT NOT NULL,
                    PRIMARY KEY (resource_id, assignment_id))\
                  """,
                  """
                  CREATE TABLE access_activity (
                    resource_id TEXT NOT NULL, subscription_id TEXT NOT NULL, at_ms BIGINT NOT NULL,
                    entry_id TEXT NOT NULL, detail TEXT NOT NULL,
                    PRIMARY KEY (resource_id, subscription_id, at_ms, entry_id))\
                  """)));

  List<Role> roles(Rows rows, int limit) {
    return rows.all(
        "SELECT detail FROM access_role WHERE resource_id = ? ORDER BY role_id LIMIT ?",
        row -> Json.read(row.text(1), Role.class),
        HOUSE,
        limit);
  }

  void putRole(Tx tx, Role role) {
    deleteRole(tx, role.id());
    tx.add(
        "INSERT INTO access_role (resource_id, role_id, detail) VALUES (?, ?, ?)",
        HOUSE,
        role.id(),
        Json.text(role));
  }

  void deleteRole(Tx tx, String id) {
    tx.run("DELETE FROM access_role WHERE resource_id = ? AND role_id = ?", HOUSE, id);
  }

  List<Assignment> assignments(Rows rows, int limit) {
    return rows.all(
        "SELECT assignment_id, scope, role_id, principal_id, principal_type, description, made FROM access_assignment WHERE resource_id = ? ORDER BY assignment_id LIMIT ?",
        row ->
            new Assignment(
                row.text(1),
                scope(row.text(2)),
                row.text(3),
                row.text(4),
                row.text(5),
                row.text(6),
                Json.read(row.text(7), SystemData.class)),
        HOUSE,
        limit);
  }

  /** A scope that cannot be read must never widen to the root. */
  private static ArmId scope(String text) {
    return ArmId.parse(text)
        .orElseThrow(() -> new IllegalStateException("A stored scope cannot be read: " + text));
  }

  void add(Tx tx, Assignment assignment) {
    tx.add(
        "INSERT INTO access_assignment (resource_id, assignment_id, scope, role_id, principal_id, principal_type, description, made) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        HOUSE,
        assignment.id(),
        assignment.scope().toString(),
        assignment.roleId(),
        assignment.principalId(),
        assignment.principalType(),
        assignment.description(),
        Json.text(assignment.made()));
  }

  void delete(Tx tx, String id) {
    tx.run("DELETE FROM access_assignment WHERE resource_id = ? AND assignment_id = ?", HOUSE, id);
  }
}
