import { describe, expect, test, vi } from "vitest";
import type { Call, IncomingCall } from "../src/index.js";
import { INTERNAL } from "../src/call/internal.js";
import { BOB, CAROL, ME, connected, credential, error, jwt, participant, recorded, settled, snapshot, stream, world } from "./lib/world.js";

const bob = { communicationUserId: BOB };
const carol = { communicationUserId: CAROL };

async function inGroup(more = {}, welcome = {}) {
  const all = await connected(welcome);
  all.server.answers["call.join"] = snapshot({ participants: [participant("p-me", ME), participant("p-bob", BOB)], groupId: "g", ...more });
  const call = all.agent.join({ groupId: "g" });
  await settled();
  return { ...all, call };
}

async function rung() {
  const all = await connected();
  const incoming: IncomingCall[] = [];
  all.agent.on("incomingCall", (event) => incoming.push(event.incomingCall));
  all.server.notify("incoming", { serverCallId: "sc1", kind: "oneToOne", from: { user: BOB, displayName: "bob" }, customContext: { userToUser: "u", voipHeaders: { a: "b" } } });
  return { ...all, incoming: incoming[0]! };
}

describe("starting", () => {
  test("1:1: connecting, ringing, connected; the server's id takes the place of ours", async () => {
    const { server, agent } = await connected();
    const updates = recorded(agent, "callsUpdated");
    const call = agent.startCall([bob], { audioOptions: { muted: true }, customContext: { userToUser: "hello", voipHeaders: [{ key: "k", value: "v" }] } });
    expect(call.state).toBe("None");
    expect(agent.calls).toEqual([call]);
    expect(call.remoteParticipants[0]).toMatchObject({ identifier: { kind: "communicationUser", communicationUserId: BOB }, state: "Connecting" });
    const own = call.id;
    const states: string[] = [];
    call.on("stateChanged", () => states.push(call.state));
    const ids = recorded(call, "idChanged");
    server.answers["call.start"] = snapshot({ kind: "oneToOne", state: "Connecting", invited: [{ user: BOB, state: "Connecting" }] });
    await settled();
    expect(server.requests("call.start")).toEqual([
      { participants: [BOB], muted: true, customContext: { userToUser: "hello", voipHeaders: { k: "v" } } },
    ]);
    expect(call.id).toBe("c1");
    expect(call.id).not.toBe(own);
    expect(ids).toHaveLength(1);
    server.notify("call.changed", { state: "Ringing", invited: [{ user: BOB, state: "Ringing" }] });
    expect(call.remoteParticipants[0]!.state).toBe("Ringing");
    const [callee] = call.remoteParticipants;
    const came = recorded(call, "remoteParticipantsUpdated");
    server.notify("participants", { added: [participant("p-bob", BOB)], changed: [], removed: [] });
    server.notify("call.changed", { state: "Connected" });
    expect(states).toEqual(["Connecting", "Ringing", "Connected"]);
    expect(call.remoteParticipants).toEqual([callee]);
    expect(came).toEqual([]);
    expect(callee).toMatchObject({ state: "Connected", displayName: "bob", isMuted: false });
    expect(updates).toHaveLength(1);
  });

  test("refused: the server's code is the end reason", async () => {
    const { server, agent } = await connected();
    server.answers["call.start"] = error(480, 10037, "ExpectedError");
    const call = agent.startCall([bob]);
    await settled();
    expect(call.state).toBe("Disconnected");
    expect(call.callEndReason).toEqual({ code: 480, subCode: 10037, message: "480 / 10037", resultCategories: ["ExpectedError"] });
    expect(agent.calls).toEqual([]);
    await expect(call.hold()).rejects.toMatchObject({ code: 410 });
  });

  test("given up before the server has answered: it is told to leave what it has begun", async () => {
    const { server, agent } = await connected();
    const call = agent.startCall([bob]);
    await settled();
    const over = call.hangUp();
    expect(call.state).toBe("Disconnecting");
    const [asked] = server.asked;
    server.answers["call.leave"] = {};
    server.socket.say({ id: asked!.id, ok: snapshot({ state: "Connecting" }) });
    await over;
    expect(server.requests("call.leave")).toEqual([{ callId: "c1", forEveryone: false }]);
    expect(call.state).toBe("Disconnected");
  });

  test("a call whose answer was lost ends here, and is left there", async () => {
    const { server, agent } = await connected();
    const call = agent.startCall([bob]);
    await settled();
    server.socket.cut();
    await vi.waitFor(() => expect(call.state).toBe("Disconnected"));
    expect(call.callEndReason).toMatchObject({ code: 410, subCode: 3101 });
    server.notify("call.changed", { state: "Ringing" });
    expect(server.requests("call.leave")).toEqual([{ callId: "c1" }]);
  });

  test("nobody, nonsense and meetings are refused at once", async () => {
    const { agent } = await connected();
    expect(() => agent.startCall([])).toThrow(expect.objectContaining({ code: 400 }));
    expect(() => agent.join({ meetingLink: "https://teams" })).toThrow(expect.objectContaining({ code: 501 }));
    expect(agent.calls).toEqual([]);
  });
});

