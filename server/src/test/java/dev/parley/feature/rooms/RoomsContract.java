package dev.parley.feature.rooms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.bus.BusConfig;
import dev.parley.base.bus.LocalBus;
import dev.parley.base.event.Event;
import dev.parley.base.event.IdentityEvent;
import dev.parley.base.event.RoomEvent;
import dev.parley.base.store.DueJobRows;
import dev.parley.base.store.Migration;
import dev.parley.base.store.MovableClock;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.RepeatKey;
import dev.parley.base.store.RepeatRows;
import dev.parley.base.store.SideBySide;
import dev.parley.base.store.Store;
import dev.parley.base.words.Caller;
import dev.parley.base.words.CommunicationIdentifier.CommunicationUser;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.RoomId;
import dev.parley.base.words.Scope;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What rooms promise through their front door, on every store. */
abstract class RoomsContract {
  private static final Caller CONTOSO = caller("11111111-aaaa-4000-8000-000000000001");
  private static final Caller FABRIKAM = caller("22222222-bbbb-4000-8000-000000000002");
  private static final String ANN = user(1);
  private static final String BOB = user(2);
  private static final String CAT = user(3);
  private static final RoomsConfig FEW = new RoomsConfig(250, Duration.ofDays(30));

  private final MovableClock clock = new MovableClock();
  private Store store;
  private LocalBus bus;
  private DueJobRows dueJobs;
  private RoomsFeature feature;
  private Rooms rooms;

  /** An empty store with the schema of the room. */
  abstract Store open(List<Migration> migrations);

  @BeforeEach
  void open() {
    store = open(RoomsFeature.migrations());
    bus = new LocalBus(store, BusConfig.DEFAULT, InstantSource.system());
    dueJobs = new DueJobRows(store, clock);
    feature =
        new RoomsFeature(
            FEW, _ -> store, new RepeatRows(clock), dueJobs, bus, clock, new SecureRandom());
    feature.start();
    rooms = feature.rooms();
  }

  @AfterEach
  void close() {
    feature.close();
    dueJobs.close();
    bus.close();
    store.close();
  }

  @Test
  void aRoomIsOpenFromNowOnForHalfAYear() {
    var room = create(NewRoom.EMPTY);
    assertTrue(room.id().value().matches("99[0-9]{15}"), room::toString);
    assertEquals(now(), room.createdAt());
    assertEquals(new Validity(now(), now().plus(Duration.ofDays(180))), room.validity());
    assertEquals(false, room.pstnDialOut());
    assertEquals(room, rooms.get(CONTOSO, room.id()));
    assertEquals(List.of(), participants(room));
    assertEquals(List.of(new RoomEvent.Created(room.id())), events());
  }

  @Test
  void aRoomKeepsWhatItsMakerAskedFor() {
    var from = now().plus(Duration.ofDays(10));
    var until = from.plus(Duration.ofDays(180));
    var list = new LinkedHashMap<>(Map.of(BOB, Role.PRESENTER, ANN, Role.COLLABORATOR));
    var room = create(new NewRoom(Optional.of(from), Optional.of(until), true, list));
    assertEquals(new Validity(from, until), room.validity());
    assertEquals(true, room.pstnDialOut());
    assertEquals(
        List.of(new Participant(ANN, Role.COLLABORATOR), new Participant(BOB, Role.PRESENTER)),
        participants(room));
  }

  @Test
  void aRoomIsOpenForAtMostHalfAYear() {
    var days = Duration.ofDays(1);
    refused("ValidUntil", "The time range end is in the past.", () -> valid(-2, -1));
    refused("ValidUntil", "The time range end is in the past.", () -> valid(1, 0));
    refused(
        "ValidFrom",
        "Value is incorrect or more than 180 days in the future.",
        () -> valid(181, 182));
    refused(
        "ValidUntil", "The time range is incorrect, or larger than 180 days.", () -> valid(2, 1));
    refused(
        "ValidUntil", "The time range is incorrect, or larger than 180 days.", () -> valid(1, 1));
    refused(
        "ValidUntil", "The time range is incorrect, or larger than 180 days.", () -> valid(1, 182));
    refused(
        "ValidUntil",
        "The time range is incorrect, or larger than 180 days.",
        () -> valid(-1, 181));
    // A client whose clock runs late gets the whole time all the same.
    assertEquals(now().minus(days), valid(-1, 180).validity().from());
    assertEquals(now().plus(days.multipliedBy(360)), valid(180, 360).validity().until());
    assertEquals(2, list(CONTOSO).size());
  }

