package dev.parley.feature.email;

import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import java.time.Instant;
import java.util.List;
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

  /**
   * Who is suppressed for a domain, by address and list, after a place in that order.
   *
   * @param address only this one; empty text for all
   */
  List<Suppression> list(
      Rows rows,
      SenderDomain domain,
      String address,
      String afterAddress,
      String afterList,
      int limit) {
    return rows.all(
        "SELECT address, list_id, reason, since_ms FROM email_suppressed"
            + " WHERE resource_id = ? AND name = ? AND (? = '' OR address = ?)"
            + " AND (address > ? OR (address = ? AND list_id > ?))"
            + " ORDER BY address, list_id LIMIT ?",
        row ->
            new Suppression(
                domain.domain(),
                row.text(1),
                row.text(2),
                row.text(3),
                Instant.ofEpochMilli(row.number(4))),
        domain.service().value(),
        domain.name(),
        address,
        address,
        afterAddress,
        afterAddress,
        afterList,
        limit);
  }

  /** Takes an address off the list that is kept by itself; whether it was on it. */
  boolean remove(Tx tx, SenderDomain domain, String address) {
    return tx.run(
            "DELETE FROM email_suppressed"
                + " WHERE resource_id = ? AND name = ? AND address = ? AND list_id = ?",
            domain.service().value(),
            domain.name(),
            Addresses.folded(address),
            AUTOMATIC)
        > 0;
  }
}
