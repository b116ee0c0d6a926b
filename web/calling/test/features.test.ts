import type { CommunicationIdentifier } from "@azure/communication-common";
import { describe, expect, test } from "vitest";
import {
  type Captions,
  type CallFeature,
  type CallFeatureFactory,
  type CaptionsInfo,
  type DataChannelReceiver,
  Features,
  type RealTimeTextInfo,
  type RecordingInfo,
  RecordingState,
  type Transfer,
} from "../src/index.js";
import { BOB, CAROL, connected, error, ME, participant, recorded, settled, snapshot } from "./lib/world.js";

const bob = { communicationUserId: BOB };
const carol = { communicationUserId: CAROL };
const idOf = (identifier: CommunicationIdentifier) => ("communicationUserId" in identifier ? identifier.communicationUserId : "?");

/** In a group with Bob on two devices and Carol on one. */
async function inGroup(more = {}, welcome = {}) {
  const all = await connected(welcome);
  const others = [participant("p-bob", BOB), participant("p-bob2", BOB), participant("p-carol", CAROL)];
  all.server.answers["call.join"] = snapshot({ participants: [participant("p-me", ME), ...others], groupId: "g", ...more });
  const call = all.agent.join({ groupId: "g" });
  await settled();
  return { ...all, call };
}

describe("every feature", () => {
  const ofCalls = Object.entries(Features).filter(([, factory]) => "callApiCtor" in factory) as [string, CallFeatureFactory<CallFeature>][];

  test.each(ofCalls)("%s: there before the call is connected, the same each time, and whole when copied by spread", async (name, factory) => {
    const { agent } = await connected();
    const call = agent.join({ groupId: "g" });
    const feature = call.feature(factory);
    expect(call.feature(factory)).toBe(feature);
    expect(feature.name).toBe(name);
    const copy = { ...feature } as CallFeature & { on?(event: string, listener: () => void): void; off?(event: string, listener: () => void): void };
    expect(copy.dispose).toBeTypeOf("function");
    const listener = () => {};
    copy.on?.("anything", listener);
    copy.off?.("anything", listener);
    copy.off?.("never registered", listener);
    copy.dispose();
  });

  test("methods run with a proxy around the call, as the UI library calls them", async () => {
    const { server, call } = await inGroup();
    server.answers["hand.raise"] = {};
    const proxy = new Proxy(call, {});
    expect(proxy.feature(Features.RaiseHand)).toBe(call.feature(Features.RaiseHand));
    await proxy.feature(Features.RaiseHand).raiseHand();
    expect(server.requests("hand.raise")).toEqual([{ callId: "c1" }]);
  });
});

describe("raised hands", () => {
  test("are told once per user, in order, and go with whoever leaves", async () => {
    const { server, call } = await inGroup({ hands: ["p-carol"] });
    const feature = call.feature(Features.RaiseHand);
    const heard: string[] = [];
    feature.on("raisedHandEvent", ({ identifier }) => heard.push(`up ${idOf(identifier)} of ${feature.getRaisedHands().length}`));
    feature.on("loweredHandEvent", ({ identifier }) => heard.push(`down ${idOf(identifier)}`));
    server.notify("hands", { participants: ["p-carol", "p-bob", "p-bob2"] });
    expect(feature.getRaisedHands().map(({ identifier, order }) => [idOf(identifier), order])).toEqual([
      [CAROL, 1],
      [BOB, 2],
    ]);
    server.notify("participants", { added: [], changed: [], removed: [{ id: "p-carol", reason: {} }] });
    server.notify("hands", { participants: [] });
    expect(heard).toEqual([`up ${BOB} of 2`, `down ${CAROL}`, `down ${BOB}`]);
  });

  test("of others are lowered by name, and all at once", async () => {
    const { server, call } = await inGroup();
    server.answers["hand.lower"] = {};
    await call.feature(Features.RaiseHand).lowerHands([bob]);
    await call.feature(Features.RaiseHand).lowerAllHands();
    await call.feature(Features.RaiseHand).lowerHands([]);
    expect(server.requests("hand.lower")).toEqual([
      { callId: "c1", participants: [BOB] },
      { callId: "c1", all: true },
    ]);
  });

  test("what the server refuses rejects with its code", async () => {
    const { server, call } = await inGroup();
    server.answers["hand.raise"] = error(403, 0);
    await expect(call.feature(Features.RaiseHand).raiseHand()).rejects.toMatchObject({ name: "CommunicationServicesError", code: 403 });
  });
});