describe("ringing", () => {
  test("accepted: it becomes a call", async () => {
    const { server, agent, incoming } = await rung();
    expect(incoming).toMatchObject({ id: "c1", kind: "IncomingCall", callerInfo: { displayName: "bob", identifier: { communicationUserId: BOB } } });
    expect(incoming.customContext).toEqual({ userToUser: "u", voipHeaders: [{ key: "a", value: "b" }], sipHeaders: undefined });
    server.answers["call.accept"] = snapshot({ kind: "oneToOne", direction: "Incoming", caller: { user: BOB }, participants: [participant("p-me", ME), participant("p-bob", BOB)] });
    const updates = recorded(agent, "callsUpdated");
    const [call, again] = await Promise.all([incoming.accept({ audioOptions: { muted: false } }), incoming.accept()]);
    expect(again).toBe(call);
    expect(call).toMatchObject({ id: "c1", direction: "Incoming", state: "Connected", kind: "Call" });
    expect(agent.calls).toEqual([call]);
    expect(updates).toHaveLength(1);
    expect(server.requests("call.accept")).toHaveLength(1);
  });

  test("accepted elsewhere, given up, too late", async () => {
    const { server, agent, incoming } = await rung();
    const ends: unknown[] = [];
    incoming.on("callEnded", (event) => ends.push(event.callEndReason));
    server.notify("incoming.ended", { reason: error(487, 10003, "Success").error });
    expect(ends).toMatchObject([{ code: 487, subCode: 10003, resultCategories: ["Success"] }]);
    await expect(incoming.accept()).rejects.toMatchObject({ code: 400, subCode: 41006 });
    await expect(incoming.reject()).rejects.toMatchObject({ code: 400, subCode: 41007 });
    expect(agent.calls).toEqual([]);
  });

  test("another tab was quicker: accept rejects with its code and leaves no call", async () => {
    const { server, agent, incoming } = await rung();
    server.answers = { "call.accept": error(487, 10003, "Success"), snapshot: error(404, 0) };
    await expect(incoming.accept()).rejects.toMatchObject({ code: 487, subCode: 10003 });
    expect(agent.calls).toEqual([]);
  });

  test("accepted, and the answer was lost with the socket: after the resume it is in the call all the same", async () => {
    const { server, agent, incoming } = await rung();
    const accepting = incoming.accept();
    await settled();
    server.answers = { "call.accept": error(487, 10003), snapshot: snapshot({ kind: "oneToOne", direction: "Incoming" }) };
    server.socket.cut();
    const call = await accepting;
    expect(call).toMatchObject({ id: "c1", state: "Connected" });
    expect(agent.calls).toEqual([call]);
  });

  test("rejected", async () => {
    const { server, incoming } = await rung();
    server.answers["call.reject"] = {};
    await incoming.reject();
    expect(server.requests("call.reject")).toEqual([{ callId: "c1" }]);
  });
});