  @Test
  void aPatchChangesOnlyWhatItNames() {
    var room = create(NewRoom.of(Map.of(ANN, Role.PRESENTER)));
    var until = now().plus(Duration.ofHours(1));
    var shorter =
        update(room, new RoomPatch(Optional.empty(), Optional.of(until), Optional.empty()));
    assertEquals(room.with(new Validity(room.validity().from(), until), false), shorter);
    var dialling =
        update(room, new RoomPatch(Optional.empty(), Optional.empty(), Optional.of(true)));
    assertEquals(shorter.with(shorter.validity(), true), dialling);
    assertEquals(dialling, rooms.get(CONTOSO, room.id()));
    assertEquals(dialling, update(room, nothing()));
    assertEquals(1, participants(room).size());
    assertEquals(
        List.of(
            new RoomEvent.Created(room.id()),
            new RoomEvent.Updated(room.id()),
            new RoomEvent.Updated(room.id())),
        events());
  }

  @Test
  void aBadPatchChangesNothing() {
    var room = create(NewRoom.EMPTY);
    var past = new RoomPatch(Optional.empty(), Optional.of(now()), Optional.of(true));
    refused("ValidUntil", "The time range end is in the past.", () -> update(room, past));
    var late =
        new RoomPatch(
            Optional.of(now().plus(Duration.ofDays(3))),
            Optional.of(now().plus(Duration.ofDays(203))),
            Optional.empty());
    refused(
        "ValidUntil",
        "The time range is incorrect, or larger than 180 days.",
        () -> update(room, late));
    assertEquals(room, rooms.get(CONTOSO, room.id()));
    assertEquals(List.of(new RoomEvent.Created(room.id())), events());
  }

  @Test
  void participantsAreInvitedChangedAndTakenOff() {
    var room = create(NewRoom.of(Map.of(ANN, Role.ATTENDEE, BOB, Role.CONSUMER)));
    patch(room, ANN, Role.PRESENTER, BOB, null, CAT, Role.ATTENDEE);
    assertEquals(
        List.of(new Participant(ANN, Role.PRESENTER), new Participant(CAT, Role.ATTENDEE)),
        participants(room));
    // Nobody changes: nobody is told.
    patch(room, ANN, Role.PRESENTER, BOB, null);
    patch(room);
    assertEquals(
        List.of(
            new RoomEvent.Created(room.id()),
            new RoomEvent.ParticipantsUpdated(room.id(), List.of(ANN, BOB, CAT))),
        events());
  }

  @Test
  void aRoomHasABoundedList() {
    var room = create(NewRoom.of(roles(250)));
    refused(
        "Participants",
        "A room has at most 250 participants.",
        () -> create(NewRoom.of(roles(251))));
    refused(
        "Participants",
        "A room has at most 250 participants.",
        () -> patch(room, user(900), Role.ATTENDEE));
    // One comes as another goes.
    patch(room, user(900), Role.ATTENDEE, user(7), null, user(8), Role.CONSUMER);
    assertEquals(250, participants(room).size());
    assertEquals(
        250, new LinkedHashSet<>(participants(room)).size(), "the pages hold everybody once");
  }

  @Test
  void listsAreReadPageByPage() {
    var made = new LinkedHashSet<RoomId>();
    for (var i = 0; i < Rooms.PAGE + 20; i++) {
      // Several are made in the same moment.
      advance(Duration.ofMillis(i % 3 == 0 ? 1 : 0));
      made.add(create(NewRoom.EMPTY).id());
    }
    var first = rooms.list(CONTOSO, Optional.empty());
    assertEquals(Rooms.PAGE, first.items().size());
    // What ends or goes between two pages moves nothing.
    rooms.delete(CONTOSO, first.items().getFirst().id());
    var second = rooms.list(CONTOSO, first.next());
    assertEquals(Optional.empty(), second.next());
    var all = new ArrayList<>(first.items());
    all.addAll(second.items());
    assertEquals(made, new LinkedHashSet<>(all.stream().map(Room::id).toList()));
    assertEquals(made.size(), all.size());
  }

