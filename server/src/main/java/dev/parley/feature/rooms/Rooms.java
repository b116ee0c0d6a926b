package dev.parley.feature.rooms;

import dev.parley.base.event.RoomEvent;
import dev.parley.base.store.DueJobs;
import dev.parley.base.store.RepeatKey;
import dev.parley.base.store.Repeats;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Stores;
import dev.parley.base.store.Tx;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Page;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.RoomId;
import dev.parley.base.words.ServiceClock;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The front door of rooms. What changes is durable when a method returns, and its event follows. A
 * room of another resource does not exist.
 */
public final class Rooms {
  /** Rooms, or participants, on a page. */
  static final int PAGE = 100;

  /** Bytes that a fresh id is made of. */
  private static final int ID_BYTES = 16;

  /** Ids that are tried for a new room; one in a hundred million is taken at ten million rooms. */
  private static final int IDS_TRIED_MAX = 5;

  private final RoomsConfig config;
  private final Stores stores;
  private final Repeats repeats;
  private final RoomEnding ending;
  private final ServiceClock clock;
  private final SecureRandom random;
  private final RoomsStore rows = new RoomsStore();

  Rooms(
      RoomsConfig config,
      Stores stores,
      Repeats repeats,
      DueJobs dueJobs,
      ServiceClock clock,
      SecureRandom random) {
    this.config = config;
    this.stores = stores;
    this.repeats = repeats;
    this.ending = new RoomEnding(rows, dueJobs, config.endedKept());
    this.clock = clock;
    this.random = random;
  }

  /**
   * Whether the user may join the room now, and as what. The answer holds for this moment: {@link
   * RoomEvent} and {@link Admission.Admitted#until} say when to ask again.
   */
  public Admission admission(Caller.User user, RoomId id) {
    var key = new RoomKey(user.resource(), id);
    var now = clock.now(user.resource());
    return stores
        .of(user.resource())
        .read(all -> {
          var room = rows.room(all, key);
          if (room.isEmpty()) {
            return new Admission.NoSuchRoom();
          }
          return rows.role(all, key, user.id().rawId())
              .<Admission>map(role -> admission(room.get(), role, now))
              .orElseGet(Admission.NotInvited::new);
        });
  }

  private static Admission admission(Room room, Role role, Instant now) {
    var validity = room.validity();
    if (now.isBefore(validity.from())) {
      return new Admission.NotYetOpen(validity.from());
    }
    if (!now.isBefore(validity.until())) {
      return new Admission.Ended(validity.until());
    }
    return new Admission.Admitted(
        role, room.pstnDialOut() && role == Role.PRESENTER, validity.until());
  }

  /**
   * What a repeated creation answers from.
   *
   * @param room as it was made; null where the id that follows from the request's id was taken
   * @param elsewhere id to make it under instead
   */
  private record Made(@Nullable Room room, @Nullable String elsewhere) {}

  /** Makes a room; a repeat is answered with the room as it was made. */
  Room create(Caller caller, NewRoom wanted, Optional<RepeatKey> repeat) {
    checkFit(wanted.participants().size());
    if (repeat.isEmpty()) {
      return makeSomewhere(caller, wanted);
    }
    var named = RoomKey.of(caller.resource(), repeat.get().derivedId());
    var fresh = fresh(caller.resource());
    var made =
        stores
            .of(caller.resource())
            .write(
                named.partition(),
                tx ->
                    repeats.once(
                        tx,
                        named.partition(),
                        repeat.get(),
                        Made.class,
                        () ->
                            // Taken by a request that is no longer remembered, or by chance.
                            rows.room(tx, named).isPresent()
                                ? new Made(null, fresh.id().value())
                                : new Made(make(tx, named, caller, wanted), null)));
    if (made.room() != null) {
      return made.room();
    }
    var elsewhere = made.elsewhere();
    if (elsewhere == null) {
      throw new IllegalStateException("A repeated room is neither here nor there.");
    }
    var key = new RoomKey(caller.resource(), new RoomId(elsewhere));
    return makeUnlessThere(caller, key, wanted)
        .orElseGet(() -> stores.of(key.resource()).read(all -> there(all, key)));
  }

  private Room makeSomewhere(Caller caller, NewRoom wanted) {
    for (var i = 0; i < IDS_TRIED_MAX; i++) {
      var made = makeUnlessThere(caller, fresh(caller.resource()), wanted);
      if (made.isPresent()) {
        return made.get();
      }
    }
    throw new IllegalStateException("Every id that was tried is taken.");
  }

  private Optional<Room> makeUnlessThere(Caller caller, RoomKey key, NewRoom wanted) {
    return stores
        .of(key.resource())
        .write(
            key.partition(),
            tx ->
                rows.room(tx, key).isPresent()
                    ? Optional.empty()
                    : Optional.of(make(tx, key, caller, wanted)));
  }

  private RoomKey fresh(ResourceId resource) {
    var bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return RoomKey.of(resource, bytes);
  }

