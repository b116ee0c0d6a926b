package dev.parley.feature.siprouting;

import dev.parley.base.kit.Json;
import dev.parley.base.store.Migration;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import java.util.List;

/** The row of a resource's configuration. */
final class SipStore {
  static final List<Migration> MIGRATIONS =
      List.of(
          new Migration(
              "siprouting",
              1,
              List.of(
                  """
                  CREATE TABLE sip_configuration (
                    resource_id TEXT NOT NULL, configuration TEXT NOT NULL,
                    PRIMARY KEY (resource_id))\
                  """)));

  static PartitionKey partition(ResourceId resource) {
    return new PartitionKey(resource, "sip");
  }

  SipConfiguration get(Rows rows, ResourceId resource) {
    return rows.one(
            "SELECT configuration FROM sip_configuration WHERE resource_id = ?",
            row -> Json.read(row.text(1), SipConfiguration.class),
            resource.value())
        .orElse(SipConfiguration.EMPTY);
  }

  void put(Tx tx, ResourceId resource, SipConfiguration configuration) {
    tx.run(
        "INSERT INTO sip_configuration (resource_id, configuration) VALUES (?, ?)"
            + " ON CONFLICT (resource_id) DO UPDATE SET configuration = excluded.configuration",
        resource.value(),
        Json.text(configuration));
  }

  void erase(Tx tx, ResourceId resource) {
    tx.run("DELETE FROM sip_configuration WHERE resource_id = ?", resource.value());
  }
}