  @Test
  void anEndedRoomIsNotListedAndCanBeOpenedAgain() {
    var short1 = valid(0, 1);
    advance(Duration.ofMillis(1));
    var long1 = create(NewRoom.EMPTY);
    advance(Duration.ofDays(1));
    assertEquals(List.of(long1), list(CONTOSO));
    assertEquals(short1, rooms.get(CONTOSO, short1.id()));
    patch(short1, ANN, Role.ATTENDEE);
    assertEquals(new Admission.Ended(short1.validity().until()), admission(ANN, short1));
    // What does not touch the time is changed without asking for a new one.
    update(short1, new RoomPatch(Optional.empty(), Optional.empty(), Optional.of(true)));
    var again =
        update(
            short1,
            new RoomPatch(
                Optional.empty(), Optional.of(now().plus(Duration.ofDays(2))), Optional.empty()));
    assertEquals(List.of(again, long1), list(CONTOSO));
    assertInstanceOf(Admission.Admitted.class, admission(ANN, short1));
  }

  @Test
  void anEndedRoomGoesWhenItsTimeIsOver() {
    var room = valid(0, 1);
    var reopened = valid(0, 1);
    advance(Duration.ofDays(2));
    update(
        reopened,
        new RoomPatch(
            Optional.empty(), Optional.of(now().plus(Duration.ofDays(100))), Optional.empty()));
    advance(Duration.ofDays(29));
    dueJobs.runDue();
    assertEquals(
        "NotFound", assertThrows(Refusal.class, () -> rooms.get(CONTOSO, room.id())).code());
    assertEquals(reopened.id(), rooms.get(CONTOSO, reopened.id()).id());
    assertTrue(events().contains(new RoomEvent.Deleted(room.id())));
  }

  @Test
  void aDeletedRoomIsGone() {
    var room = create(NewRoom.of(Map.of(ANN, Role.ATTENDEE)));
    rooms.delete(CONTOSO, room.id());
    rooms.delete(CONTOSO, room.id());
    for (var gone :
        List.<Executable>of(
            () -> rooms.get(CONTOSO, room.id()),
            () -> update(room, nothing()),
            () -> participants(room),
            () -> patch(room, BOB, Role.ATTENDEE))) {
      var refusal = assertThrows(Refusal.class, gone);
      assertEquals(404, refusal.status());
      assertEquals("The server cannot find the requested resource.", refusal.message());
    }
    assertEquals(new Admission.NoSuchRoom(), admission(ANN, room));
    assertEquals(
        List.of(new RoomEvent.Created(room.id()), new RoomEvent.Deleted(room.id())), events());
  }

  @Test
  void whoIsInvitedComesInWhileTheRoomIsOpen() {
    var room = valid(1, 2);
    patch(room, ANN, Role.PRESENTER, BOB, Role.CONSUMER);
    update(room, new RoomPatch(Optional.empty(), Optional.empty(), Optional.of(true)));
    assertEquals(new Admission.NotYetOpen(room.validity().from()), admission(ANN, room));
    assertEquals(new Admission.NotInvited(), admission(CAT, room));
    advance(Duration.ofDays(1).minusMillis(1));
    assertEquals(new Admission.NotYetOpen(room.validity().from()), admission(ANN, room));
    advance(Duration.ofMillis(1));
    assertEquals(
        new Admission.Admitted(Role.PRESENTER, true, room.validity().until()),
        admission(ANN, room));
    assertEquals(
        new Admission.Admitted(Role.CONSUMER, false, room.validity().until()),
        admission(BOB, room));
    patch(room, BOB, null);
    assertEquals(new Admission.NotInvited(), admission(BOB, room));
    update(room, new RoomPatch(Optional.empty(), Optional.empty(), Optional.of(false)));
    assertEquals(
        new Admission.Admitted(Role.PRESENTER, false, room.validity().until()),
        admission(ANN, room));
    advance(Duration.ofDays(1));
    assertEquals(new Admission.Ended(room.validity().until()), admission(ANN, room));
    assertEquals(new Admission.NotInvited(), admission(CAT, room));
  }

