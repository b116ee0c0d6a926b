package dev.parley.feature.identity;

import dev.parley.base.event.IdentityEvent;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Stores;
import dev.parley.base.store.Tx;
import dev.parley.base.store.Unit;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ServiceClock;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** The life of a user: made, revoked, deleted, each as one unit of its partition with its event. */
final class Users {
  private static final int EXTERNAL_ATTEMPTS_MAX = 8;

  private final Stores stores;
  private final IdentityStore rows;
  private final ServiceClock serviceClock;
  private final InstantSource clock;
  private final SecureRandom random;
  private final UserStates states;

  Users(
      Stores stores,
      IdentityStore rows,
      ServiceClock serviceClock,
      InstantSource clock,
      SecureRandom random,
      int usersRemembered) {
    this.stores = stores;
    this.rows = rows;
    this.serviceClock = serviceClock;
    this.clock = clock;
    this.random = random;
    this.states = new UserStates(usersRemembered, this::state);
  }

  /** What tokens are held against. */
  UserStates states() {
    return states;
  }

  /** The user as committed now. */
  StoredUser alive(UserKey key) {
    return find(key)
        .filter(user -> !user.deleted())
        .orElseThrow(() -> IdentityProblems.notFound(key));
  }

  /** Makes a user whose id nobody has. */
  CreatedUser create(StoredUser fresh, Origin origin) {
    var now = now(fresh.key());
    return change(fresh.key(), tx -> insert(tx, fresh, now, origin));
  }

  /**
   * Makes the user, or finds the one that has the external id. First the external id says who has
   * it, then that user is made unless there; so of two creations at once both get the same user,
   * and one that was cut off in between is completed by the next.
   */
  CreatedUser createUnique(StoredUser fresh, Origin origin) {
    var now = now(fresh.key());
    var dead = Optional.<UserKey>empty();
    for (var attempt = 0; attempt < EXTERNAL_ATTEMPTS_MAX; attempt++) {
      var holder = hold(fresh.externalHash(), anotherId(fresh.key(), dead, now), dead);
      var made =
          change(
              holder,
              tx ->
                  rows.find(tx, holder)
                      .map(there -> new CreatedUser(there, false, Optional.empty()))
                      .orElseGet(() -> insert(tx, fresh.as(holder), now, origin)));
      if (!made.user().deleted()) {
        return made;
      }
      dead = Optional.of(holder);
    }
    throw IdentityProblems.contested();
  }

  /** The user, made if need be, whose id an outside issuer decides. */
  StoredUser ensure(UserKey key, Origin origin) {
    var known = find(key).filter(user -> !user.deleted());
    if (known.isPresent()) {
      return known.get();
    }
    var now = now(key);
    return change(
        key,
        tx -> {
          var there = rows.find(tx, key);
          if (there.isEmpty()) {
            var fresh = StoredUser.fresh(key, clock.instant(), Optional.empty(), Optional.empty());
            return insert(tx, fresh, now, origin).user();
          }
          if (there.get().deleted()) {
            rows.revive(tx, key, now);
            tx.publish(new IdentityEvent.Created(key.id()), origin);
          }
          return there.get();
        });
  }

  /** Raises the generation, which ends every token of today. */
  void revoke(UserKey key, Origin origin) {
    change(
        key,
        tx -> {
          var user =
              rows.find(tx, key)
                  .filter(found -> !found.deleted())
                  .orElseThrow(() -> IdentityProblems.notFound(key));
          var next = user.generation() + 1;
          rows.setGeneration(tx, key, next);
          tx.publish(new IdentityEvent.TokensRevoked(key.id(), next), origin);
          return next;
        });
  }

  /**
   * Deletes the user, or finishes a deletion that was cut off; a user who is not there is as good
   * as deleted.
   */
  void delete(UserKey key, Origin origin) {
    var now = now(key);
    var hash =
        change(
            key,
            tx -> {
              var user = rows.find(tx, key);
              if (user.isPresent() && !user.get().deleted()) {
                rows.bury(tx, key, user.get().generation() + 1, now);
                tx.publish(new IdentityEvent.Deleted(key.id()), origin);
              }
              return user.map(StoredUser::externalHash).orElse("");
            });
    if (!hash.isEmpty()) {
      write(
          IdentityStore.external(key.resource(), hash),
          tx -> {
            rows.removeHolder(tx, hash, key);
            return true;
          });
      write(
          key.partition(),
          tx -> {
            rows.clearExternalHash(tx, key);
            return true;
          });
    }
  }

  /** Stores when the user last got a token. */
  void storeLastToken(UserKey key, Instant at) {
    write(
        key.partition(),
        tx -> {
          rows.setLastToken(tx, key, at);
          return true;
        });
  }

  private CreatedUser insert(Tx tx, StoredUser user, Instant now, Origin origin) {
    rows.insert(tx, user, now);
    tx.publish(new IdentityEvent.Created(user.key().id()), origin);
    return new CreatedUser(user, true, Optional.empty());
  }

  /** Who has the external id; the candidate, when nobody or the dead user has it. */
  private UserKey hold(String hash, UserKey candidate, Optional<UserKey> dead) {
    return write(
        IdentityStore.external(candidate.resource(), hash),
        tx -> {
          var holder = rows.holder(tx, candidate.resource(), hash);
          if (holder.isEmpty()) {
            rows.insertHolder(tx, hash, candidate);
            return candidate;
          }
          if (holder.equals(dead)) {
            rows.replaceHolder(tx, hash, candidate);
            return candidate;
          }
          return holder.get();
        });
  }

  private UserKey anotherId(UserKey first, Optional<UserKey> dead, Instant now) {
    return dead.isEmpty() ? first : UserIds.fresh(first.resource(), now, random);
  }

  private Optional<StoredUser> find(UserKey key) {
    return stores.of(key.resource()).read(all -> rows.find(all, key));
  }

  private UserStates.State state(UserKey key) {
    return find(key)
        .map(user -> new UserStates.State(!user.deleted(), user.generation()))
        .orElse(UserStates.State.NONE);
  }

  /** A unit after which the user's remembered state is wrong; also when its outcome is unknown. */
  private <T> T change(UserKey key, Unit<T> unit) {
    try {
      return write(key.partition(), unit);
    } finally {
      states.forget(key);
    }
  }

  private <T> T write(PartitionKey partition, Unit<T> unit) {
    return stores.of(partition.resource()).write(partition, unit);
  }

  private Instant now(UserKey key) {
    return serviceClock.now(key.resource());
  }
}
