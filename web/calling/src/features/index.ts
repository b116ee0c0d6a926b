import { callFeature, clientFeature } from "./feature.js";
import { capabilities } from "./capabilities.js";
import { captions } from "./captions.js";
import { dataChannel } from "./data-channel.js";
import { debugInfo } from "./debug-info.js";
import { userFacingDiagnostics } from "./diagnostics.js";
import { audioEffects, videoEffects } from "./effects.js";
import { raiseHand } from "./hands.js";
import { mediaAccess } from "./media-access.js";
import { mediaStats } from "./media-stats.js";
import { preCallDiagnostics } from "./pre-call.js";
import { reaction } from "./reaction.js";
import { recording, transcription } from "./recording.js";
import { dominantSpeakers } from "./speakers.js";
import { spotlight } from "./spotlight.js";
import { callSurvey } from "./survey.js";
import { breakoutRooms, pptLive, teamsMeetingAudioConferencing, togetherMode } from "./teams.js";
import { realTimeText } from "./text.js";
import { transfer } from "./transfer.js";
import { optimalVideoCount } from "./video-count.js";

/** Keys of features: `call.feature(Features.RaiseHand)`. The same key gives the same object on the same call, client or stream. */
export const Features = {
  Recording: callFeature(recording),
  Transfer: callFeature(transfer),
  Transcription: callFeature(transcription),
  Captions: callFeature(captions),
  RaiseHand: callFeature(raiseHand),
  Reaction: callFeature(reaction),
  Spotlight: callFeature(spotlight),
  PPTLive: callFeature(pptLive),
  BreakoutRooms: callFeature(breakoutRooms),
  Capabilities: callFeature(capabilities),
  DominantSpeakers: callFeature(dominantSpeakers),
  CallSurvey: callFeature(callSurvey),
  UserFacingDiagnostics: callFeature(userFacingDiagnostics),
  MediaStats: callFeature(mediaStats),
  DebugInfo: clientFeature(debugInfo),
  VideoEffects: videoEffects,
  AudioEffects: audioEffects,
  DataChannel: callFeature(dataChannel),
  OptimalVideoCount: callFeature(optimalVideoCount),
  TeamsMeetingAudioConferencing: callFeature(teamsMeetingAudioConferencing),
  TogetherMode: callFeature(togetherMode),
  MediaAccess: callFeature(mediaAccess),
  RealTimeText: callFeature(realTimeText),
  /** Not in the official package's release, only in its preview. */
  PreCallDiagnostics: clientFeature(preCallDiagnostics),
};