describe("spotlight", () => {
  test("tells who came and who went", async () => {
    const { server, call } = await inGroup({ spotlights: ["p-bob"] });
    const feature = call.feature(Features.Spotlight);
    const heard: unknown[] = [];
    feature.on("spotlightChanged", ({ added, removed }) =>
      heard.push([added.map((one) => idOf(one.identifier)), removed.map((one) => idOf(one.identifier))]),
    );
    server.notify("spotlights", { participants: ["p-bob2", "p-carol"] });
    server.notify("spotlights", { participants: ["p-carol"] });
    expect(heard).toEqual([
      [[CAROL], []],
      [[], [BOB]],
    ]);
    expect(feature.getSpotlightedParticipants()).toMatchObject([{ order: 1 }]);
  });

  test("is oneself without names; more than seven names are not asked for", async () => {
    const { server, call } = await inGroup();
    server.answers["spotlight.start"] = server.answers["spotlight.stop"] = {};
    const feature = call.feature(Features.Spotlight);
    await feature.startSpotlight();
    await feature.startSpotlight([carol]);
    await feature.stopAllSpotlight();
    await expect(feature.startSpotlight(Array.from({ length: 8 }, () => bob))).rejects.toMatchObject({ code: 400 });
    expect(server.requests("spotlight.start")).toEqual([{ callId: "c1" }, { callId: "c1", participants: [CAROL] }]);
    expect(server.requests("spotlight.stop")).toEqual([{ callId: "c1", all: true }]);
  });
});

describe("reactions", () => {
  test("are sent and received; unknown ones are neither", async () => {
    const { server, call } = await inGroup();
    server.answers["reaction"] = {};
    const feature = call.feature(Features.Reaction);
    const heard: unknown[] = [];
    feature.on("reaction", (data) => heard.push(data));
    server.notify("reaction", { participant: "p-bob", type: "heart" });
    server.notify("reaction", { participant: "p-bob", type: "sneer" });
    server.notify("reaction", { participant: "p-stranger", type: "heart" });
    expect(heard).toMatchObject([{ identifier: bob, reactionMessage: { reactionType: "heart" } }]);
    await feature.sendReaction({ reactionType: "applause" });
    await expect(feature.sendReaction({ reactionType: "sneer" as never })).rejects.toMatchObject({ code: 400 });
    expect(server.requests("reaction")).toEqual([{ callId: "c1", type: "applause" }]);
  });
});

describe("recording and transcription", () => {
  test("one recording from begin to end, with a pause", async () => {
    const { server, call } = await inGroup();
    const feature = call.feature(Features.Recording);
    const updates: [RecordingInfo[], RecordingInfo[]][] = [];
    feature.on("recordingsUpdated", ({ added, removed }) => updates.push([added, removed]));
    const flags: boolean[] = [];
    feature.on("isRecordingActiveChanged", () => flags.push(feature.isRecordingActive));
    server.notify("call.changed", { recording: "active" });
    const [info] = feature.recordings;
    const states: RecordingState[] = [];
    info!.on("recordingStateChanged", () => states.push(info!.state));
    server.notify("call.changed", { recording: "paused" });
    server.notify("call.changed", { recording: "active" });
    server.notify("call.changed", { recording: "none" });
    expect(flags).toEqual([true, false, true, false]);
    expect(states).toEqual([RecordingState.Paused, RecordingState.Started, RecordingState.Ended]);
    expect(updates).toEqual([
      [[info], []],
      [[], [info]],
    ]);
    expect(feature.recordings).toEqual([]);
  });

  test("one that runs already is there at once", async () => {
    const { call } = await inGroup({ recording: "active", transcription: true });
    expect(call.feature(Features.Recording).recordings).toMatchObject([{ state: RecordingState.Started }]);
    expect(call.feature(Features.Transcription).isTranscriptionActive).toBe(true);
    await expect(call.feature(Features.Recording).grantTeamsConsent()).rejects.toMatchObject({ code: 501 });
  });

  test("transcription", async () => {
    const { server, call } = await inGroup();
    const feature = call.feature(Features.Transcription);
    const heard = recorded(feature, "isTranscriptionActiveChanged");
    server.notify("call.changed", { transcription: true });
    server.notify("call.changed", { transcription: true });
    expect(heard).toHaveLength(1);
    expect(feature.isTranscriptionActive).toBe(true);
  });
});

