package dev.parley.feature.events;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.base.event.CallDetail;
import dev.parley.base.event.CallEvent;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Shard;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ResourceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Calls as the Event Grid tells them: types, subjects and data of the contract. */
class CallEventsTest {
  private static final String ANN = "8:acs:r_ann";
  private static final String BOB = "8:acs:r_bob";
  private static final CallDetail.CallFacts FACTS =
      new CallDetail.CallFacts("c1", "s1", ANN, "Presenter", "", "99000", false);

  private static GridEvent event(CallDetail detail) {
    var row =
        new JournalRow(
            new Shard(0),
            7,
            new PartitionKey(new ResourceId("r"), "call:c1"),
            new CallEvent.Started("c1"),
            Origin.service("calling"),
            Instant.parse("2026-11-26T10:00:00Z"));
    return new CallEvents(new EventMap.Draft(row, "topic"), Optional.of(detail)).all().getFirst();
  }

  @Test
  void subjectsAndDataAreThoseOfTheContract() {
    var started = event(new CallDetail.Started(FACTS));
    assertEquals("Microsoft.Communication.CallStarted", started.type());
    assertEquals("call/s1/startedBy/" + ANN, started.subject());
    assertEquals("99000", started.data().at("/room/id").asText());
    assertEquals("true", started.data().path("isRoomsCall").asText());
    assertEquals("Presenter", started.data().at("/startedBy/role").asText());
    var ended = event(new CallDetail.Ended(FACTS, "", 500, 0, "gone", 12));
    assertEquals("call/s1", ended.subject());
    assertEquals("MicrosoftInternal", ended.data().at("/endedBy/type").asText());
    assertEquals(500, ended.data().at("/reason/code").asInt());
    assertEquals(12, ended.data().path("callDurationInSeconds").asInt());
    var removed =
        event(new CallDetail.Participant(FACTS, false, "p1", BOB, "Attendee", "Bob", "agent"));
    assertEquals("Microsoft.Communication.CallParticipantRemoved", removed.type());
    assertEquals("call/s1/participant/" + BOB, removed.subject());
    assertEquals(BOB, removed.data().at("/user/communicationIdentifier/rawId").asText());
    var incoming =
        event(
            new CallDetail.Incoming(
                FACTS, BOB, ANN, "Ann", "sealed", Map.of(), Map.of("X-Topic", "tea")));
    assertEquals("Microsoft.Communication.IncomingCall", incoming.type());
    assertEquals("/caller/" + ANN + "/recipient/" + BOB, incoming.subject());
    assertEquals("sealed", incoming.data().path("incomingCallContext").asText());
    assertEquals("tea", incoming.data().at("/customContext/voipHeaders/X-Topic").asText());
    assertEquals("c1", incoming.data().path("correlationId").asText());
  }

  @Test
  void whatWasErasedIsNoEvent() {
    var row =
        new JournalRow(
            new Shard(0),
            7,
            new PartitionKey(new ResourceId("r"), "call:c1"),
            new CallEvent.Ended("c1"),
            Origin.service("calling"),
            Instant.EPOCH);
    assertEquals(
        List.of(), new CallEvents(new EventMap.Draft(row, "topic"), Optional.empty()).all());
  }
}