  private Room make(Tx tx, RoomKey key, Caller caller, NewRoom wanted) {
    var now = now(caller);
    var validity = Validity.wanted(now, wanted.validFrom(), wanted.validUntil());
    var room = new Room(key.id(), now, validity, wanted.pstnDialOut());
    rows.insert(tx, key, room);
    wanted
        .participants()
        .forEach((user, role) -> rows.invite(tx, key, new Participant(user, role)));
    ending.schedule(tx, key, room);
    tx.publish(new RoomEvent.Created(key.id()), caller.origin());
    return room;
  }

  /** The room, also after its end for as long as it is kept. */
  Room get(Caller caller, RoomId id) {
    var key = new RoomKey(caller.resource(), id);
    return stores.of(key.resource()).read(all -> there(all, key));
  }

  /** Rooms that have not ended, the oldest first. */
  Page<Room> list(Caller caller, Optional<String> position) {
    var after = position.map(RoomPlace::parse).orElse(RoomPlace.START);
    var found =
        stores
            .of(caller.resource())
            .read(all -> rows.rooms(all, caller.resource(), now(caller), after, PAGE + 1));
    return Page.of(found, PAGE, room -> RoomPlace.of(room).text());
  }

  /** Changes when the room is open, or whether telephones may be dialled from it. */
  Room update(Caller caller, RoomId id, RoomPatch patch) {
    var key = new RoomKey(caller.resource(), id);
    return stores
        .of(key.resource())
        .write(
            key.partition(),
            tx -> {
              var before = there(tx, key);
              var after =
                  before.with(
                      before.validity().patched(now(caller), patch.validFrom(), patch.validUntil()),
                      patch.pstnDialOut().orElse(before.pstnDialOut()));
              if (!after.equals(before)) {
                rows.update(tx, key, after);
                ending.schedule(tx, key, after);
                tx.publish(new RoomEvent.Updated(id), caller.origin());
              }
              return after;
            });
  }

  /** Takes the room and its list away; again without harm, as the service does. */
  void delete(Caller caller, RoomId id) {
    var key = new RoomKey(caller.resource(), id);
    stores
        .of(key.resource())
        .write(
            key.partition(),
            tx -> {
              if (rows.room(tx, key).isEmpty()) {
                return false;
              }
              ending.end(tx, key, caller.origin());
              return true;
            });
  }

  /** Those who are invited, by raw id. */
  Page<Participant> participants(Caller caller, RoomId id, Optional<String> position) {
    var key = new RoomKey(caller.resource(), id);
    var found =
        stores
            .of(key.resource())
            .read(all -> {
              there(all, key);
              return rows.participants(all, key, position.orElse(""), PAGE + 1);
            });
    return Page.of(found, PAGE, Participant::userId);
  }

  /**
   * Invites, gives other roles, and takes off the list, all or nothing.
   *
   * @param patch roles by raw id; empty takes the user off, if there
   */
  void updateParticipants(Caller caller, RoomId id, SequencedMap<String, Optional<Role>> patch) {
    var key = new RoomKey(caller.resource(), id);
    stores
        .of(key.resource())
        .write(
            key.partition(),
            tx -> {
              there(tx, key);
              var before = list(tx, key);
              var changed = new LinkedHashMap<String, Optional<Role>>();
              var count = before.size();
              for (var entry : patch.entrySet()) {
                var old = Optional.ofNullable(before.get(entry.getKey()));
                if (!old.equals(entry.getValue())) {
                  changed.put(entry.getKey(), entry.getValue());
                  count += (entry.getValue().isPresent() ? 1 : 0) - (old.isPresent() ? 1 : 0);
                }
              }
              checkFit(count);
              apply(tx, key, caller, changed);
              return true;
            });
  }

  private void apply(
      Tx tx, RoomKey key, Caller caller, SequencedMap<String, Optional<Role>> changed) {
    changed.forEach((user, wanted) ->
        wanted.ifPresentOrElse(
            role -> rows.invite(tx, key, new Participant(user, role)),
            () -> rows.remove(tx, key, user)));
    if (!changed.isEmpty()) {
      var users = List.copyOf(changed.keySet());
      tx.publish(new RoomEvent.ParticipantsUpdated(key.id(), users), caller.origin());
    }
  }

  private SequencedMap<String, Role> list(Rows all, RoomKey key) {
    var list = new LinkedHashMap<String, Role>();
    rows.participants(all, key, "", config.participantsMax())
        .forEach(one -> list.put(one.userId(), one.role()));
    return list;
  }

  private void checkFit(int participants) {
    if (participants > config.participantsMax()) {
      throw RoomsProblems.tooMany(config.participantsMax());
    }
  }

  private Room there(Rows all, RoomKey key) {
    return rows.room(all, key).orElseThrow(() -> RoomsProblems.notFound(key.id()));
  }

  private Instant now(Caller caller) {
    return clock.now(caller.resource()).truncatedTo(ChronoUnit.MILLIS);
  }
}
