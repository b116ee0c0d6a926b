// Against a running server, over real WebSockets: `./parley test web` starts one. No media: that needs a browser (browser/test/calling.test.js).

import { randomUUID } from "node:crypto";
import { AzureCommunicationTokenCredential, type CommunicationUserIdentifier } from "@azure/communication-common";
import { CommunicationIdentityClient, type TokenScope } from "@azure/communication-identity";
import { afterEach, describe, expect, test, vi } from "vitest";
import WebSocket from "ws";
import { CallClientCore } from "../src/call/client-core.js";
import type { Platform, Socket } from "../src/call/internal.js";
import type { Call, CallAgent, IncomingCall } from "../src/index.js";
import { world } from "./lib/world.js";

const connectionString = process.env.ACS_CONNECTION_STRING;
if (!connectionString) console.log("No server: set what ./parley env prints, or run ./parley test web. Tests against a server are skipped.");

interface Person {
  user: CommunicationUserIdentifier;
  agent: CallAgent;
  /** Its connections, to be cut. */
  sockets: WebSocket[];
  incoming: IncomingCall[];
}

const agents: CallAgent[] = [];
afterEach(async () => {
  await Promise.all(agents.splice(0).map((agent) => agent.dispose()));
});

async function agentOf(user: CommunicationUserIdentifier, token: string, displayName: string): Promise<Person> {
  const sockets: WebSocket[] = [];
  const platform: Platform = {
    ...world().platform,
    media: undefined,
    fetch: (url, options) => fetch(url, options),
    socket: (url) => {
      const socket = new WebSocket(url);
      sockets.push(socket);
      return socket as unknown as Socket;
    },
  };
  const agent = await new CallClientCore(undefined, platform).createCallAgent(new AzureCommunicationTokenCredential(token), { displayName });
  agents.push(agent);
  const incoming: IncomingCall[] = [];
  agent.on("incomingCall", (event) => incoming.push(event.incomingCall));
  return { user, agent, sockets, incoming };
}

async function someone(name: string, scope: TokenScope = "voip"): Promise<Person & { token: string }> {
  const { user, token } = await new CommunicationIdentityClient(connectionString!).createUserAndToken([scope]);
  return { ...(await agentOf(user, token, name)), token };
}

const state = (call: Call, wanted: string) => vi.waitFor(() => expect(call.state).toBe(wanted), 15_000);
const ringing = (person: Person) =>
  vi.waitFor(() => {
    expect(person.incoming.length).toBeGreaterThan(0);
    return person.incoming.at(-1)!;
  }, 15_000);

