import type { CommunicationIdentifier } from "@azure/communication-common";
import type {
  Call,
  CallAgent,
  CollectionUpdatedEvent,
  ConnectionState,
  ConnectionStateChangedEvent,
  GroupLocator,
  HandleIncomingCallEvent,
  IncomingCallEvent,
  JoinCallOptions,
  RoomLocator,
  StartCallOptions,
  TeamsMeetingIdLocator,
  TeamsMeetingLinkLocator,
} from "../index.js";
import { CallAgentKind } from "../api/kinds.js";
import type { MediaSession } from "../media/session.js";
import { Connection, type ConnectionOptions } from "../signalling/connection.js";
import type { CallNotifications, CallRequests, CallSnapshot, Notification, Reason, Requests, Welcome } from "../signalling/protocol.js";
import { CallImpl } from "./call.js";
import type { CallCore, CallHome, Opening } from "./core.js";
import { Emitter } from "./emitter.js";
import { CallingError } from "./errors.js";
import { rawIdOf, wireContext } from "./identify.js";
import { IncomingCallImpl } from "./incoming.js";
import { type CallContext, type ClientContext, INTERNAL } from "./internal.js";

interface AgentEvents {
  handleIncomingCall: HandleIncomingCallEvent;
  incomingCall: IncomingCallEvent;
  callsUpdated: CollectionUpdatedEvent<Call>;
  connectionStateChanged: ConnectionStateChangedEvent;
}

/** What an agent needs of its client. */
export interface AgentHome {
  readonly client: ClientContext;
  openMedia(request: CallCore["request"]): MediaSession | undefined;
  ended(agent: CallAgentImpl): void;
}

type Locator = GroupLocator | RoomLocator | TeamsMeetingLinkLocator | TeamsMeetingIdLocator;

const LOST: Reason = { code: 410, subCode: 3101, category: "UnexpectedClientError", message: "The connection to the server was lost." };
/** How long ringing calls have to be named again after a gap. */
const RINGING_AGAIN = 5_000;

/** Rings, starts and joins calls for one user over one {@link Connection}. */
export class CallAgentImpl extends Emitter<AgentEvents> implements CallAgent {
  readonly kind = CallAgentKind.CallAgent;
  calls: ReadonlyArray<CallImpl> = [];
  connectionState: ConnectionState = "Disconnected";
  readonly displayName?: string;

  private readonly connection: Connection;
  private readonly ringing = new Map<string, IncomingCallImpl>();
  private readonly callHome: CallHome;
  private lossTimer: ReturnType<typeof setTimeout> | undefined;
  /** Whether the server has welcomed this agent before. */
  private known = false;
  private readonly unconfirmed = new Set<string>();
  /** Requests for calls whose answers have not come. */
  private asking = 0;

  constructor(
    private readonly home: AgentHome,
    options: ConnectionOptions,
  ) {
    super();
    this.displayName = options.displayName;
    this.connection = new Connection(options, {
      notified: (notification) => this.notified(notification),
      lost: () => this.lost(),
      welcomed: (welcome) => this.welcomed(welcome),
      ended: (reason) => this.finish(reason),
    });
    this.callHome = this.makeHome();
    for (const name of ["home", "connection", "ringing", "callHome", "lossTimer", "known", "unconfirmed", "asking"]) {
      Object.defineProperty(this, name, { enumerable: false, writable: true });
    }
  }

  /** @internal */
  async open(): Promise<void> {
    await this.connection.open();
  }

  /** @internal The last welcome. */
  get welcome(): Welcome | undefined {
    return this.connection.welcome;
  }

  startCall(participants: CommunicationIdentifier[], options?: StartCallOptions): Call {
    const rawIds = [...new Set(participants.map(rawIdOf))];
    if (rawIds.length === 0) throw new CallingError(400, 0, "A call is started with at least one participant.");
    const call = new CallImpl(this.callHome, "Outgoing", options);
    for (const rawId of rawIds) call[INTERNAL].roster.ask(rawId);
    const members = { participants: rawIds, customContext: wireContext(options?.customContext) };
    this.begin(call, (take) => this.ask("call.start", { ...members, muted: call.isMuted }, take));
    return call;
  }

