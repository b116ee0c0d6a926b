import { CallingError } from "../call/errors.js";
import type { Socket, Unsubscribe } from "../call/internal.js";
import type { Notification, Reason, Requests, Welcome } from "./protocol.js";
import type { TokenKeeper } from "./token.js";

/** What happens to a connection. Called in the order in which it happened. */
export interface ConnectionListener {
  notified(notification: Notification): void;
  /** The socket is gone; it comes back by itself. */
  lost(): void;
  /** A hello was answered, also the first one. */
  welcomed(welcome: Welcome): void;
  /** For good: the server ended the session or refused to begin it. */
  ended(reason: Reason): void;
}

export interface ConnectionOptions {
  url: string;
  tokens: Pick<TokenKeeper, "token" | "watch" | "stop">;
  displayName?: string;
  client: string;
  socket(url: string): Socket;
  onWake(listener: () => void): Unsubscribe;
  /** From 0 to 1; Math.random unless a test wants to know. */
  random?: () => number;
}

export type ConnectionState = "Connecting" | "Connected" | "Reconnecting" | "Ended";

const ACK_EVERY = 32;
const ACK_AFTER = 5_000;
const HELLO_TIMEOUT = 10_000;
const OPEN_TIMEOUT = 20_000;
const PROBE_AFTER = 15_000;
const PROBE_TIMEOUT = 8_000;
const WAIT_MAX = 8_000;
/** Whoever is in a call shall be back within ten seconds of the server's being there again. */
const WAIT_MAX_IN_CALL = 3_000;
const OPEN = 1_000;

const LOST: Reason = { code: 410, subCode: 3101, category: "UnexpectedClientError", message: "The connection to the server was lost." };
const CLOSED = new CallingError(412, 0, "The call agent was disposed.", "Success");

interface Pending {
  name: keyof Requests;
  members: object;
  /** Whether it may have reached the server. */
  sent: boolean;
  resolve(answer: unknown): void;
  reject(error: CallingError): void;
}

/**
 * One session with the server over a WebSocket that comes back: requests and answers, numbered notifications, acknowledgements, pongs, resume.
 * Requests made while the socket is away wait for it.
 */
export class Connection {
  state: ConnectionState = "Connecting";
  welcome: Welcome | undefined;

  private socket: Socket | undefined;
  private nextId = 1;
  private seq = 0;
  private acknowledged = 0;
  private attempts = 0;
  private heardAt = 0;
  private busy = false;
  private readonly pending = new Map<number, Pending>();
  private readonly timers: { [name in "ack" | "retry" | "hello" | "probe"]?: ReturnType<typeof setTimeout> } = {};
  private readonly stopListening: Unsubscribe;
  private opening: { resolve(welcome: Welcome): void; reject(error: CallingError): void; until: number } | undefined;

  constructor(
    private readonly options: ConnectionOptions,
    private readonly listener: ConnectionListener,
  ) {
    this.stopListening = options.onWake(() => this.wake());
  }

  /** @throws CallingError what the server refused with, or 408 / 40114 when it cannot be reached in 20 seconds */
  open(): Promise<Welcome> {
    return new Promise((resolve, reject) => {
      this.opening = { resolve, reject, until: Date.now() + OPEN_TIMEOUT };
      void this.connect();
    });
  }

  /**
   * Asks the server. Rejects with its refusal, or with 410 / 3101 when the session ended before an answer came.
   *
   * @param take gets the answer before any later message is looked at; a promise is too late for that
   */
  request<K extends keyof Requests>(
    name: K,
    members: Requests[K][0] & { callId?: string },
    take?: (answer: Requests[K][1]) => void,
  ): Promise<Requests[K][1]> {
    if (this.state === "Ended") return Promise.reject(CLOSED);
    return new Promise((resolve, reject) => {
      const id = this.nextId++;
      const answered = (answer: unknown) => {
        take?.(answer as Requests[K][1]);
        resolve(answer as Requests[K][1]);
      };
      const one: Pending = { name, members, sent: false, resolve: answered, reject };
      this.pending.set(id, one);
      if (this.state === "Connected") this.write(id, one);
    });
  }