describe("participants", () => {
  test("come, change and go, each with its event", async () => {
    const { server, call } = await inGroup();
    const [first] = call.remoteParticipants;
    const heard = recorded(first!, "isMutedChanged", "isSpeakingChanged", "stateChanged", "displayNameChanged", "roleChanged");
    const updates: { added: unknown[]; removed: unknown[] }[] = [];
    call.on("remoteParticipantsUpdated", (event) => updates.push(event));
    server.notify("participants", {
      added: [participant("p-carol", CAROL)],
      changed: [{ id: "p-bob", muted: true, speaking: true, state: "Hold", role: "Presenter", displayName: "Bobby" }],
      removed: [],
    });
    expect(heard).toEqual(["stateChanged", "displayNameChanged", "roleChanged", "isMutedChanged", "isSpeakingChanged"]);
    expect(first).toMatchObject({ isMuted: true, isSpeaking: true, state: "Hold", role: "Presenter", displayName: "Bobby" });
    expect(updates[0]!.added).toEqual([call.remoteParticipants[1]]);
    server.notify("participants", { added: [], changed: [], removed: [{ id: "p-bob", reason: error(0, 5000, "Success").error }] });
    expect(updates[1]).toEqual({ added: [], removed: [first] });
    expect(first).toMatchObject({ state: "Disconnected", callEndReason: { code: 0, subCode: 5000 } });
    expect(call.remoteParticipants).toHaveLength(1);
  });

  test("a user with two devices is one, muted when both are, and stays until both have gone", async () => {
    const { server, call } = await inGroup();
    server.notify("participants", { added: [participant("p-bob2", BOB, { muted: true, streams: [{ id: 1, type: "Video" }] })], changed: [], removed: [] });
    expect(call.remoteParticipants).toHaveLength(1);
    const [one] = call.remoteParticipants;
    expect(one!.endpointDetails).toEqual([{ participantId: "p-bob" }, { participantId: "p-bob2" }]);
    expect(one!.isMuted).toBe(false);
    server.notify("participants", { added: [], changed: [{ id: "p-bob", muted: true, streams: [{ id: 1, type: "Video" }] }], removed: [] });
    expect(one!.isMuted).toBe(true);
    expect(new Set(one!.videoStreams.map((stream) => stream.id)).size).toBe(2);
    server.notify("participants", { added: [], changed: [], removed: [{ id: "p-bob", reason: error(0, 0).error }] });
    expect(one!.state).toBe("Connected");
    expect(one!.videoStreams).toHaveLength(1);
    server.notify("participants", { added: [], changed: [], removed: [{ id: "p-bob2", reason: error(0, 0).error }] });
    expect(call.remoteParticipants).toEqual([]);
  });

  test("their videos come and go", async () => {
    const { server, call } = await inGroup();
    const [one] = call.remoteParticipants;
    const updates: { added: { id: number }[]; removed: { id: number }[] }[] = [];
    one!.on("videoStreamsUpdated", (event) => updates.push(event));
    server.notify("participants", { added: [], changed: [{ id: "p-bob", streams: [{ id: 3, type: "Video" }, { id: 4, type: "ScreenSharing" }] }], removed: [] });
    const [video, screen] = one!.videoStreams;
    expect(video).toMatchObject({ id: 3, mediaStreamType: "Video", isAvailable: true });
    expect(screen).toMatchObject({ id: 4, mediaStreamType: "ScreenSharing" });
    let available: boolean | undefined;
    video!.on("isAvailableChanged", () => (available = video!.isAvailable));
    server.notify("participants", { added: [], changed: [{ id: "p-bob", streams: [{ id: 4, type: "ScreenSharing" }] }], removed: [] });
    expect(available).toBe(false);
    expect(updates).toEqual([{ added: [video, screen], removed: [] }, { added: [], removed: [video] }]);
    expect(one!.videoStreams).toEqual([screen]);
  });

  test("asked to come: shown at once, taken away with the reason when refused", async () => {
    const { server, call } = await inGroup();
    const updates: { added: unknown[]; removed: unknown[] }[] = [];
    call.on("remoteParticipantsUpdated", (event) => updates.push(event));
    server.answers["call.add"] = error(403, 0);
    const added = call.addParticipant(carol);
    expect(added.state).toBe("Connecting");
    expect(call.remoteParticipants).toContain(added);
    await settled();
    expect(added).toMatchObject({ state: "Disconnected", callEndReason: { code: 403 } });
    expect(updates).toEqual([{ added: [added], removed: [] }, { added: [], removed: [added] }]);
    server.answers["call.add"] = {};
    const again = call.addParticipant(carol);
    server.notify("call.changed", { invited: [{ user: CAROL, state: "Ringing" }] });
    await settled();
    expect(again.state).toBe("Ringing");
    server.notify("call.changed", { invited: [] });
    expect(call.remoteParticipants).not.toContain(again);
  });

  test("removed and muted by their devices", async () => {
    const { server, call } = await inGroup();
    server.answers = { "call.remove": {}, mute: {} };
    await call.removeParticipant(bob);
    await call.remoteParticipants[0]!.mute();
    await call.muteAllRemoteParticipants();
    expect(server.requests("call.remove")).toEqual([{ callId: "c1", participant: BOB }]);
    expect(server.requests("mute")).toEqual([{ callId: "c1", participants: ["p-bob"] }, { callId: "c1" }]);
  });

  test("those who wait in the lobby", async () => {
    const { server, call } = await inGroup();
    const updates = recorded(call.lobby as never, "lobbyParticipantsUpdated");
    server.notify("participants", { added: [participant("p-carol", CAROL, { state: "InLobby" })], changed: [], removed: [] });
    expect(call.lobby.participants).toMatchObject([{ state: "InLobby" }]);
    server.answers["lobby.admit"] = { count: 1 };
    expect(await call.lobby.admitAll()).toEqual({ successCount: 1, failureCount: 0 });
    server.notify("participants", { added: [], changed: [{ id: "p-carol", state: "Connected" }], removed: [] });
    expect(call.lobby.participants).toEqual([]);
    expect(updates).toHaveLength(2);
  });
});