describe("dominant speakers", () => {
  test("are users, loudest first", async () => {
    const { server, call } = await inGroup();
    const feature = call.feature(Features.DominantSpeakers);
    const heard = recorded(feature, "dominantSpeakersChanged");
    server.notify("speakers", { participants: ["p-carol", "p-bob", "p-bob2", "p-gone"] });
    expect(feature.dominantSpeakers.speakersList.map(idOf)).toEqual([CAROL, BOB]);
    expect(heard).toHaveLength(1);
  });
});

describe("capabilities", () => {
  test("are unknown before the call, and what the server says after", async () => {
    const { agent, server } = await connected();
    const call = agent.join({ groupId: "g" });
    const feature = call.feature(Features.Capabilities);
    expect(feature.capabilities.unmuteMic).toEqual({ isPresent: false, reason: "NotInitialized" });
    server.answers["call.join"] = snapshot({ capabilities: { turnVideoOn: "Capable", unmuteMic: "RoleRestricted" } });
    await settled();
    expect(feature.capabilities.turnVideoOn).toEqual({ isPresent: true, reason: "Capable" });
    expect(feature.capabilities.unmuteMic).toEqual({ isPresent: false, reason: "RoleRestricted" });
    expect(feature.capabilities.joinBreakoutRooms).toEqual({ isPresent: false, reason: "FeatureNotSupported" });
  });

  test("a change names what changed and why", async () => {
    const { server, call } = await inGroup({ capabilities: { turnVideoOn: "Capable", unmuteMic: "Capable" } });
    const heard: unknown[] = [];
    call.feature(Features.Capabilities).on("capabilitiesChanged", (change) => heard.push(change));
    server.notify("call.changed", { role: "Attendee", capabilities: { turnVideoOn: "RoleRestricted", unmuteMic: "Capable" } });
    server.notify("call.changed", { capabilities: { turnVideoOn: "RoleRestricted", unmuteMic: "Capable" } });
    expect(heard).toEqual([
      {
        oldValue: { turnVideoOn: { isPresent: true, reason: "Capable" } },
        newValue: { turnVideoOn: { isPresent: false, reason: "RoleRestricted" } },
        reason: "RoleChanged",
      },
    ]);
  });
});

