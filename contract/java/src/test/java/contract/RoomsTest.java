package contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.communication.common.CommunicationIdentifier;
import com.azure.communication.common.CommunicationUserIdentifier;
import com.azure.communication.rooms.RoomsClient;
import com.azure.communication.rooms.RoomsClientBuilder;
import com.azure.communication.rooms.models.CommunicationRoom;
import com.azure.communication.rooms.models.CreateRoomOptions;
import com.azure.communication.rooms.models.ParticipantRole;
import com.azure.communication.rooms.models.RoomParticipant;
import com.azure.communication.rooms.models.UpdateRoomOptions;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.util.Context;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Rooms with the newest artifact. */
class RoomsTest {
  private final List<String> made = new ArrayList<>();
  private final RoomsClient rooms =
      new RoomsClientBuilder()
          .connectionString(Sdk.environment("ACS_CONNECTION_STRING"))
          .buildClient();

  @AfterEach
  void deleteRooms() {
    made.forEach(rooms::deleteRoom);
  }

  @Test
  void aRoomIsMadeReadChangedAndDeleted() {
    var room = create(new CreateRoomOptions());
    assertTrue(room.getRoomId().matches("99[0-9]{15}"));
    var days = Duration.between(room.getValidFrom(), room.getValidUntil());
    assertEquals(Duration.ofDays(180), days);
    assertEquals(room.getCreatedAt(), rooms.getRoom(room.getRoomId()).getCreatedAt());
    var from = now().plusHours(1);
    var until = now().plusHours(2);
    var changed =
        rooms.updateRoom(
            room.getRoomId(), new UpdateRoomOptions().setValidFrom(from).setValidUntil(until));
    assertEquals(from.toInstant(), changed.getValidFrom().toInstant());
    assertEquals(until.toInstant(), changed.getValidUntil().toInstant());
    assertEquals(
        204, rooms.deleteRoomWithResponse(room.getRoomId(), Context.NONE).getStatusCode());
    refused(404, "cannot find the requested resource", () -> rooms.getRoom(room.getRoomId()));
  }

  @Test
  void participantsAreInvitedChangedAndRemoved() {
    var ann = Sdk.identity().createUser();
    var bob = Sdk.identity().createUser();
    var room =
        create(
            new CreateRoomOptions()
                .setParticipants(
                    List.of(
                        new RoomParticipant(ann).setRole(ParticipantRole.PRESENTER),
                        new RoomParticipant(bob))));
    assertEquals(
        Map.of(ann.getId(), ParticipantRole.PRESENTER, bob.getId(), ParticipantRole.ATTENDEE),
        roles(room));
    rooms.addOrUpdateParticipants(
        room.getRoomId(), List.of(new RoomParticipant(bob).setRole(ParticipantRole.CONSUMER)));
    rooms.removeParticipants(room.getRoomId(), List.<CommunicationIdentifier>of(ann));
    rooms.removeParticipants(room.getRoomId(), List.<CommunicationIdentifier>of(ann));
    assertEquals(Map.of(bob.getId(), ParticipantRole.CONSUMER), roles(room));
  }

  @Test
  void roomsAreListedPageByPage() {
    for (var i = 0; i < 105; i++) {
      create(new CreateRoomOptions());
    }
    var found = rooms.listRooms().stream().map(CommunicationRoom::getRoomId).toList();
    assertTrue(found.containsAll(made));
  }

  @Test
  void theServiceRefusesInItsWords() {
    refused(
        400,
        "larger than 180 days",
        () -> create(new CreateRoomOptions().setValidUntil(now().plusDays(181))));
    refused(
        400,
        "more than 180 days in the future",
        () ->
            create(
                new CreateRoomOptions()
                    .setValidFrom(now().plusDays(181))
                    .setValidUntil(now().plusDays(182))));
    refused(
        400,
        "Invalid format for communication identifier",
        () ->
            create(
                new CreateRoomOptions()
                    .setParticipants(
                        List.of(
                            new RoomParticipant(
                                new CommunicationUserIdentifier("wrong_mri"))))));
    refused(400, "Invalid room ID", () -> rooms.getRoom("non-existingroomId"));
  }

  private CommunicationRoom create(CreateRoomOptions options) {
    var room = rooms.createRoom(options);
    made.add(room.getRoomId());
    return room;
  }

  private Map<String, ParticipantRole> roles(CommunicationRoom room) {
    var roles = new HashMap<String, ParticipantRole>();
    rooms
        .listParticipants(room.getRoomId())
        .forEach(one -> roles.put(one.getCommunicationIdentifier().getRawId(), one.getRole()));
    return roles;
  }

  /** The client's exception shows the body that the service sent. */
  private static void refused(int status, String words, Executable call) {
    var thrown = assertThrows(HttpResponseException.class, call);
    assertEquals(status, thrown.getResponse().getStatusCode());
    assertTrue(thrown.getMessage().contains(words), thrown::getMessage);
  }

  private static OffsetDateTime now() {
    return OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
  }
}
