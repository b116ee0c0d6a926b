package dev.parley.feature.calling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.base.kit.Json;
import dev.parley.feature.rooms.Role;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a participant is in a call, and what that allows ({@code behaviour.md} section 12). Calls
 * that are in no room know no roles: everybody is {@link #UNKNOWN} and may do everything.
 */
enum CallRole {
  UNKNOWN("Unknown", EnumSet.allOf(Capability.class)),
  PRESENTER("Presenter", EnumSet.allOf(Capability.class)),
  COLLABORATOR(
      "Collaborator",
      EnumSet.of(
          Capability.TURN_VIDEO_ON,
          Capability.UNMUTE_MIC,
          Capability.SHARE_SCREEN,
          Capability.RAISE_HAND,
          Capability.USE_REACTIONS,
          Capability.REAL_TIME_TEXT,
          Capability.START_CAPTIONS,
          Capability.VIEW_NAMES)),
  ATTENDEE(
      "Attendee",
      EnumSet.of(
          Capability.TURN_VIDEO_ON,
          Capability.UNMUTE_MIC,
          Capability.RAISE_HAND,
          Capability.USE_REACTIONS,
          Capability.REAL_TIME_TEXT,
          Capability.START_CAPTIONS,
          Capability.VIEW_NAMES)),
  CONSUMER(
      "Consumer",
      EnumSet.of(
          Capability.RAISE_HAND,
          Capability.USE_REACTIONS,
          Capability.START_CAPTIONS,
          Capability.VIEW_NAMES));

  /** The names of {@code ParticipantCapabilityName} that a server decides about. */
  enum Capability {
    TURN_VIDEO_ON("turnVideoOn"),
    UNMUTE_MIC("unmuteMic"),
    SHARE_SCREEN("shareScreen"),
    REMOVE_PARTICIPANT("removeParticipant"),
    HANG_UP_FOR_EVERYONE("hangUpForEveryOne"),
    ADD_USER("addCommunicationUser"),
    MANAGE_LOBBY("manageLobby"),
    SPOTLIGHT("spotlightParticipant"),
    REMOVE_SPOTLIGHT("removeParticipantsSpotlight"),
    START_CAPTIONS("startLiveCallingCaptions"),
    RAISE_HAND("raiseHand"),
    MUTE_OTHERS("muteOthers"),
    USE_REACTIONS("useReactions"),
    VIEW_NAMES("viewAttendeeNames"),
    REAL_TIME_TEXT("realTimeText");

    private final String word;

    Capability(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /** What this server has for nobody. */
  private static final Set<String> LACKING =
      Set.of(
          "addTeamsUser",
          "addPhoneNumber",
          "pstnDialOut",
          "startLiveMeetingCaptions",
          "setCaptionLanguage",
          "startTogetherMode",
          "joinBreakoutRooms",
          "forbidOthersAudio",
          "forbidOthersVideo");

  private final String word;

  @SuppressWarnings("ImmutableEnumChecker") // A copy, which nobody can change.
  private final Set<Capability> capabilities;

  CallRole(String word, Set<Capability> capabilities) {
    this.word = word;
    this.capabilities = Set.copyOf(capabilities);
  }

  static CallRole of(Role role) {
    return switch (role) {
      case PRESENTER -> PRESENTER;
      case ATTENDEE -> ATTENDEE;
      case CONSUMER -> CONSUMER;
      case COLLABORATOR -> COLLABORATOR;
    };
  }

  String word() {
    return word;
  }

  /** As events and records name it, which know no {@code Unknown}. */
  String recorded() {
    return this == UNKNOWN ? PRESENTER.word : word;
  }

  boolean can(Capability capability) {
    return capabilities.contains(capability);
  }

  /** Refuses what the role does not allow. */
  void need(Capability capability) {
    if (!can(capability)) {
      throw CallProblem.forbidden("The role " + word + " has no " + capability.word() + ".");
    }
  }

  /** {@code CapabilityResolutionReason} by name. */
  ObjectNode capabilitiesJson(boolean captions) {
    var json = Json.mapper().createObjectNode();
    for (var capability : Capability.values()) {
      json.put(capability.word(), can(capability) ? "Capable" : "RoleRestricted");
    }
    if (!captions) {
      json.put(Capability.START_CAPTIONS.word(), "FeatureNotSupported");
    }
    LACKING.forEach(name -> json.put(name, "FeatureNotSupported"));
    // The client does it alone.
    return json.put("blurBackground", "Capable");
  }
}