describe("mute, hold, end", () => {
  test("mute and unmute; who may not speak stays muted", async () => {
    const { server, call } = await inGroup();
    const heard = recorded(call, "isMutedChanged", "mutedByOthers");
    server.answers.me = {};
    await call.mute();
    await call.mute();
    expect(server.requests("me")).toEqual([{ callId: "c1", muted: true }]);
    server.answers.me = error(403, 0);
    await expect(call.unmute()).rejects.toMatchObject({ code: 403 });
    expect(call.isMuted).toBe(true);
    expect(heard).toEqual(["isMutedChanged", "isMutedChanged", "isMutedChanged"]);
  });

  test("muted by others", async () => {
    const { server, call, media } = await inGroup({}, { media: true });
    const heard = recorded(call, "isMutedChanged", "mutedByOthers");
    server.notify("muted", { by: "p-bob" });
    expect(call.isMuted).toBe(true);
    expect(heard).toEqual(["isMutedChanged", "mutedByOthers"]);
    expect(media[0]!.told).toContainEqual(["setMuted", true]);
  });

  test("what was muted while it was connecting is told when it is connected", async () => {
    const { server, agent } = await connected();
    const call = agent.startCall([bob]);
    await settled();
    await call.mute();
    const [asked] = server.asked;
    server.answers.me = {};
    server.socket.say({ id: asked!.id, ok: snapshot({ state: "Connecting" }) });
    expect(server.requests("me")).toEqual([]);
    server.notify("call.changed", { state: "Connected" });
    expect(server.requests("me")).toEqual([{ callId: "c1", muted: true }]);
  });

  test("hold silences the media, and the other side's too", async () => {
    const { server, call, media } = await inGroup({}, { media: true });
    server.answers = { hold: {}, resume: {} };
    await call.hold();
    server.notify("call.changed", { state: "LocalHold" });
    expect(call.state).toBe("LocalHold");
    expect(media[0]!.told.at(-1)).toEqual(["setHeld", true]);
    await call.resume();
    server.notify("call.changed", { state: "Connected" });
    server.notify("call.changed", { state: "RemoteHold" });
    expect(call.state).toBe("RemoteHold");
    expect(media[0]!.told.filter(([name]) => name === "setHeld").map(([, held]) => held)).toEqual([false, true, false, true]);
  });

  test("ended by the server: states, reason, events in order; nothing is heard afterwards", async () => {
    const { server, call, agent, media } = await inGroup({}, { media: true });
    const states: string[] = [];
    call.on("stateChanged", () => states.push(`${call.state} ${call.callEndReason?.subCode}`));
    server.notify("call.ended", { reason: error(0, 5300, "Success").error });
    expect(states).toEqual(["Disconnecting 5300", "Disconnected 5300"]);
    expect(agent.calls).toEqual([]);
    expect(media[0]!.told.at(-1)).toEqual(["close"]);
    server.notify("call.changed", { state: "Connected" });
    expect(call.state).toBe("Disconnected");
    await call.hangUp();
  });

  test("for everyone; who may not stays in the call", async () => {
    const { server, call } = await inGroup();
    server.answers["call.leave"] = error(403, 0);
    await expect(call.hangUp({ forEveryone: true })).rejects.toMatchObject({ code: 403 });
    expect(call.state).toBe("Connected");
    server.answers["call.leave"] = {};
    await call.hangUp({ forEveryone: true });
    expect(server.requests("call.leave").at(-1)).toEqual({ callId: "c1", forEveryone: true });
    expect(call).toMatchObject({ state: "Disconnected", callEndReason: { code: 0, subCode: 0 } });
  });

  test("a room that one may not enter", async () => {
    const { server, agent } = await connected();
    server.answers["call.join"] = error(403, 5828);
    const call = agent.join({ roomId: "r" });
    await settled();
    expect(call.callEndReason).toMatchObject({ code: 403, subCode: 5828 });
  });

  test("the lobby, then in", async () => {
    const { server, agent } = await connected();
    server.answers["call.join"] = snapshot({ state: "InLobby" });
    const call = agent.join({ groupId: "g" });
    await settled();
    expect(call.state).toBe("InLobby");
    server.notify("call", { call: snapshot({ participants: [participant("p-me", ME), participant("p-bob", BOB)] }) });
    expect(call.state).toBe("Connected");
    expect(call.remoteParticipants).toHaveLength(1);
  });
});

