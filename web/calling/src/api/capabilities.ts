// What one may do in a call.

import type { CallFeature } from "./features.js";

/** What one may do in this call, and why not. */
export interface CapabilitiesFeature extends CallFeature {
  readonly capabilities: ParticipantCapabilities;
  on(event: CapabilitiesChangedEventType, listener: CapabilitiesChangeHandler): void;
  off(event: CapabilitiesChangedEventType, listener: CapabilitiesChangeHandler): void;
}

export type CapabilitiesChangedEventType = "capabilitiesChanged";

export type CapabilitiesChangeHandler = (data: CapabilitiesChangeInfo) => void;

/** Capabilities that have changed, before and after. */
export interface CapabilitiesChangeInfo {
  oldValue: ChangedParticipantCapabilities;
  newValue: ChangedParticipantCapabilities;
  reason: CapabilitiesChangedReason;
}

export type CapabilitiesChangedReason = "RoleChanged" | "UserPolicyChanged" | "MeetingOptionOrOrganizerPolicyChanged" | "TeamsPremiumLicenseChanged";

export type CapabilityResolutionReason =
  | "Capable"
  | "CapabilityNotApplicableForTheCallType"
  | "ClientRestricted"
  | "UserPolicyRestricted"
  | "RoleRestricted"
  | "FeatureNotSupported"
  | "MeetingRestricted"
  | "NotInitialized"
  | "NotCapable"
  | "TeamsPremiumLicenseRestricted"
  | "IpModeUserPolicyRestricted"
  | "ExplicitConsentRequired";

export type ParticipantCapabilityName =
  | "turnVideoOn"
  | "unmuteMic"
  | "shareScreen"
  | "removeParticipant"
  | "hangUpForEveryOne"
  | "addCommunicationUser"
  | "addTeamsUser"
  | "addPhoneNumber"
  | "manageLobby"
  | "spotlightParticipant"
  | "removeParticipantsSpotlight"
  | "blurBackground"
  | "startLiveMeetingCaptions"
  | "startLiveCallingCaptions"
  | "setCaptionLanguage"
  | "raiseHand"
  | "pstnDialOut"
  | "muteOthers"
  | "useReactions"
  | "viewAttendeeNames"
  | "startTogetherMode"
  | "joinBreakoutRooms"
  | "forbidOthersAudio"
  | "forbidOthersVideo"
  | "realTimeText";

export type ParticipantCapabilities = Record<ParticipantCapabilityName, { isPresent: boolean; reason: CapabilityResolutionReason }>;

export type ChangedParticipantCapabilities = Partial<ParticipantCapabilities>;