  join(locator: Locator, options?: JoinCallOptions): Call {
    const place =
      "groupId" in locator ? { groupId: locator.groupId } : "roomId" in locator ? { roomId: locator.roomId } : undefined;
    if (!place) throw new CallingError(501, 0, "A Parley server has no Teams meetings.", "ExpectedError");
    const call = new CallImpl(this.callHome, "Outgoing", options);
    this.begin(call, (take) => this.ask("call.join", { ...place, muted: call.isMuted }, take));
    return call;
  }

  /** Leaves all calls and ends the session. */
  async dispose(): Promise<void> {
    this.disposeNow();
  }

  /** @internal Without a wait, for a page that goes away. */
  disposeNow(): void {
    this.connection.end();
    const reason: Reason = { code: 0, subCode: 0, category: "Success", message: "The call agent was disposed." };
    this.finish(reason);
    this.forget();
  }

  /** @internal A new token of the same user. */
  renew(token: string): void {
    this.connection.request("token", { token }).catch(() => {});
  }

  /** @internal The device manager chose another microphone or speaker. */
  devicesChanged(): void {
    for (const call of this.calls) void call[INTERNAL].local.devicesChanged().catch(() => {});
  }

  private begin(call: CallImpl, opening: Opening): void {
    this.add(call);
    // The application shall hear of the first state too.
    queueMicrotask(() => {
      if (call[INTERNAL].over) return;
      call[INTERNAL].open(opening).catch(() => {});
    });
  }

  private add(call: CallImpl): void {
    this.calls = [...this.calls, call];
    this.watch();
    this.emit("callsUpdated", { added: [call], removed: [] });
  }

  /** Asks for a call; the answer is taken in before the next notification. */
  private async ask<K extends "call.start" | "call.join" | "call.accept">(
    name: K,
    members: Requests[K][0] & { callId?: string },
    take: (snapshot: CallSnapshot) => void,
  ): Promise<unknown> {
    this.asking++;
    try {
      return await this.connection.request(name, members, take as (answer: Requests[K][1]) => void);
    } finally {
      this.asking--;
    }
  }

  /** Accepts. What was asked a second time after a resume is refused although it was done: then we are in the call. */
  private async accepted(callId: string, muted: boolean, take: (snapshot: CallSnapshot) => void): Promise<unknown> {
    try {
      return await this.ask("call.accept", { callId, muted }, take);
    } catch (error) {
      const subCode = error instanceof CallingError ? error.subCode : 0;
      if (subCode !== 41006 && subCode !== 10003) throw error;
      const inside = this.connection.request("snapshot", { callId } as never, take as never);
      return await inside.catch(() => {
        throw error;
      });
    }
  }

  private makeHome(): CallHome {
    const { connection, home } = this;
    const connections = { Connecting: "Reconnecting", Connected: "Connected", Reconnecting: "Reconnecting", Ended: "Disconnected" } as const;
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    const agent = this;
    return {
      agent,
      client: home.client,
      get welcome() {
        return connection.welcome;
      },
      get signalling(): CallContext["signalling"] {
        return connections[connection.state];
      },
      request: <K extends keyof CallRequests>(name: K, members: CallRequests[K][0] & { callId: string }) =>
        connection.request(name, members as Requests[K][0]) as Promise<CallRequests[K][1]>,
      rejoin: (callId, muted) => connection.request("call.join", { callId, muted }),
      renamed: () => {},
      ended: (call) => agent.removed(call),
      openMedia: (core) => (connection.welcome?.media ? home.openMedia(core.request.bind(core)) : undefined),
      transferred: (from, to) => agent.transferred(from, to),
    };
  }

  private removed(call: CallImpl): void {
    if (!this.calls.includes(call)) return;
    this.calls = this.calls.filter((one) => one !== call);
    this.watch();
    this.emit("callsUpdated", { added: [], removed: [call] });
  }

  private watch(): void {
    this.connection.watchClosely(this.calls.length > 0);
  }

