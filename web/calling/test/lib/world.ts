// A world without a browser: a server that the test plays, message by message, and a platform without DOM and without devices.

import type { CommunicationTokenCredential } from "@azure/communication-common";
import { CallClientCore } from "../../src/call/client-core.js";
import { type LocalSource, INTERNAL, type Platform, type Socket } from "../../src/call/internal.js";
import type { CallAgent, LocalAudioStream, LocalVideoStream } from "../../src/index.js";
import type { MediaSession, MediaSignals, Outgoing } from "../../src/media/session.js";
import type { CallSnapshot, WireParticipant } from "../../src/signalling/protocol.js";

export const ME = "8:acs:res_me";
export const BOB = "8:acs:res_bob";
export const CAROL = "8:acs:res_carol";

/** Lets everything that is under way happen. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

export function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part(claims)}.x`;
}

export const TOKEN = jwt({ endpoint: "https://parley.test/", exp: 4_000_000_000 });

export function credential(token: string | (() => string) = TOKEN): CommunicationTokenCredential {
  // By its own account it lives for an hour.
  return {
    getToken: async () => ({ token: typeof token === "string" ? token : token(), expiresOnTimestamp: Date.now() + 3_600_000 }),
    dispose: () => {},
  };
}

type Json = Record<string, any>;

/** The server's end of one WebSocket. */
export class ServerSocket implements Socket {
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  onerror: Socket["onerror"] = null;
  closed = false;
  readonly heard: Json[] = [];

  constructor(
    readonly url: string,
    private readonly server: Server,
  ) {
    queueMicrotask(() => (server.down ? this.cut() : this.onopen?.()));
  }

  send(text: string): void {
    if (this.closed) throw new Error("closed");
    const message = JSON.parse(text) as Json;
    this.heard.push(message);
    this.server.heard(message, this);
  }

  close(): void {
    this.closed = true;
  }

  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  /** The network takes it away. */
  cut(): void {
    this.closed = true;
    this.onclose?.({ code: 1006, reason: "" });
  }
}

/** Answers hello by itself; everything else is up to the test. */
export class Server {
  readonly sockets: ServerSocket[] = [];
  readonly asked: Json[] = [];
  /** What hello is answered with, besides the usual. */
  welcome: Json = {};
  /** What hello is refused with. */
  refusal: Json | undefined;
  /** Answers by request; a function gets the request. What is not here stays unanswered. */
  answers: Record<string, Json | ((request: Json) => Json)> = {};
  seq = 0;
  /** Whether connections end before they are open. */
  down = false;

  get socket(): ServerSocket {
    return this.sockets.at(-1)!;
  }

  connect(url: string): ServerSocket {
    const socket = new ServerSocket(url, this);
    this.sockets.push(socket);
    return socket;
  }

  heard(message: Json, socket: ServerSocket): void {
    if (message.do === "hello") {
      const resumed = message.resume !== undefined;
      if (!resumed) this.seq = 0;
      const ok = {
        session: "s1", resumed, gap: false, user: ME, expiresOn: "2026-11-27T10:00:00Z", now: "2026-11-26T10:00:00Z",
        resumeSeconds: 120, messageBytes: 65536, dataBytes: 16384, participants: 350, media: false, captions: false, ...this.welcome,
      };
      if (ok.resumed === false) this.seq = 0;
      socket.say(this.refusal ? { id: message.id, error: this.refusal } : { id: message.id, ok });
      return;
    }
    if (message.do === undefined) return;
    this.asked.push(message);
    const answer = this.answers[message.do];
    if (answer === undefined) return;
    const said = typeof answer === "function" ? answer(message) : answer;
    socket.say("error" in said ? { id: message.id, error: said.error } : { id: message.id, ok: said });
  }

  /** Requests of this name so far, without their ids. */
  requests(name: string): Json[] {
    return this.asked.filter((one) => one.do === name).map(({ id: _id, do: _do, ...members }) => members);
  }

  notify(on: string, members: object = {}): void {
    this.socket.say({ seq: ++this.seq, on, callId: "c1", ...members });
  }
}

export function participant(id: string, user: string, more: Partial<WireParticipant> = {}): WireParticipant {
  return { id, user, displayName: user.split("_")[1]!, role: "Unknown", state: "Connected", muted: false, speaking: false, streams: [], ...more };
}

export function snapshot(more: Partial<CallSnapshot> = {}): CallSnapshot {
  return {
    callId: "c1", serverCallId: "sc1", kind: "group", state: "Connected", direction: "Outgoing", me: "p-me", role: "Unknown",
    capabilities: { turnVideoOn: "Capable" }, caller: { user: ME, displayName: "Me" }, participants: [participant("p-me", ME)], invited: [],
    hands: [], spotlights: [], recording: "none", transcription: false, captions: null, speakers: [], ...more,
  };
}

