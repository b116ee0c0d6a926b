package dev.parley.feature.email.arm;

import dev.parley.base.arm.ArmId;
import dev.parley.base.kit.Json;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import java.util.List;
import java.util.Optional;

/**
 * Places as rows; all of the management plane of email is one partition, since it changes seldom.
 */
final class PlaceStore {
  static final ResourceId HOUSE = new ResourceId("house");
  static final PartitionKey PARTITION = new PartitionKey(HOUSE, "email-places");

  Optional<Place> find(Rows rows, ArmId id) {
    return rows.one(
        "SELECT detail FROM email_place WHERE resource_id = ? AND path = ?",
        row -> Json.read(row.text(1), Place.class),
        HOUSE.value(),
        id.key());
  }

  /** Everything whose path begins so, in the order of paths. */
  List<Place> below(Rows rows, String prefix, int limit) {
    // The character after the slash bounds the range.
    return rows.all(
        "SELECT detail FROM email_place WHERE resource_id = ? AND path >= ? AND path < ?"
            + " ORDER BY path LIMIT ?",
        row -> Json.read(row.text(1), Place.class),
        HOUSE.value(),
        prefix + "/",
        prefix + "0",
        limit);
  }

  void put(Tx tx, Place place) {
    tx.run(
        "INSERT INTO email_place (resource_id, path, detail) VALUES (?, ?, ?)"
            + " ON CONFLICT (resource_id, path) DO UPDATE SET detail = excluded.detail",
        HOUSE.value(),
        place.armId().key(),
        Json.text(place));
  }

  void delete(Tx tx, ArmId id) {
    tx.run("DELETE FROM email_place WHERE resource_id = ? AND path = ?", HOUSE.value(), id.key());
    tx.run(
        "DELETE FROM email_place WHERE resource_id = ? AND path >= ? AND path < ?",
        HOUSE.value(),
        id.key() + "/",
        id.key() + "0");
  }

  /** Who has an SMTP user name, by a row of its own that is as unique as the name. */
  Optional<Place> ofUsername(Rows rows, String username) {
    return rows.one(
        "SELECT detail FROM email_place WHERE resource_id = ? AND path = ?",
        row -> Json.read(row.text(1), Place.class),
        HOUSE.value(),
        alias(username));
  }

  void putUsername(Tx tx, String username, Place place) {
    tx.run(
        "INSERT INTO email_place (resource_id, path, detail) VALUES (?, ?, ?)"
            + " ON CONFLICT (resource_id, path) DO UPDATE SET detail = excluded.detail",
        HOUSE.value(),
        alias(username),
        Json.text(place));
  }

  void deleteUsername(Tx tx, String username) {
    tx.run(
        "DELETE FROM email_place WHERE resource_id = ? AND path = ?",
        HOUSE.value(),
        alias(username));
  }

  private static String alias(String username) {
    return "smtp:" + username.toLowerCase(java.util.Locale.ROOT);
  }
}