  /** Whether a call is under way: only then is the server watched for silence. */
  watchClosely(busy: boolean): void {
    this.busy = busy;
    this.armProbe();
  }

  /** Ends the session; all its calls are left at once. Nothing is awaited, so that it works while a page goes away. */
  end(): void {
    if (this.state === "Connected") this.send({ id: this.nextId++, do: "bye" });
    this.finish(CLOSED);
  }

  private async connect(): Promise<void> {
    let token: string;
    try {
      token = await this.options.tokens.token();
    } catch (error) {
      this.refused(error as CallingError);
      return;
    }
    if (this.state === "Ended") return;
    let socket: Socket;
    try {
      socket = this.options.socket(this.options.url);
    } catch (error) {
      this.refused(new CallingError(408, 40114, `No connection to ${this.options.url}: ${String(error)}`));
      return;
    }
    this.socket = socket;
    this.timers.hello = setTimeout(() => this.dropped(socket), HELLO_TIMEOUT);
    const hello = this.nextId++;
    socket.onopen = () => {
      if (this.socket !== socket) return;
      const resume = this.welcome && { session: this.welcome.session, seq: this.seq };
      const { displayName, client } = this.options;
      this.send({ id: hello, do: "hello", version: 1, token, displayName, client, resume });
    };
    socket.onmessage = ({ data }) => {
      if (this.socket !== socket || typeof data !== "string") return;
      this.heard(JSON.parse(data) as Message, hello, socket);
    };
    socket.onclose = () => this.dropped(socket);
    socket.onerror = () => {};
  }

  private heard(message: Message, hello: number, socket: Socket): void {
    this.heardAt = Date.now();
    if (message.ping !== undefined) this.send({ pong: message.ping });
    else if (message.id === hello) this.answered(message);
    else if (message.id !== undefined) this.settle(message);
    else if (message.seq !== undefined) this.notified(message as unknown as Notification, socket);
  }

  private answered(message: Message): void {
    clearTimeout(this.timers.hello);
    if (message.error) {
      this.refused(CallingError.of(message.error));
      return;
    }
    const welcome = message.ok as Welcome;
    this.attempts = 0;
    if (!welcome.resumed) this.seq = this.acknowledged = 0;
    this.welcome = welcome;
    this.state = "Connected";
    this.options.tokens.watch(Date.parse(welcome.expiresOn) - Date.parse(welcome.now));
    const waiting = [...this.pending];
    this.pending.clear();
    this.listener.welcomed(welcome);
    this.opening?.resolve(welcome);
    this.opening = undefined;
    for (const [, one] of waiting) {
      // What may have arrived already is asked again under a new number when a second time does no harm.
      if (one.sent && (!welcome.resumed || one.name === "call.start")) one.reject(CallingError.of(LOST));
      else {
        const id = this.nextId++;
        this.pending.set(id, one);
        this.write(id, one);
      }
    }
    this.armProbe();
  }

  private settle(message: Message): void {
    const one = this.pending.get(message.id!);
    if (!one) return;
    this.pending.delete(message.id!);
    if (message.error) one.reject(CallingError.of(message.error));
    else one.resolve(message.ok);
  }

  private notified(notification: Notification, socket: Socket): void {
    if (notification.seq <= this.seq) return;
    if (notification.seq > this.seq + 1) {
      // Never seen from a sound server; a resume brings what is missing.
      this.dropped(socket);
      return;
    }
    this.seq = notification.seq;
    this.listener.notified(notification);
    if (notification.on === "agent.ended") this.refused(CallingError.of(notification.reason));
    else if (this.seq - this.acknowledged >= ACK_EVERY) this.acknowledge();
    else this.timers.ack ??= setTimeout(() => this.acknowledge(), ACK_AFTER);
  }

  private acknowledge(): void {
    clearTimeout(this.timers.ack);
    this.timers.ack = undefined;
    if (this.state !== "Connected") return;
    this.acknowledged = this.seq;
    this.send({ ack: this.seq });
  }

