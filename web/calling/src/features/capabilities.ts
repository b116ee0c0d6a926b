import type {
  CapabilitiesChangeHandler,
  CapabilitiesFeature,
  CapabilityResolutionReason,
  ParticipantCapabilities,
  ParticipantCapabilityName,
} from "../api/index.js";
import { Emitter } from "../call/emitter.js";
import type { CallContext } from "../call/internal.js";
import { subscriptions } from "./feature.js";

const NAMES: readonly ParticipantCapabilityName[] = [
  "turnVideoOn",
  "unmuteMic",
  "shareScreen",
  "removeParticipant",
  "hangUpForEveryOne",
  "addCommunicationUser",
  "addTeamsUser",
  "addPhoneNumber",
  "manageLobby",
  "spotlightParticipant",
  "removeParticipantsSpotlight",
  "blurBackground",
  "startLiveMeetingCaptions",
  "startLiveCallingCaptions",
  "setCaptionLanguage",
  "raiseHand",
  "pstnDialOut",
  "muteOthers",
  "useReactions",
  "viewAttendeeNames",
  "startTogetherMode",
  "joinBreakoutRooms",
  "forbidOthersAudio",
  "forbidOthersVideo",
  "realTimeText",
];

/** What one may do in the call, as the server says; `NotInitialized` until it has. */
export function capabilities(context: CallContext): CapabilitiesFeature {
  const emitter = new Emitter<{ capabilitiesChanged: CapabilitiesChangeHandler }>();
  let known = read();

  function read(): ParticipantCapabilities {
    const told = context.snapshot?.capabilities;
    const entries = NAMES.map((name) => {
      const reason = (told ? (told[name] ?? "FeatureNotSupported") : "NotInitialized") as CapabilityResolutionReason;
      return [name, { isPresent: reason === "Capable", reason }];
    });
    return Object.fromEntries(entries) as ParticipantCapabilities;
  }

  const subscribed = subscriptions(
    context.onChange((changed) => {
      if (!changed.has("capabilities")) return;
      const before = known;
      known = read();
      const differing = NAMES.filter((name) => before[name].reason !== known[name].reason);
      if (differing.length === 0) return;
      const only = (all: ParticipantCapabilities) => Object.fromEntries(differing.map((name) => [name, all[name]]));
      const reason = changed.has("role") ? "RoleChanged" : "MeetingOptionOrOrganizerPolicyChanged";
      emitter.emit("capabilitiesChanged", { oldValue: only(before), newValue: only(known), reason });
    }),
  );
  return {
    name: "Capabilities",
    get capabilities() {
      return known;
    },
    on: emitter.on,
    off: emitter.off,
    dispose: subscribed.end,
  };
}