describe("transfer", () => {
  test("the new call is begun with the same microphone and camera, and the old one ends by itself", async () => {
    const { server, call, agent } = await inGroup();
    const camera = stream();
    await call.startVideo(camera);
    server.answers.me = {};
    await call.mute();
    const added: Call[] = [];
    agent.on("callsUpdated", (event) => added.push(...event.added));
    server.notify("transfer.accepted", { call: snapshot({ callId: "c2", kind: "oneToOne", state: "Ringing", invited: [{ user: CAROL, state: "Ringing" }] }) });
    expect(added).toMatchObject([{ id: "c2", state: "Ringing", isMuted: true, localVideoStreams: [camera] }]);
    server.notify("call.ended", { reason: error(0, 0, "Success").error });
    expect(agent.calls).toEqual(added);
    expect(camera.disposed).toBe(false);
  });
});

describe("coming back", () => {
  test("resumed: the call goes on; ICE is restarted where it is broken", async () => {
    const { server, call, agent, media } = await inGroup({}, { media: true });
    const states: unknown[] = [];
    agent.on("connectionStateChanged", (event) => states.push(event));
    server.welcome = { media: true };
    server.socket.cut();
    expect(agent.connectionState).toBe("Disconnected");
    await vi.waitFor(() => expect(agent.connectionState).toBe("Connected"));
    expect(states).toEqual([
      { oldValue: "Connected", newValue: "Disconnected", reason: "connectionIssue" },
      { oldValue: "Disconnected", newValue: "Connected" },
    ]);
    expect(call.state).toBe("Connected");
    expect(server.requests("call.join")).toHaveLength(1);
    expect(media[0]!.told.filter(([name]) => name === "restart")).toEqual([["restart", "publish"], ["restart", "subscribe"]]);
  });

  test("a restarted server: joined again by the call's id, media anew, the same objects", async () => {
    const { server, call, agent, media } = await inGroup({}, { media: true });
    const [one] = call.remoteParticipants;
    const states = recorded(call, "stateChanged");
    server.welcome = { media: true, resumed: false };
    server.answers["call.join"] = snapshot({ me: "p-me2", participants: [participant("p-me2", ME), participant("p-bob2", BOB)] });
    server.socket.cut();
    await vi.waitFor(() => expect(server.requests("call.join")).toHaveLength(2));
    await settled();
    expect(server.requests("call.join")[1]).toEqual({ callId: "c1", muted: false });
    expect(agent.calls).toEqual([call]);
    expect(call.remoteParticipants).toEqual([one]);
    expect(one!.endpointDetails).toEqual([{ participantId: "p-bob2" }]);
    expect(call.info.participantId).toBe("p-me2");
    expect(states).toEqual([]);
    expect(media).toHaveLength(1);
    expect(media[0]!.told.at(-1)).toEqual(["renew"]);
  });

  test("a call that is not there any more ends with 410 / 3101", async () => {
    const { server, call } = await inGroup();
    server.welcome = { resumed: false };
    server.answers["call.join"] = error(404, 0);
    server.socket.cut();
    await vi.waitFor(() => expect(call.state).toBe("Disconnected"));
    expect(call.callEndReason).toMatchObject({ code: 410, subCode: 3101 });
  });

  test("after a gap everything is asked for, and what is over ends", async () => {
    const { server, call } = await inGroup();
    server.welcome = { gap: true };
    server.answers.snapshot = snapshot({ participants: [participant("p-me", ME), participant("p-carol", CAROL)], recording: "active" });
    server.socket.cut();
    await vi.waitFor(() => expect(call.remoteParticipants.map((one) => (one.identifier as typeof carol).communicationUserId)).toEqual([CAROL]));
    expect((call as never as { [INTERNAL]: { snapshot: { recording: string } } })[INTERNAL].snapshot.recording).toBe("active");
  });

  test("away for too long", async () => {
    vi.useFakeTimers();
    try {
      const { server, call } = await inGroup();
      server.down = true;
      server.socket.cut();
      await vi.advanceTimersByTimeAsync(119_000);
      expect(call.state).toBe("Connected");
      await vi.advanceTimersByTimeAsync(1_000);
      expect(call).toMatchObject({ state: "Disconnected", callEndReason: { code: 410, subCode: 3101 } });
    } finally {
      vi.useRealTimers();
    }
  });

  test("hanging up while the server is away ends the call here at once and there later", async () => {
    const { server, call } = await inGroup();
    server.down = true;
    server.socket.cut();
    await call.hangUp();
    expect(call.state).toBe("Disconnected");
    server.down = false;
    await vi.waitFor(() => expect(server.requests("call.leave")).toHaveLength(1), 5_000);
  });
});

