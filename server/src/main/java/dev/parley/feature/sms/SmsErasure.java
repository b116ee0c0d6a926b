package dev.parley.feature.sms;

import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Stores;
import dev.parley.base.words.ResourceId;
import java.util.List;

/** Takes everything of a resource out of the tables, in bounded units of one sender each. */
final class SmsErasure {
  /** A table, its column behind the resource, and the columns that name one row behind that. */
  private record Table(String name, String owner, String rest) {}

  private static final List<Table> OF_SENDERS =
      List.of(
          new Table("sms_queue", "sender", "message_id"),
          new Table("sms_part", "sender", "message_id"),
          new Table("sms_submitter_receipt", "sender", "message_id"),
          new Table("sms_outgoing", "sender", "message_id"),
          new Table("sms_text", "sender", "text_id"),
          new Table("sms_incoming", "sender", "message_id"),
          new Table("sms_incoming_part", "sender", "handset"),
          new Table("sms_optout", "sender", "recipient"),
          new Table("sms_optout_entry", "sender", "recipient"));
  private static final List<Table> OF_HANDSETS =
      List.of(
          new Table("sms_handset_message", "handset", "message_id"),
          new Table("sms_handset", "handset", "handset"));
  private static final int AT_ONCE = 500;

  private final Stores stores;

  SmsErasure(Stores stores) {
    this.stores = stores;
  }

  void eraseAll(ResourceId resource) {
    OF_SENDERS.forEach(table -> erase(resource, table, "sms:"));
    OF_HANDSETS.forEach(table -> erase(resource, table, "handset:"));
  }

  /** The names of tables and columns are constants of this class. */
  private void erase(ResourceId resource, Table table, String partition) {
    var store = stores.of(resource);
    var owners =
        "SELECT %s FROM %s WHERE resource_id = ? LIMIT 1".formatted(table.owner(), table.name());
    while (true) {
      var owner = store.read(all -> all.one(owners, row -> row.text(1), resource.value()));
      if (owner.isEmpty()) {
        return;
      }
      store.write(
          new PartitionKey(resource, partition + owner.get()),
          tx -> {
            var some =
                tx.all(
                    "SELECT %s FROM %s WHERE resource_id = ? AND %s = ? LIMIT ?"
                        .formatted(table.rest(), table.name(), table.owner()),
                    row -> row.text(1),
                    resource.value(),
                    owner.get(),
                    (long) AT_ONCE);
            some.stream()
                .distinct()
                .forEach(one ->
                    tx.run(
                        "DELETE FROM %s WHERE resource_id = ? AND %s = ? AND %s = ?"
                            .formatted(table.name(), table.owner(), table.rest()),
                        resource.value(),
                        owner.get(),
                        one));
            return true;
          });
    }
  }
}
