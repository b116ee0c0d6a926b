package dev.parley;

import dev.parley.base.bus.Hearer;
import dev.parley.base.event.IdentityEvent;
import dev.parley.base.event.ResourceEvent;
import dev.parley.base.store.JournalRow;
import dev.parley.base.wire.OpenConnections;
import dev.parley.base.words.Caller;
import java.util.function.Predicate;

/** Ends what is open for those who lost the right to it. */
final class Revocations implements Hearer {
  private final OpenConnections connections;

  Revocations(OpenConnections connections) {
    this.connections = connections;
  }

  @Override
  public void hear(JournalRow row) {
    var resource = row.partition().resource();
    Predicate<Caller> here = caller -> caller.resource().equals(resource);
    switch (row.event()) {
      case IdentityEvent.TokensRevoked revoked ->
          connections.closeWhere(here.and(is(revoked.userId())), "The tokens were revoked.");
      case IdentityEvent.Deleted deleted ->
          connections.closeWhere(here.and(is(deleted.userId())), "The user was deleted.");
      case ResourceEvent.KeyRegenerated key ->
          connections.closeWhere(
              here.and(caller -> caller.origin().keySlot().equals(key.slot().name())),
              "The access key was regenerated.");
      case ResourceEvent.Updated(_, boolean networkOff) when networkOff ->
          connections.closeWhere(here, "Public network access was disabled.");
      case ResourceEvent.Updated(boolean keysOff, _) when keysOff ->
          connections.closeWhere(
              here.and(Caller.KeyHolder.class::isInstance), "Access keys were disabled.");
      case ResourceEvent.Deleted _, ResourceEvent.Reset _ ->
          connections.closeWhere(here, "The resource was deleted.");
      default -> {}
    }
  }

  private static Predicate<Caller> is(String userId) {
    return caller -> caller instanceof Caller.User user && user.id().rawId().equals(userId);
  }
}
