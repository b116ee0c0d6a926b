package dev.parley.feature.identity;

import dev.parley.base.store.Stores;
import dev.parley.base.words.ResourceId;
import java.util.Optional;

/** Who may act through a resource: kept per directory and principal. */
final class Assignments {
  private final Stores stores;
  private final IdentityStore rows;

  Assignments(Stores stores, IdentityStore rows) {
    this.stores = stores;
    this.rows = rows;
  }

  Optional<Assignment> find(ResourceId resource, Assignment.Id id) {
    return stores.of(resource).read(all -> rows.assignment(all, resource, id));
  }

  /**
   * Creates or replaces.
   *
   * @return whether it is new
   */
  boolean put(ResourceId resource, Assignment assignment) {
    return stores
        .of(resource)
        .write(
            assignment.id().partition(resource),
            tx -> {
              var isNew = rows.assignment(tx, resource, assignment.id()).isEmpty();
              if (isNew) {
                rows.insertAssignment(tx, resource, assignment);
              } else {
                rows.replaceAssignment(tx, resource, assignment);
              }
              return isNew;
            });
  }

  void remove(ResourceId resource, Assignment.Id id) {
    stores
        .of(resource)
        .write(
            id.partition(resource),
            tx -> {
              rows.removeAssignment(tx, resource, id);
              return true;
            });
  }

  /** Refuses an application that no assignment lets act for the user. */
  void check(ResourceId resource, OutsideUser user) {
    var id = new Assignment.Id(user.tenantId(), user.objectId());
    var allowed = find(resource, id).filter(a -> a.clientIds().contains(user.clientId()));
    if (allowed.isEmpty()) {
      throw IdentityProblems.forbidden(
          "no assignment of %s lets it act through client %s".formatted(id, user.clientId()));
    }
  }
}