  @Test
  void aRepeatMeetsTheSameRoom() {
    var key = repeat("6f1b0b5e-5d5e-4d55-9b5f-0c8d3c5f0a11", "a");
    var first = rooms.create(CONTOSO, NewRoom.of(Map.of(ANN, Role.ATTENDEE)), Optional.of(key));
    advance(Duration.ofMinutes(5));
    assertEquals(
        first, rooms.create(CONTOSO, NewRoom.of(Map.of(ANN, Role.ATTENDEE)), Optional.of(key)));
    assertEquals(1, list(CONTOSO).size());
    assertEquals(1, events().size());
    var other = repeat(key.id(), "b");
    assertEquals(
        400,
        assertThrows(Refusal.class, () -> rooms.create(CONTOSO, NewRoom.EMPTY, Optional.of(other)))
            .status());
    // After a day the id means something new.
    advance(Duration.ofDays(1));
    var next = rooms.create(CONTOSO, NewRoom.EMPTY, Optional.of(other));
    assertNotEquals(first.id(), next.id());
    assertEquals(next, rooms.create(CONTOSO, NewRoom.EMPTY, Optional.of(other)));
    assertEquals(2, list(CONTOSO).size());
  }

  @Test
  void aRefusedCreationIsNotRemembered() {
    var key = Optional.of(repeat("0d9f4a77-7a3c-4f5e-8f34-6f8f6c0d7a22", "a"));
    var ended = new NewRoom(Optional.empty(), Optional.of(now()), false, new LinkedHashMap<>());
    assertThrows(Refusal.class, () -> rooms.create(CONTOSO, ended, key));
    rooms.create(CONTOSO, NewRoom.EMPTY, key);
    assertEquals(1, list(CONTOSO).size());
  }

  @Test
  void anotherResourcesRoomDoesNotExist() {
    var room = create(NewRoom.of(Map.of(ANN, Role.PRESENTER)));
    var id = room.id();
    assertEquals(List.of(), list(FABRIKAM));
    for (var foreign :
        List.<Executable>of(
            () -> rooms.get(FABRIKAM, id),
            () -> rooms.update(FABRIKAM, id, nothing()),
            () -> rooms.participants(FABRIKAM, id, Optional.empty()),
            () -> rooms.updateParticipants(FABRIKAM, id, new LinkedHashMap<>()))) {
      assertEquals(404, assertThrows(Refusal.class, foreign).status());
    }
    rooms.delete(FABRIKAM, id);
    assertEquals(room, rooms.get(CONTOSO, id));
    assertEquals(
        new Admission.NoSuchRoom(), rooms.admission(joining(FABRIKAM.resource(), ANN), id));
  }

  @Test
  void aDeletedUserLeavesEveryList() {
    var many =
        IntStream.range(0, 120)
            .mapToObj(_ -> create(NewRoom.of(Map.of(ANN, Role.PRESENTER, BOB, Role.ATTENDEE))))
            .toList();
    var elsewhere =
        rooms.create(FABRIKAM, NewRoom.of(Map.of(ANN, Role.ATTENDEE)), Optional.empty());
    store.write(
        new PartitionKey(CONTOSO.resource(), "user:" + ANN),
        tx -> {
          tx.publish(new IdentityEvent.Deleted(ANN), CONTOSO.origin());
          return true;
        });
    settle();
    for (var room : many) {
      assertEquals(List.of(new Participant(BOB, Role.ATTENDEE)), participants(room));
      assertEquals(new Admission.NotInvited(), admission(ANN, room));
    }
    assertEquals(1, rooms.participants(FABRIKAM, elsewhere.id(), Optional.empty()).items().size());
    assertTrue(
        events().contains(new RoomEvent.ParticipantsUpdated(many.getLast().id(), List.of(ANN))));
  }

  @Test
  void aResourceThatGoesTakesItsRoomsAlong() {
    IntStream.range(0, 120).forEach(_ -> create(NewRoom.of(Map.of(ANN, Role.PRESENTER))));
    var kept = rooms.create(FABRIKAM, NewRoom.of(Map.of(ANN, Role.ATTENDEE)), Optional.empty());
    feature.eraseAll(CONTOSO.resource());
    feature.eraseAll(CONTOSO.resource());
    assertEquals(List.of(), list(CONTOSO));
    assertEquals(
        List.of(1L, 1L),
        store.read(all ->
            all.all(
                "SELECT COUNT(*) FROM room UNION ALL SELECT COUNT(*) FROM room_participant",
                row -> row.number(1))));
    assertEquals(List.of(kept), list(FABRIKAM));
  }