export const error = (code: number, subCode: number, category = "UnexpectedClientError") => ({
  error: { code, subCode, category, message: `${code} / ${subCode}` },
});

/** A stream without a device. */
export function stream(type: "Audio" | "Video" | "ScreenSharing" = "Video") {
  const ended = new Set<() => void>();
  const one = {
    get mediaStreamType() {
      return one[INTERNAL].type;
    },
    source: { id: type },
    disposed: false,
    switched: [] as unknown[],
    dispose() {
      one.disposed = true;
    },
    async switchSource(source: unknown) {
      one.switched.push(source);
    },
    end: () => ended.forEach((listener) => listener()),
    [INTERNAL]: {
      type: type as string,
      disposeOnCallEnd: true,
      hold: () => () => {},
      track: async () => ({}) as MediaStreamTrack,
      onTrack: () => () => {},
      onEnded: (listener: () => void) => {
        ended.add(listener);
        return () => ended.delete(listener);
      },
    } satisfies LocalSource & { type: string },
  };
  return one as unknown as Omit<typeof one, typeof INTERNAL> & LocalVideoStream & LocalAudioStream;
}

/** Media that remembers what it was told. */
export class FakeMedia {
  readonly told: unknown[][] = [];
  outgoing: Outgoing = {};
  refuse: ((outgoing: Outgoing) => Error | undefined) | undefined;
  readonly session: MediaSession;

  constructor(readonly signals: MediaSignals) {
    const note =
      (name: string) =>
      (...given: unknown[]): any =>
        void this.told.push([name, ...given]);
    this.session = {
      send: async (outgoing) => {
        const refused = this.refuse?.(outgoing);
        if (refused) throw refused;
        this.outgoing = outgoing;
      },
      setMuted: note("setMuted"), setIncomingMuted: note("setIncomingMuted"), setHeld: note("setHeld"),
      setBounds: async (bounds) => note("setBounds")(bounds), setSpeaker: async (id) => note("setSpeaker")(id),
      watch: note("watch"), streamOf: note("streamOf"), isReceiving: () => true, onReceiving: () => () => {},
      remoteAudio: () => undefined, onRemoteAudio: () => () => {}, offered: note("offered"), restart: note("restart"), renew: note("renew"),
      connection: () => ({ connectionState: "disconnected" }) as RTCPeerConnection, place: () => undefined, onState: () => () => {}, close: note("close"),
    };
  }
}

export interface World {
  server: Server;
  client: CallClientCore;
  media: FakeMedia[];
  leave(): void;
  wake(): void;
  screen: ReturnType<typeof stream>;
  platform: Platform;
}

export function world(): World {
  const server = new Server();
  const media: FakeMedia[] = [];
  const leaving = new Set<() => void>();
  const waking = new Set<() => void>();
  const screen = stream("ScreenSharing");
  const listens = (all: Set<() => void>) => (listener: () => void) => {
    all.add(listener);
    return () => all.delete(listener);
  };
  const platform: Platform = {
    client: "test/1",
    socket: (url) => server.connect(url),
    fetch: async () => ({ status: 404, json: async () => ({}) }),
    devices: async () => ({ on: () => {}, off: () => {} }) as never,
    volume: () => ({ level: 0, on: () => {}, off: () => {} }),
    microphone: () => stream("Audio"),
    screen: async () => screen,
    media: (signals) => {
      const one = new FakeMedia(signals);
      media.push(one);
      return one.session;
    },
    onLeave: listens(leaving),
    onWake: listens(waking),
  };
  return {
    server, media, screen, platform,
    client: new CallClientCore(undefined, platform),
    leave: () => leaving.forEach((listener) => listener()),
    wake: () => waking.forEach((listener) => listener()),
  };
}

/** A connected agent in a world of its own. */
export async function connected(welcome: Json = {}): Promise<World & { agent: CallAgent }> {
  const made = world();
  made.server.welcome = welcome;
  const agent = await made.client.createCallAgent(credential(), { displayName: "Me" });
  made.server.welcome = { media: welcome.media ?? false };
  return { ...made, agent };
}

/** What an object has emitted: names in order. */
export function recorded(target: { on(event: never, listener: never): void }, ...events: string[]): string[] {
  const heard: string[] = [];
  for (const event of events) target.on(event as never, (() => heard.push(event)) as never);
  return heard;
}
