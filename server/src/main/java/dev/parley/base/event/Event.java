package dev.parley.base.event;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * Something that happened. Journaled as JSON with a {@code kind}; a kind, once released, keeps its
 * name and its members.
 *
 * <p>Members are ids, versions and counts. Names, topics and texts stay in rows of the feature, so
 * that erasing them there erases them everywhere.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ResourceEvent.Created.class, name = "resource.created"),
  @JsonSubTypes.Type(value = ResourceEvent.KeyRegenerated.class, name = "resource.keyRegenerated"),
  @JsonSubTypes.Type(value = ResourceEvent.Reset.class, name = "resource.reset"),
  @JsonSubTypes.Type(value = ResourceEvent.Deleted.class, name = "resource.deleted"),
  @JsonSubTypes.Type(value = ResourceEvent.Updated.class, name = "resource.updated"),
  @JsonSubTypes.Type(value = ResourceEvent.Restored.class, name = "resource.restored"),
  @JsonSubTypes.Type(value = AdminEvent.PrincipalChanged.class, name = "admin.principalChanged"),
  @JsonSubTypes.Type(value = AdminEvent.RolesChanged.class, name = "admin.rolesChanged"),
  @JsonSubTypes.Type(value = AdminEvent.PlacesChanged.class, name = "admin.placesChanged"),
  @JsonSubTypes.Type(value = IdentityEvent.Created.class, name = "identity.created"),
  @JsonSubTypes.Type(value = IdentityEvent.TokensRevoked.class, name = "identity.tokensRevoked"),
  @JsonSubTypes.Type(value = IdentityEvent.Deleted.class, name = "identity.deleted"),
  @JsonSubTypes.Type(value = ChatEvent.ThreadCreated.class, name = "chat.threadCreated"),
  @JsonSubTypes.Type(
      value = ChatEvent.ThreadPropertiesUpdated.class,
      name = "chat.threadPropertiesUpdated"),
  @JsonSubTypes.Type(value = ChatEvent.ThreadDeleted.class, name = "chat.threadDeleted"),
  @JsonSubTypes.Type(value = ChatEvent.MessageReceived.class, name = "chat.messageReceived"),
  @JsonSubTypes.Type(value = ChatEvent.MessageEdited.class, name = "chat.messageEdited"),
  @JsonSubTypes.Type(value = ChatEvent.MessageDeleted.class, name = "chat.messageDeleted"),
  @JsonSubTypes.Type(value = ChatEvent.ParticipantsAdded.class, name = "chat.participantsAdded"),
  @JsonSubTypes.Type(
      value = ChatEvent.ParticipantsRemoved.class,
      name = "chat.participantsRemoved"),
  @JsonSubTypes.Type(value = ChatEvent.ReadReceiptSent.class, name = "chat.readReceiptSent"),
  @JsonSubTypes.Type(value = NumberEvent.OperationStarted.class, name = "number.operationStarted"),
  @JsonSubTypes.Type(value = NumberEvent.HoldEnded.class, name = "number.holdEnded"),
  @JsonSubTypes.Type(value = NumberEvent.Purchased.class, name = "number.purchased"),
  @JsonSubTypes.Type(
      value = NumberEvent.CapabilitiesUpdated.class,
      name = "number.capabilitiesUpdated"),
  @JsonSubTypes.Type(value = NumberEvent.Released.class, name = "number.released"),
  @JsonSubTypes.Type(value = UsageEvent.Recorded.class, name = "usage.recorded"),
  @JsonSubTypes.Type(value = EmailEvent.DeliveryReported.class, name = "email.deliveryReported"),
  @JsonSubTypes.Type(value = EmailEvent.Engaged.class, name = "email.engaged"),
  @JsonSubTypes.Type(value = EmailEvent.Unwanted.class, name = "email.unwanted"),
  @JsonSubTypes.Type(value = SubscriptionEvent.Changed.class, name = "subscription.changed"),
  @JsonSubTypes.Type(value = SubscriptionEvent.Requested.class, name = "subscription.requested"),
  @JsonSubTypes.Type(value = SubscriptionEvent.Deleted.class, name = "subscription.deleted"),
  @JsonSubTypes.Type(value = CallEvent.Started.class, name = "call.started"),
  @JsonSubTypes.Type(value = CallEvent.Ended.class, name = "call.ended"),
  @JsonSubTypes.Type(value = CallEvent.ParticipantAdded.class, name = "call.participantAdded"),
  @JsonSubTypes.Type(value = CallEvent.ParticipantRemoved.class, name = "call.participantRemoved"),
  @JsonSubTypes.Type(value = CallEvent.Incoming.class, name = "call.incoming"),
  @JsonSubTypes.Type(value = SmsEvent.Received.class, name = "sms.received"),
  @JsonSubTypes.Type(
      value = SmsEvent.DeliveryReportReceived.class,
      name = "sms.deliveryReportReceived"),
  @JsonSubTypes.Type(value = RoomEvent.Created.class, name = "room.created"),
  @JsonSubTypes.Type(value = RoomEvent.Updated.class, name = "room.updated"),
  @JsonSubTypes.Type(
      value = RoomEvent.ParticipantsUpdated.class,
      name = "room.participantsUpdated"),
  @JsonSubTypes.Type(value = RoomEvent.Deleted.class, name = "room.deleted")
})
public sealed interface Event
    permits CallEvent,
        ResourceEvent,
        AdminEvent,
        IdentityEvent,
        ChatEvent,
        NumberEvent,
        UsageEvent,
        EmailEvent,
        SubscriptionEvent,
        SmsEvent,
        RoomEvent {}