  @Test
  void manyChangesAtOnceAllHold() {
    var room = create(NewRoom.EMPTY);
    var users = IntStream.range(0, 40).mapToObj(RoomsContract::user).toList();
    SideBySide.each(users, user -> patch(room, user, Role.ATTENDEE));
    assertEquals(
        Set.copyOf(users),
        Set.copyOf(participants(room).stream().map(Participant::userId).toList()));
  }

  private Room create(NewRoom wanted) {
    return rooms.create(CONTOSO, wanted, Optional.empty());
  }

  /** A room that is open from so many days to so many days from now. */
  private Room valid(int from, int until) {
    return create(
        new NewRoom(
            Optional.of(now().plus(Duration.ofDays(from))),
            Optional.of(now().plus(Duration.ofDays(until))),
            false,
            new LinkedHashMap<>()));
  }

  private Room update(Room room, RoomPatch patch) {
    return rooms.update(CONTOSO, room.id(), patch);
  }

  private static RoomPatch nothing() {
    return new RoomPatch(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Raw ids and roles in turn; null takes somebody off. */
  private void patch(Room room, Object... usersAndRoles) {
    var patch = new LinkedHashMap<String, Optional<Role>>();
    for (var i = 0; i < usersAndRoles.length; i += 2) {
      patch.put((String) usersAndRoles[i], Optional.ofNullable((Role) usersAndRoles[i + 1]));
    }
    rooms.updateParticipants(CONTOSO, room.id(), patch);
  }

  private List<Participant> participants(Room room) {
    var all = new ArrayList<Participant>();
    var position = Optional.<String>empty();
    do {
      var page = rooms.participants(CONTOSO, room.id(), position);
      all.addAll(page.items());
      position = page.next();
    } while (position.isPresent());
    return all;
  }

  private List<Room> list(Caller caller) {
    return rooms.list(caller, Optional.empty()).items();
  }

  private Admission admission(String user, Room room) {
    return rooms.admission(joining(CONTOSO.resource(), user), room.id());
  }

  private static Caller.User joining(ResourceId resource, String user) {
    return new Caller.User(
        resource, new CommunicationUser(user), Set.of(Scope.VOIP), CONTOSO.origin());
  }

  /** What was journaled about rooms, in the order of each room. */
  private List<Event> events() {
    return store.heads().keySet().stream()
        .flatMap(shard -> store.journal(shard, 0, 10_000).stream())
        .map(row -> row.event())
        .filter(RoomEvent.class::isInstance)
        .toList();
  }

  private void settle() {
    var end = System.nanoTime() + 20_000_000_000L;
    while (!bus.caughtUp(RoomsErasure.HEARER)) {
      assertTrue(System.nanoTime() < end, "the hearer does not catch up");
    }
  }

  private static void refused(String target, String message, Executable call) {
    var refusal = assertThrows(Refusal.class, call);
    assertEquals(400, refusal.status());
    assertEquals("BadRequest", refusal.code());
    assertEquals(
        List.of(new Refusal.Detail("BadArgument", message, Optional.of(target))),
        refusal.details());
  }

  private RepeatKey repeat(String id, String bodyHash) {
    return new RepeatKey(CONTOSO.resource(), "key:primary", "Rooms_Create", id, bodyHash);
  }

  private static Map<String, Role> roles(int count) {
    var roles = new LinkedHashMap<String, Role>();
    IntStream.range(0, count).forEach(i -> roles.put(user(i), Role.ATTENDEE));
    return roles;
  }

  private void advance(Duration span) {
    clock.move(CONTOSO.resource(), span);
  }

  private Instant now() {
    return clock.now(CONTOSO.resource());
  }

  private static String user(int number) {
    return "8:acs:11111111-aaaa-4000-8000-000000000001_00000000-0000-4000-8000-%012d"
        .formatted(number);
  }

  private static Caller caller(String resource) {
    return new Caller.KeyHolder(new ResourceId(resource), KeySlot.PRIMARY, Origin.service("test"));
  }
}