describe("agents", () => {
  test("a new token is sent before the old one ends", async () => {
    vi.useFakeTimers();
    try {
      const { server, client } = world();
      let token = jwt({ endpoint: "https://parley.test" });
      await client.createCallAgent(credential(() => token));
      const other = (token = jwt({ endpoint: "https://parley.test", n: 2 }));
      await vi.advanceTimersByTimeAsync(24 * 3_600_000 - 5 * 60_000 - 1_000);
      expect(server.requests("token")).toEqual([]);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(server.requests("token")).toEqual([{ token: other }]);
      // And the next one when that one ends, by what the credential says.
      const third = (token = jwt({ endpoint: "https://parley.test", n: 3 }));
      await vi.advanceTimersByTimeAsync(3_600_000);
      expect(server.requests("token").at(-1)).toEqual({ token: third });
    } finally {
      vi.useRealTimers();
    }
  });

  test("an ended token ends calls and agent: invalidToken, 401 / 10009", async () => {
    const { server, call, agent } = await inGroup();
    const states: unknown[] = [];
    agent.on("connectionStateChanged", (event) => states.push(event));
    server.notify("agent.ended", { reason: error(401, 10009).error });
    expect(call.callEndReason).toMatchObject({ code: 401, subCode: 10009 });
    expect(states).toEqual([{ oldValue: "Connected", newValue: "Disconnected", reason: "invalidToken" }]);
  });

  test("the page goes away: bye without a wait", async () => {
    const { server, call, leave } = await inGroup();
    leave();
    expect(server.socket.heard.at(-1)).toMatchObject({ do: "bye" });
    expect(call.state).toBe("Disconnected");
  });

  test("a token of another service, or none at all", async () => {
    const { client } = world();
    await expect(client.createCallAgent(credential(jwt({})))).rejects.toMatchObject({ code: 412, subCode: 40115 });
    await expect(client.createCallAgent(credential("nonsense"))).rejects.toMatchObject({ code: 401, subCode: 10009 });
    await expect(client.createTeamsCallAgent(credential())).rejects.toMatchObject({ code: 501 });
  });

  test("two calls at once", async () => {
    const { server, agent, call } = await inGroup();
    server.answers["call.join"] = snapshot({ callId: "c2" });
    const other = agent.join({ groupId: "h" });
    await settled();
    server.socket.say({ seq: ++server.seq, on: "call.changed", callId: "c2", state: "LocalHold" });
    expect([call.state, other.state]).toEqual(["Connected", "LocalHold"]);
  });
});