describe("real-time text", () => {
  test("a text grows until it is final; the next one has another number", async () => {
    const { server, call } = await inGroup();
    const feature = call.feature(Features.RealTimeText);
    server.answers["text"] = {};
    await feature.sendRealTimeText("H");
    await feature.sendRealTimeText("Hi", true);
    await feature.sendRealTimeText("N");
    expect(server.requests("text")).toEqual([
      { callId: "c1", text: "H", final: false, sequence: 1 },
      { callId: "c1", text: "Hi", final: true, sequence: 1 },
      { callId: "c1", text: "N", final: false, sequence: 2 },
    ]);
  });

  test("while an answer is awaited only the newest text waits, and a final one comes last", async () => {
    const { server, call } = await inGroup();
    const feature = call.feature(Features.RealTimeText);
    const sending = ["a", "ab", "abc"].map((text) => feature.sendRealTimeText(text));
    sending.push(feature.sendRealTimeText("abcd", true));
    await settled();
    const texts = () => server.requests("text").map(({ text, final }) => [text, final]);
    const answerAll = () => {
      for (const { id, do: name } of server.asked) if (name === "text") server.socket.say({ id, ok: {} });
    };
    for (let i = 0; i < 4; i++) {
      answerAll();
      await settled();
    }
    await Promise.all(sending);
    expect(texts()).toEqual([
      ["abc", false],
      ["abcd", true],
    ]);
  });

  test("received ones keep the time of their beginning, and one's own say so", async () => {
    const { server, call } = await inGroup();
    const heard: RealTimeTextInfo[] = [];
    call.feature(Features.RealTimeText).on("realTimeTextReceived", (info) => heard.push(info));
    server.notify("text", { participant: "p-bob", sequence: 4, text: "h", final: false, at: "2026-11-26T10:00:00Z" });
    server.notify("text", { participant: "p-bob", sequence: 4, text: "ho", final: true, at: "2026-11-26T10:00:05Z" });
    server.notify("text", { participant: "p-me", sequence: 1, text: "me", final: true, at: "2026-11-26T10:00:06Z" });
    server.notify("text", { participant: "p-who", sequence: 1, text: "?", final: true, at: "2026-11-26T10:00:06Z" });
    expect(heard).toMatchObject([
      { sequenceId: 4, text: "h", resultType: "Partial", isLocal: false, sender: { identifier: bob, displayName: "bob" } },
      { text: "ho", resultType: "Final", receivedTimestamp: new Date("2026-11-26T10:00:00Z"), updatedTimestamp: new Date("2026-11-26T10:00:05Z") },
      { text: "me", isLocal: true },
    ]);
  });

  test("too long a text is refused here", async () => {
    const { call } = await inGroup();
    await expect(call.feature(Features.RealTimeText).sendRealTimeText("x".repeat(2001))).rejects.toMatchObject({ code: 400 });
  });
});

describe("captions", () => {
  test("without a speech engine", async () => {
    const { server, call } = await inGroup();
    server.answers["captions.start"] = error(501, 0);
    const { captions } = call.feature(Features.Captions);
    expect(captions).toMatchObject({ kind: "Captions", isCaptionsFeatureActive: false, supportedSpokenLanguages: [] });
    await expect(captions.startCaptions({ spokenLanguage: "en-us" })).rejects.toMatchObject({ code: 501 });
  });

  test("start, another language, what is said, and the end", async () => {
    const { server, call } = await inGroup({}, { captions: true });
    server.answers["captions.start"] = server.answers["captions.language"] = server.answers["captions.stop"] = {};
    const captions = call.feature(Features.Captions).captions as Captions;
    const heard = recorded(captions, "CaptionsActiveChanged", "SpokenLanguageChanged");
    const said: CaptionsInfo[] = [];
    captions.on("CaptionsReceived", (info) => said.push(info));
    await captions.startCaptions({ spokenLanguage: "en-us" });
    server.notify("captions", { captions: { language: "en-us" } });
    await captions.setSpokenLanguage("de-de");
    server.notify("captions", { captions: { language: "de-de" } });
    server.notify("caption", { participant: "p-carol", text: "Hallo", language: "de-de", final: true, at: "2026-11-26T10:00:00Z" });
    server.notify("captions", { captions: null });
    expect(heard).toEqual(["CaptionsActiveChanged", "SpokenLanguageChanged", "SpokenLanguageChanged", "CaptionsActiveChanged"]);
    expect(said).toMatchObject([{ resultType: "Final", spokenText: "Hallo", spokenLanguage: "de-de", speaker: { identifier: carol } }]);
    expect(captions.activeSpokenLanguage).toBe("de-de");
    expect(server.requests("captions.language")).toEqual([{ callId: "c1", language: "de-de" }]);
    await expect(captions.setSpokenLanguage("<script>")).rejects.toMatchObject({ code: 400 });
  });
});