  private write(id: number, one: Pending): void {
    one.sent = true;
    this.send({ id, do: one.name, ...one.members });
  }

  private send(message: object): void {
    try {
      this.socket?.send(JSON.stringify(message));
    } catch {
      // A socket that is closing says so by its close event.
    }
  }

  /** The socket is of no use any more. */
  private dropped(socket: Socket): void {
    if (this.socket !== socket) return;
    this.socket = undefined;
    clearTimeout(this.timers.hello);
    clearTimeout(this.timers.probe);
    socket.onclose = socket.onmessage = socket.onopen = null;
    socket.close();
    if (this.state === "Ended") return;
    if (this.state === "Connected") {
      this.state = "Reconnecting";
      this.listener.lost();
    }
    this.retry();
  }

  private retry(): void {
    const most = this.busy ? WAIT_MAX_IN_CALL : WAIT_MAX;
    const wait = this.attempts === 0 ? 0 : Math.min(most, OPEN * 2 ** (this.attempts - 1));
    this.attempts++;
    if (this.opening && Date.now() + wait >= this.opening.until) {
      this.finish(new CallingError(408, 40114, `The server at ${this.options.url} cannot be reached.`));
      return;
    }
    const jitter = 0.7 + 0.6 * (this.options.random ?? Math.random)();
    clearTimeout(this.timers.retry);
    this.timers.retry = setTimeout(() => {
      this.timers.retry = undefined;
      void this.connect();
    }, wait * jitter);
  }

  /** No welcome, or no longer: for good when waiting does not help. */
  private refused(error: CallingError): void {
    const passing = error.code === 429 || error.code >= 500 || error.code === 408;
    if (passing && this.state !== "Ended") {
      const socket = this.socket;
      if (socket) this.dropped(socket);
      else this.retry();
      return;
    }
    this.finish(error);
  }

  private finish(error: CallingError): void {
    if (this.state === "Ended") return;
    this.state = "Ended";
    this.stopListening();
    this.options.tokens.stop();
    for (const timer of Object.values(this.timers)) clearTimeout(timer);
    this.opening?.reject(error);
    this.opening = undefined;
    const socket = this.socket;
    this.socket = undefined;
    if (socket) {
      socket.onclose = socket.onmessage = socket.onopen = null;
      socket.close(1000);
    }
    for (const one of this.pending.values()) one.reject(error);
    this.pending.clear();
    if (error !== CLOSED) {
      this.listener.ended({ code: error.code, subCode: error.subCode, category: error.category, message: error.message });
    }
  }

  /** The page was looked at again or the network came back: no time to lose. */
  private wake(): void {
    if (this.state === "Reconnecting" || this.state === "Connecting") {
      if (this.timers.retry === undefined) return;
      clearTimeout(this.timers.retry);
      this.timers.retry = undefined;
      this.attempts = 1;
      void this.connect();
    } else if (this.state === "Connected" && Date.now() - this.heardAt > 2_000) this.probe();
  }

  private armProbe(): void {
    clearTimeout(this.timers.probe);
    if (!this.busy || this.state !== "Connected") return;
    this.timers.probe = setTimeout(() => {
      if (Date.now() - this.heardAt >= PROBE_AFTER) this.probe();
      else this.armProbe();
    }, PROBE_AFTER);
  }

  /** Asks for any answer at all: a socket over a dead network says nothing by itself for minutes. */
  private probe(): void {
    const socket = this.socket;
    if (!socket) return;
    const asked = Date.now();
    void this.options.tokens.token().then(
      (token) => this.request("token", { token }).catch(() => {}),
      () => {},
    );
    clearTimeout(this.timers.probe);
    this.timers.probe = setTimeout(() => {
      if (this.heardAt < asked) this.dropped(socket);
      else this.armProbe();
    }, PROBE_TIMEOUT);
  }
}

interface Message {
  id?: number;
  ok?: unknown;
  error?: Reason;
  ping?: number;
  seq?: number;
}
