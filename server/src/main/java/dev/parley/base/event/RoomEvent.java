package dev.parley.base.event;

import dev.parley.base.words.RoomId;
import java.util.List;

/**
 * What happened to a room. Whoever runs a call in it asks the room again who may be there: an event
 * says what to ask about and not what is true by now.
 */
public sealed interface RoomEvent extends Event {
  RoomId room();

  record Created(RoomId room) implements RoomEvent {}

  /** Its validity or its settings changed. */
  record Updated(RoomId room) implements RoomEvent {}

  /**
   * Somebody was invited, got another role, or was taken off the list.
   *
   * @param userIds raw ids of those whom the change concerns
   */
  record ParticipantsUpdated(RoomId room, List<String> userIds) implements RoomEvent {
    public ParticipantsUpdated {
      userIds = List.copyOf(userIds);
    }
  }

  /** The room is gone; nobody may join or stay. */
  record Deleted(RoomId room) implements RoomEvent {}
}