describe("data channel", () => {
  test("sends bytes to all or to some", async () => {
    const { server, call } = await inGroup();
    server.answers["data"] = {};
    const sender = call.feature(Features.DataChannel).createDataChannelSender({ channelId: 7 });
    const bytes = Uint8Array.from([0, 1, 250, 255]);
    await sender.sendMessage(bytes);
    sender.setParticipants([bob]);
    await sender.sendMessage(bytes);
    expect(server.requests("data")).toEqual([
      { callId: "c1", channel: 7, data: "AAH6/w==" },
      { callId: "c1", channel: 7, data: "AAH6/w==", to: [BOB] },
    ]);
    expect(sender.maxMessageSize).toBe(16384);
    await expect(sender.sendMessage(new Uint8Array(16385))).rejects.toMatchObject({ code: 400 });
    sender.close();
    await expect(sender.sendMessage(bytes)).rejects.toMatchObject({ code: 400 });
    expect(() => call.feature(Features.DataChannel).createDataChannelSender({ channelId: 65536 })).toThrow();
  });

  test("receives in order, one receiver for each sender and channel, closed when the sender leaves", async () => {
    const { server, call } = await inGroup();
    const receivers: DataChannelReceiver[] = [];
    const read: unknown[] = [];
    call.feature(Features.DataChannel).on("dataChannelReceiverCreated", (receiver) => {
      receivers.push(receiver);
      receiver.on("messageReady", () => {
        const message = receiver.readMessage()!;
        read.push([receiver.channelId, message.sequenceNumber, [...message.data]]);
      });
      receiver.on("close", () => read.push(`close ${receiver.channelId}`));
    });
    server.notify("data", { participant: "p-bob", channel: 3, sequence: 1, data: "AQ==" });
    server.notify("data", { participant: "p-bob", channel: 3, sequence: 2, data: "Ag==" });
    server.notify("data", { participant: "p-carol", channel: 4, sequence: 1, data: "Aw==" });
    server.notify("data", { participant: "p-carol", channel: 4, sequence: 2, data: "%%" });
    expect(receivers.map(({ senderParticipantIdentifier }) => idOf(senderParticipantIdentifier))).toEqual([BOB, CAROL]);
    server.notify("participants", { added: [], changed: [], removed: [{ id: "p-bob", reason: {} }] });
    server.notify("call.ended", { reason: { code: 0, subCode: 0, category: "Success", message: "" } });
    expect(read).toEqual([[3, 1, [1]], [3, 2, [2]], [4, 1, [3]], "close 3", "close 4"]);
    expect(receivers[0]!.readMessage()).toBeUndefined();
  });

  test("keeps a bounded number of unread messages, the newest", async () => {
    const { server, call } = await inGroup();
    let receiver: DataChannelReceiver | undefined;
    call.feature(Features.DataChannel).on("dataChannelReceiverCreated", (one) => (receiver = one));
    for (let i = 1; i <= 1_005; i++) server.notify("data", { participant: "p-bob", channel: 1, sequence: i, data: "AQ==" });
    expect(receiver!.readMessage()!.sequenceNumber).toBe(6);
  });
});

