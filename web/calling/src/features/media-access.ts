import type { MediaAccess, MediaAccessCallFeature, MediaAccessChangedListener, MeetingMediaAccessChangedListener } from "../api/index.js";
import { Emitter } from "../call/emitter.js";
import type { CallContext } from "../call/internal.js";
import { identify, unsupported, usersOf } from "./feature.js";

/** The server has no way to forbid single participants their audio or video: all is permitted, and forbidding rejects with 501. Roles of a room do that. */
export function mediaAccess(context: CallContext): MediaAccessCallFeature {
  const emitter = new Emitter<{ mediaAccessChanged: MediaAccessChangedListener; meetingMediaAccessChanged: MeetingMediaAccessChangedListener }>();
  const refuse = () => Promise.reject(unsupported("Forbidding audio or video"));
  const permit = () => Promise.resolve();
  return {
    name: "MediaAccess",
    permitAudio: permit,
    permitOthersAudio: permit,
    permitVideo: permit,
    permitOthersVideo: permit,
    forbidAudio: refuse,
    forbidOthersAudio: refuse,
    forbidVideo: refuse,
    forbidOthersVideo: refuse,
    getAllOthersMediaAccess(): MediaAccess[] {
      const others = context.snapshot?.participants.filter(({ id }) => id !== context.snapshot?.me).map(({ id }) => id) ?? [];
      return usersOf(context, others).map((user) => ({ participant: identify(user), isAudioPermitted: true, isVideoPermitted: true }));
    },
    getMeetingMediaAccess: () => ({ isAudioPermitted: true, isVideoPermitted: true }),
    on: emitter.on,
    off: emitter.off,
    dispose: emitter.forget,
  };
}
