package dev.parley.feature.events;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The event types of {@code Microsoft.Communication} that clients know by name. */
final class EventTypes {
  private static final List<String> NAMES =
      List.of(
          "AdvancedMessageDeliveryStatusUpdated",
          "AdvancedMessageReceived",
          "CallEnded",
          "CallParticipantAdded",
          "CallParticipantRemoved",
          "CallStarted",
          "ChatAzureBotCommandReceivedInThread",
          "ChatMemberAddedToThreadWithUser",
          "ChatMemberRemovedFromThreadWithUser",
          "ChatMessageDeleted",
          "ChatMessageDeletedInThread",
          "ChatMessageEdited",
          "ChatMessageEditedInThread",
          "ChatMessageReceived",
          "ChatMessageReceivedInThread",
          "ChatParticipantAddedToThreadWithUser",
          "ChatParticipantRemovedFromThreadWithUser",
          "ChatThreadCreated",
          "ChatThreadCreatedWithUser",
          "ChatThreadDeleted",
          "ChatThreadParticipantAdded",
          "ChatThreadParticipantRemoved",
          "ChatThreadPropertiesUpdated",
          "ChatThreadPropertiesUpdatedPerUser",
          "ChatThreadWithUserDeleted",
          "ChatTypingIndicatorReceivedInThread",
          "EmailDeliveryReportReceived",
          "EmailEngagementTrackingReportReceived",
          "IncomingCall",
          "RecordingFileStatusUpdated",
          "RouterJobCancelled",
          "RouterJobClassificationFailed",
          "RouterJobClassified",
          "RouterJobClosed",
          "RouterJobCompleted",
          "RouterJobDeleted",
          "RouterJobExceptionTriggered",
          "RouterJobQueued",
          "RouterJobReceived",
          "RouterJobSchedulingFailed",
          "RouterJobUnassigned",
          "RouterJobWaitingForActivation",
          "RouterJobWorkerSelectorsExpire",
          "RouterJobWorkerSelectorsExpired",
          "RouterWorkerDeleted",
          "RouterWorkerDeregistered",
          "RouterWorkerOfferAccepted",
          "RouterWorkerOfferDeclined",
          "RouterWorkerOfferExpired",
          "RouterWorkerOfferIssued",
          "RouterWorkerOfferRevoked",
          "RouterWorkerRegistered",
          "RouterWorkerUpdated",
          "SMSDeliveryReportReceived",
          "SMSReceived",
          "UserDisconnected");

  private static final Map<String, String> TYPES =
      NAMES.stream()
          .map(name -> EventMap.TYPE_PREFIX + name)
          .collect(Collectors.toMap(type -> type.toLowerCase(Locale.ROOT), Function.identity()));

  private EventTypes() {}

  /** All of them, in the order of the alphabet. */
  static List<String> all() {
    return NAMES.stream().map(name -> EventMap.TYPE_PREFIX + name).toList();
  }

  /** In any case. */
  static boolean isKnown(String type) {
    return TYPES.containsKey(type.toLowerCase(Locale.ROOT));
  }

  /** The type in its usual case. */
  static String spelled(String type) {
    return TYPES.getOrDefault(type.toLowerCase(Locale.ROOT), type);
  }
}