describe.skipIf(!connectionString)("against a server", () => {
  test("1:1: rings, is accepted, is hung up by the callee", async () => {
    const [ann, bob] = await Promise.all([someone("Ann"), someone("Bob")]);
    const call = ann.agent.startCall([bob.user]);
    const incoming = await ringing(bob);
    expect(incoming.callerInfo).toMatchObject({ displayName: "Ann", identifier: ann.user });
    await state(call, "Ringing");
    const theirs = await incoming.accept();
    await state(call, "Connected");
    expect(theirs.state).toBe("Connected");
    expect(theirs.id).toBe(call.id);
    expect(await theirs.info.getServerCallId()).toBe(await call.info.getServerCallId());
    await vi.waitFor(() => expect(call.remoteParticipants).toMatchObject([{ displayName: "Bob", state: "Connected" }]));
    await theirs.hangUp();
    await state(call, "Disconnected");
    expect(call.callEndReason).toMatchObject({ code: 0, subCode: 0 });
  });

  test("declined, given up, nobody there", async () => {
    const [ann, bob] = await Promise.all([someone("Ann"), someone("Bob")]);
    const declined = ann.agent.startCall([bob.user]);
    await (await ringing(bob)).reject();
    await state(declined, "Disconnected");
    expect(declined.callEndReason).toMatchObject({ code: 603, subCode: 0 });

    const given = ann.agent.startCall([bob.user]);
    await vi.waitFor(() => expect(bob.incoming).toHaveLength(2));
    let ended: unknown;
    bob.incoming[1]!.on("callEnded", (event) => (ended = event.callEndReason));
    await given.hangUp();
    await vi.waitFor(() => expect(ended).toMatchObject({ code: 487 }));

    const nobody = ann.agent.startCall([{ communicationUserId: `${bob.user.communicationUserId.slice(0, -4)}0000` }]);
    await state(nobody, "Disconnected");
    expect(nobody.callEndReason).toMatchObject({ code: 480, subCode: 10037 });
  });

  test("rings in both tabs; the first to accept has it", async () => {
    const [ann, bob] = await Promise.all([someone("Ann"), someone("Bob")]);
    const tab = await agentOf(bob.user, bob.token, "Bob");
    const call = ann.agent.startCall([bob.user]);
    const [one, other] = await Promise.all([ringing(bob), ringing(tab)]);
    const results = await Promise.allSettled([one.accept(), other.accept()]);
    await state(call, "Connected");
    expect(results.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    const refused = results.find((one) => one.status === "rejected") as PromiseRejectedResult;
    expect(refused.reason).toMatchObject({ subCode: 10003 });
    expect(bob.agent.calls.length + tab.agent.calls.length).toBe(1);
  });

  test("both call each other: one call, connected on both sides", async () => {
    const [ann, bob] = await Promise.all([someone("Ann"), someone("Bob")]);
    const [from, to] = [ann.agent.startCall([bob.user]), bob.agent.startCall([ann.user])];
    await Promise.all([state(from, "Connected"), state(to, "Connected")]);
    expect(from.id).toBe(to.id);
    expect([from.direction, to.direction].sort()).toEqual(["Incoming", "Outgoing"]);
  });

  test("a group: mute, mute by others, hold, remove", async () => {
    const people = await Promise.all(["Ann", "Bob", "Carol"].map((name) => someone(name)));
    const groupId = randomUUID();
    const calls = people.map((one) => one.agent.join({ groupId }, { audioOptions: { muted: false } }));
    await Promise.all(calls.map((call) => state(call, "Connected")));
    await vi.waitFor(() => expect(calls.map((call) => call.remoteParticipants.length)).toEqual([2, 2, 2]));
    const [ann, bob, carol] = calls as [Call, Call, Call];
    const seen = (call: Call, name: string) => call.remoteParticipants.find((one) => one.displayName === name);
    await ann.mute();
    await vi.waitFor(() => expect(seen(bob, "Ann")!.isMuted).toBe(true));
    let by = 0;
    carol.on("mutedByOthers", () => by++);
    await seen(bob, "Carol")!.mute();
    await vi.waitFor(() => expect([by, carol.isMuted, seen(ann, "Carol")!.isMuted]).toEqual([1, true, true]));
    await bob.hold();
    await state(bob, "LocalHold");
    await vi.waitFor(() => expect(seen(ann, "Bob")!.state).toBe("Hold"));
    await bob.resume();
    await state(bob, "Connected");
    await ann.removeParticipant(people[2]!.user);
    await state(carol, "Disconnected");
    expect(carol.callEndReason).toMatchObject({ code: 0, subCode: 5000 });
    await vi.waitFor(() => expect(ann.remoteParticipants).toHaveLength(1));
  });

  test("a 1:1 call becomes a group when somebody is added", async () => {
    const [ann, bob, carol] = await Promise.all(["Ann", "Bob", "Carol"].map((name) => someone(name)));
    const call = ann!.agent.startCall([bob!.user]);
    await (await ringing(bob!)).accept();
    await state(call, "Connected");
    const added = call.addParticipant(carol!.user);
    const theirs = await (await ringing(carol!)).accept();
    await vi.waitFor(() => expect(added.state).toBe("Connected"));
    expect(theirs.remoteParticipants).toHaveLength(2);
  });

  test("a network that goes away for a moment: the call goes on", async () => {
    const [ann, bob] = await Promise.all([someone("Ann"), someone("Bob")]);
    const call = ann.agent.startCall([bob.user]);
    const theirs = await (await ringing(bob)).accept();
    await state(call, "Connected");
    bob.sockets.at(-1)!.terminate();
    await vi.waitFor(() => expect(bob.sockets).toHaveLength(2));
    await vi.waitFor(() => expect(bob.agent.connectionState).toBe("Connected"));
    await ann.agent.calls[0]!.mute();
    await vi.waitFor(() => expect(theirs.remoteParticipants[0]!.isMuted).toBe(true));
    expect([call.state, theirs.state]).toEqual(["Connected", "Connected"]);
    expect(call.remoteParticipants).toHaveLength(1);
  });

  test("refused: a token that may only join, one that is none", async () => {
    const ann = await someone("Ann", "voip.join");
    const call = ann.agent.startCall([ann.user]);
    await state(call, "Disconnected");
    expect(call.callEndReason).toMatchObject({ code: 403 });
    await expect(agentOf(ann.user, `${ann.token}x`, "Ann")).rejects.toMatchObject({ code: 401, subCode: 10009 });
  });
});