  private transferred(from: CallCore, to: CallSnapshot): void {
    const call = new CallImpl(this.callHome, to.direction, from.local.options());
    void call[INTERNAL].open((take) => {
      take(to);
      return Promise.resolve();
    });
    this.add(call);
  }

  private notified(notification: Notification): void {
    const { on, callId } = notification;
    if (on === "incoming") this.rings(callId, notification);
    else if (on === "incoming.ended") {
      const incoming = this.ringing.get(callId);
      this.ringing.delete(callId);
      incoming?.ended(notification.reason);
    } else if (on !== "agent.ended") {
      const call = this.calls.find((one) => one.id === callId);
      if (call) call[INTERNAL].take(on as keyof CallNotifications, notification as never);
      else this.stray(on, callId);
    }
  }

  /** A call that was begun although its answer never came, or that ended here while the server was away: nobody is in it. */
  private stray(on: string, callId: string): void {
    if (this.asking > 0 || this.ringing.has(callId) || (on !== "call.changed" && on !== "call")) return;
    this.connection.request("call.leave", { callId } as never).catch(() => {});
  }

  private rings(callId: string, members: CallNotifications["incoming"]): void {
    if (this.ringing.has(callId)) {
      this.unconfirmed.delete(callId);
      return;
    }
    const incoming = new IncomingCallImpl(callId, members, {
      accept: async (one, options) => {
        const call = new CallImpl(this.callHome, "Incoming", options);
        let taken = false;
        await call[INTERNAL].open((take) =>
          this.accepted(callId, call.isMuted, (snapshot) => {
            taken = true;
            this.ringing.delete(one.id);
            take(snapshot);
            this.add(call);
          }),
        ).catch((error: unknown) => {
          if (!taken) throw error;
        });
        return call;
      },
      reject: async () => {
        await this.connection.request("call.reject", { callId } as never);
      },
    });
    this.ringing.set(callId, incoming);
    this.emit("incomingCall", { incomingCall: incoming });
  }

  private lost(): void {
    this.setConnection("Disconnected", "connectionIssue");
    const patience = (this.connection.welcome?.resumeSeconds ?? 120) * 1_000;
    this.lossTimer = setTimeout(() => this.endAll(LOST), patience);
    for (const call of this.calls) call[INTERNAL].signalled();
  }

  private welcomed(welcome: Welcome): void {
    clearTimeout(this.lossTimer);
    const again = this.known;
    this.known = true;
    this.setConnection("Connected");
    if (!again) return;
    if (!welcome.resumed) {
      for (const [, incoming] of this.ringing) incoming.ended(LOST);
      this.ringing.clear();
      for (const call of this.calls) void call[INTERNAL].rejoin();
    } else if (welcome.gap) {
      for (const call of this.calls) void call[INTERNAL].refresh();
      this.confirmRinging();
    }
    if (welcome.resumed) for (const call of this.calls) call[INTERNAL].signalled();
  }

  /** After a gap the server names what still rings; the rest does not. */
  private confirmRinging(): void {
    for (const id of this.ringing.keys()) this.unconfirmed.add(id);
    setTimeout(() => {
      for (const id of this.unconfirmed) {
        const incoming = this.ringing.get(id);
        this.ringing.delete(id);
        incoming?.ended(LOST);
      }
      this.unconfirmed.clear();
    }, RINGING_AGAIN);
  }

  private setConnection(newValue: ConnectionState, reason?: "invalidToken" | "connectionIssue"): void {
    const oldValue = this.connectionState;
    if (oldValue === newValue) return;
    this.connectionState = newValue;
    this.emit("connectionStateChanged", reason ? { newValue, oldValue, reason } : { newValue, oldValue });
  }

  private endAll(reason: Reason): void {
    for (const call of [...this.calls]) call[INTERNAL].end(reason);
    for (const [, incoming] of this.ringing) incoming.ended(reason);
    this.ringing.clear();
  }

  private finish(reason: Reason): void {
    clearTimeout(this.lossTimer);
    this.endAll(reason);
    this.setConnection("Disconnected", reason.code === 401 ? "invalidToken" : reason.code === 0 ? undefined : "connectionIssue");
    this.home.ended(this);
  }
}
