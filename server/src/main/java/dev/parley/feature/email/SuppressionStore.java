package dev.parley.feature.email;

import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import java.time.Instant;
import java.util.Optional;

/** Who is not to be written to from a domain, as rows. */
final class SuppressionStore {
  /** The list that Parley keeps by itself. */
  static final String AUTOMATIC = "";

  /** Why, if the address is suppressed for messages of the sender name. */
  Optional<String> reason(Rows rows, SenderDomain domain, String username, String address) {
    return rows.one(
        "SELECT reason FROM email_suppressed WHERE resource_id = ? AND name = ? AND address = ?"
            + " AND (username = '' OR username = ?) LIMIT 1",
        row -> row.text(1),
        domain.service().value(),
        domain.name(),
        address,
        username);
  }

  void suppress(Tx tx, SenderDomain domain, String address, String reason, Instant now) {
    tx.run(
        "INSERT INTO email_suppressed (resource_id, name, address, list_id, username, address_id,"
            + " email, reason, detail, since_ms) VALUES (?, ?, ?, ?, '', '', ?, ?, '{}', ?)"
            + " ON CONFLICT (resource_id, name, address, list_id)"
            + " DO UPDATE SET reason = excluded.reason, since_ms = excluded.since_ms",
        domain.service().value(),
        domain.name(),
        Addresses.folded(address),
        AUTOMATIC,
        address,
        reason,
        now.toEpochMilli());
  }
}