describe("transfer", () => {
  const states = (transfer: Transfer) => {
    const heard: string[] = [];
    transfer.on("stateChanged", () => heard.push(transfer.state));
    return heard;
  };

  test("to somebody: the server's word goes on", async () => {
    const { server, call } = await inGroup({ kind: "oneToOne" });
    server.answers["transfer"] = {};
    const transfer = call.feature(Features.Transfer).transfer({ targetParticipant: carol });
    const heard = states(transfer);
    await settled();
    server.notify("transfer", { state: "Transferring" });
    server.notify("transfer", { state: "Transferred" });
    expect(heard).toEqual(["Transferring", "Transferred"]);
    expect(server.requests("transfer")).toEqual([{ callId: "c1", participant: CAROL }]);
  });

  test("into a call, refused", async () => {
    const { server, call } = await inGroup();
    server.answers["transfer"] = error(409, 0);
    const transfer = call.feature(Features.Transfer).transfer({ targetCallId: "c9" });
    const heard = states(transfer);
    await settled();
    expect(heard).toEqual(["Transferring", "Failed"]);
    expect(transfer.error).toEqual({ code: 409, subCode: 0 });
    expect(server.requests("transfer")).toEqual([{ callId: "c1", toCall: "c9" }]);
  });

  test("to voicemail fails as unsupported", async () => {
    const { call } = await inGroup();
    const transfer = call.feature(Features.Transfer).transfer({ targetParticipantVoicemail: { microsoftTeamsUserId: "t" } });
    await settled();
    expect(transfer).toMatchObject({ state: "Failed", error: { code: 501 } });
  });

  test("whoever is transferred gets the new call", async () => {
    const { server, call, agent } = await inGroup({ kind: "oneToOne" });
    const heard: string[] = [];
    call.feature(Features.Transfer).on("transferAccepted", ({ targetCall }) => heard.push(targetCall.id));
    server.notify("transfer.accepted", { call: snapshot({ callId: "c2", kind: "oneToOne", state: "Connecting" }) });
    await settled();
    expect(heard).toEqual(["c2"]);
    expect(agent.calls.map(({ id }) => id)).toContain("c2");
  });
});

describe("survey", () => {
  test("is sent also after the call", async () => {
    const { server, call } = await inGroup();
    server.answers["survey"] = { id: "s1", callId: "c1", participantId: "p-me" };
    server.notify("call.ended", { reason: { code: 0, subCode: 0, category: "Success", message: "" } });
    const survey = { overallRating: { score: 5 }, audioRating: { score: 40, scale: { lowerBound: 0, upperBound: 100, lowScoreThreshold: 50 } } };
    const answer = await call.feature(Features.CallSurvey).submitSurvey(survey);
    expect(answer).toEqual({ ...survey, id: "s1", callId: "c1", localParticipantId: "p-me" });
    expect(server.requests("survey")).toEqual([{ callId: "c1", survey }]);
  });

  test.each([
    ["no rating", {}],
    ["a score out of its scale", { overallRating: { score: 6 } }],
    ["a scale upside down", { overallRating: { score: 3, scale: { lowerBound: 5, upperBound: 1, lowScoreThreshold: 2 } } }],
    ["a score that is no number", { videoRating: { score: "5" as never } }],
  ])("refuses %s", async (_, survey) => {
    const { server, call } = await inGroup();
    await expect(call.feature(Features.CallSurvey).submitSurvey(survey as never)).rejects.toMatchObject({ code: 400 });
    expect(server.requests("survey")).toEqual([]);
  });
});

describe("what the server has not", () => {
  test("media access is all permitted, and cannot be forbidden", async () => {
    const { call } = await inGroup();
    const feature = call.feature(Features.MediaAccess);
    expect(feature.getAllOthersMediaAccess().map(({ participant: who, ...rest }) => [idOf(who), rest])).toEqual([
      [BOB, { isAudioPermitted: true, isVideoPermitted: true }],
      [CAROL, { isAudioPermitted: true, isVideoPermitted: true }],
    ]);
    await expect(feature.forbidAudio([bob])).rejects.toMatchObject({ code: 501 });
    await feature.permitAudio([bob]);
  });

  test("Teams' own features say so", async () => {
    const { call } = await inGroup();
    await expect(call.feature(Features.TogetherMode).start()).rejects.toMatchObject({ code: 501 });
    await expect(call.feature(Features.TeamsMeetingAudioConferencing).getTeamsMeetingAudioConferencingDetails()).rejects.toMatchObject({ code: 501 });
    expect(call.feature(Features.PPTLive).isActive).toBe(false);
    expect(call.feature(Features.BreakoutRooms).breakoutRooms).toBeUndefined();
  });
});