describe("local media", () => {
  test("video: started, told to the media, stopped; twice is refused", async () => {
    const { call, media } = await inGroup({}, { media: true });
    const heard = recorded(call, "localVideoStreamsUpdated", "isLocalVideoStartedChanged", "isScreenSharingOnChanged");
    const camera = stream();
    await call.startVideo(camera);
    expect(call).toMatchObject({ isLocalVideoStarted: true, localVideoStreams: [camera] });
    expect(media[0]!.outgoing.video).toBe(camera[INTERNAL]);
    await expect(call.startVideo(stream())).rejects.toMatchObject({ code: 400, subCode: 41027 });
    await expect(call.stopVideo(stream())).rejects.toMatchObject({ code: 400, subCode: 41032 });
    await call.stopVideo(new Proxy(camera, {}));
    expect(media[0]!.outgoing.video).toBeUndefined();
    await expect(call.stopVideo(camera)).rejects.toMatchObject({ code: 400, subCode: 41030 });
    expect(heard).toEqual(["localVideoStreamsUpdated", "isLocalVideoStartedChanged", "localVideoStreamsUpdated", "isLocalVideoStartedChanged"]);
  });

  test("a role that may not send video: refused, nothing changed", async () => {
    const { call, media } = await inGroup({}, { media: true });
    media[0]!.refuse = (outgoing) => (outgoing.video ? Object.assign(new Error("no"), { code: 403 }) : undefined);
    await expect(call.startVideo(stream())).rejects.toMatchObject({ code: 403 });
    expect(call).toMatchObject({ isLocalVideoStarted: false, localVideoStreams: [] });
  });

  test("screen: shared, and ended by the browser's own button", async () => {
    const { call, media, screen } = await inGroup({}, { media: true });
    const heard = recorded(call, "isScreenSharingOnChanged");
    await call.startScreenSharing();
    expect(call.isScreenSharingOn).toBe(true);
    await expect(call.startScreenSharing()).rejects.toMatchObject({ code: 400, subCode: 41035 });
    screen.end();
    await settled();
    expect(call.isScreenSharingOn).toBe(false);
    expect(media[0]!.outgoing.screen).toBeUndefined();
    await expect(call.stopScreenSharing()).rejects.toMatchObject({ code: 400, subCode: 41041 });
    expect(heard).toHaveLength(2);
  });

  test("a screen of the application's own is sent beside the camera, and stays its own", async () => {
    const { call, media } = await inGroup({}, { media: true });
    const [camera, own] = [stream(), stream()];
    await call.startVideo(camera);
    await call.startScreenSharing(own);
    expect(own.mediaStreamType).toBe("ScreenSharing");
    expect(media[0]!.outgoing).toMatchObject({ video: camera[INTERNAL], screen: own[INTERNAL] });
    expect(call.localVideoStreams).toEqual([camera, own]);
    await call.stopScreenSharing();
    expect(own.disposed).toBe(false);
    expect(call.isLocalVideoStarted).toBe(true);
  });

  test("streams of the options are sent from the beginning; all are disposed of at the end", async () => {
    const { server, agent, media } = await connected({ media: true });
    server.answers["call.join"] = snapshot();
    server.answers["call.leave"] = {};
    const camera = stream();
    const call = agent.join({ groupId: "g" }, { videoOptions: { localVideoStreams: [camera], constraints: { send: { frameHeight: { max: 240 } } } } });
    expect(call.isLocalVideoStarted).toBe(true);
    await settled();
    expect(media[0]!.outgoing.video).toBe(camera[INTERNAL]);
    expect(media[0]!.told).toContainEqual(["setBounds", { frameHeight: 240, frameRate: undefined, bitrate: undefined }]);
    await call.hangUp();
    expect(camera.disposed).toBe(true);
  });

  test("incoming audio", async () => {
    const { call, media } = await inGroup({}, { media: true });
    await call.muteIncomingAudio();
    expect(call.isIncomingAudioMuted).toBe(true);
    expect(media[0]!.told.at(-1)).toEqual(["setIncomingMuted", true]);
  });
});

