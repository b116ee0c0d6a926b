package dev.parley.feature.email;

import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import java.util.List;
import java.util.Optional;

/** Domains, their sender names and who may use them, as rows. */
final class DomainStore {
  /** A domain that the resource is linked to, and whether its records were verified. */
  record Linked(SenderDomain domain, boolean verified) {}

  /** Where a resource's own domain of that name lies. */
  List<SenderDomain> linked(Rows rows, ResourceId resource, String domain) {
    return rows.all(
        "SELECT service_id, name FROM email_link WHERE resource_id = ? AND domain = ?",
        row -> new SenderDomain(new ResourceId(row.text(1)), row.text(2), domain, false),
        resource.value(),
        domain);
  }

  /** Where all of a resource's own domains lie. */
  List<SenderDomain> linked(Rows rows, ResourceId resource) {
    return rows.all(
        "SELECT service_id, name, domain FROM email_link WHERE resource_id = ?",
        row -> new SenderDomain(new ResourceId(row.text(1)), row.text(2), row.text(3), false),
        resource.value());
  }

  /** A domain by its name in its service. */
  Optional<SenderDomain> domain(Rows rows, ResourceId service, String name) {
    return rows.one(
        "SELECT domain, tracking FROM email_domain WHERE resource_id = ? AND name = ?",
        row -> new SenderDomain(service, name, row.text(1), row.number(2) != 0),
        service.value(),
        name);
  }

  /** The display name of a sender name, if there is such a sender. */
  Optional<String> sender(Rows rows, SenderDomain domain, String username) {
    return rows.one(
        "SELECT display_name FROM email_sender"
            + " WHERE resource_id = ? AND name = ? AND username = ?",
        row -> row.text(1),
        domain.service().value(),
        domain.name(),
        username);
  }

  void link(Tx tx, ResourceId resource, SenderDomain domain) {
    tx.run(
        "INSERT INTO email_link (resource_id, domain, service_id, name) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT DO NOTHING",
        resource.value(),
        domain.domain(),
        domain.service().value(),
        domain.name());
  }

  void insert(Tx tx, SenderDomain domain, boolean verified, String detail) {
    tx.run(
        "INSERT INTO email_domain (resource_id, name, domain, verified, tracking, detail)"
            + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        domain.service().value(),
        domain.name(),
        domain.domain(),
        verified ? 1 : 0,
        domain.tracking() ? 1 : 0,
        detail);
  }

  void insertSender(
      Tx tx, SenderDomain domain, String username, String senderId, String displayName) {
    tx.run(
        "INSERT INTO email_sender (resource_id, name, username, sender_id, display_name)"
            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        domain.service().value(),
        domain.name(),
        username,
        senderId,
        displayName);
  }

  Optional<Linked> found(Rows rows, ResourceId service, String name) {
    return rows.one(
        "SELECT domain, tracking, verified FROM email_domain WHERE resource_id = ? AND name = ?",
        row ->
            new Linked(
                new SenderDomain(service, name, row.text(1), row.number(2) != 0),
                row.number(3) != 0),
        service.value(),
        name);
  }

  void put(Tx tx, SenderDomain domain, boolean verified) {
    tx.run(
        "INSERT INTO email_domain (resource_id, name, domain, verified, tracking, detail)"
            + " VALUES (?, ?, ?, ?, ?, '{}') ON CONFLICT (resource_id, name) DO UPDATE SET"
            + " domain = excluded.domain, verified = excluded.verified,"
            + " tracking = excluded.tracking",
        domain.service().value(),
        domain.name(),
        domain.domain(),
        verified ? 1 : 0,
        domain.tracking() ? 1 : 0);
  }

  void delete(Tx tx, ResourceId service, String name) {
    tx.run("DELETE FROM email_domain WHERE resource_id = ? AND name = ?", service.value(), name);
    tx.run("DELETE FROM email_sender WHERE resource_id = ? AND name = ?", service.value(), name);
    tx.run(
        "DELETE FROM email_suppressed WHERE resource_id = ? AND name = ?", service.value(), name);
  }

  void putSender(
      Tx tx, ResourceId service, String name, String username, String shown, String displayName) {
    tx.run(
        "INSERT INTO email_sender (resource_id, name, username, sender_id, display_name)"
            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (resource_id, name, username)"
            + " DO UPDATE SET sender_id = excluded.sender_id,"
            + " display_name = excluded.display_name",
        service.value(),
        name,
        username,
        shown,
        displayName);
  }

  void deleteSender(Tx tx, ResourceId service, String name, String username) {
    tx.run(
        "DELETE FROM email_sender WHERE resource_id = ? AND name = ? AND username = ?",
        service.value(),
        name,
        username);
  }

  void suppress(
      Tx tx,
      ResourceId service,
      String name,
      String entry,
      String username,
      String address,
      boolean on) {
    var folded = Addresses.folded(address);
    tx.run(
        "DELETE FROM email_suppressed"
            + " WHERE resource_id = ? AND name = ? AND address = ? AND list_id = ?",
        service.value(),
        name,
        folded,
        entry);
    if (on) {
      tx.run(
          "INSERT INTO email_suppressed (resource_id, name, address, list_id, username, address_id,"
              + " email, reason, detail, since_ms)"
              + " VALUES (?, ?, ?, ?, ?, '', ?, 'list', '{}', 0)",
          service.value(),
          name,
          folded,
          entry,
          username,
          address);
    }
  }
}