describe("as the official UI library uses it", () => {
  /** Wraps like the library does: methods run with the proxy as this. */
  function wrapped<T extends object>(target: T): T {
    return new Proxy(target, { get: (object, name) => Reflect.get(object, name) });
  }

  test("everything works through proxies", async () => {
    const all = await connected();
    const agent = wrapped(all.agent);
    all.server.answers = { "call.join": snapshot(), "call.leave": {}, me: {} };
    const call = wrapped(agent.join({ groupId: "g" }));
    const heard = recorded(call, "isMutedChanged");
    await settled();
    await call.mute();
    await call.startVideo(stream());
    await call.hangUp();
    expect(heard).toHaveLength(1);
    expect(call.state).toBe("Disconnected");
    await agent.dispose();
  });

  test("a listener that throws stops nobody", async () => {
    const errors: unknown[] = [];
    const caught = (error: unknown) => errors.push(error);
    const before = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    process.on("uncaughtException", caught);
    try {
      const { call, server } = await inGroup();
      call.on("isMutedChanged", () => {
        throw new Error("the application's");
      });
      const heard = recorded(call, "isMutedChanged", "mutedByOthers");
      server.notify("muted", { by: "p-bob" });
      expect(heard).toEqual(["isMutedChanged", "mutedByOthers"]);
      await vi.waitFor(() => expect(errors).toHaveLength(1));
    } finally {
      process.removeListener("uncaughtException", caught);
      for (const listener of before) process.on("uncaughtException", listener);
    }
  });
});
