import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Connection, type ConnectionListener } from "../src/signalling/connection.js";
import type { Notification, Reason } from "../src/signalling/protocol.js";
import { Server, error, settled } from "./lib/world.js";

function made(server = new Server()) {
  const notified: Notification[] = [];
  const log: string[] = [];
  const ended: Reason[] = [];
  const watched: number[] = [];
  let wake = () => {};
  const listener: ConnectionListener = {
    notified: (notification) => notified.push(notification),
    lost: () => log.push("lost"),
    welcomed: (welcome) => log.push(welcome.resumed ? "resumed" : "welcomed"),
    ended: (reason) => ended.push(reason),
  };
  const tokens = { token: async () => "t", watch: (life: number) => void watched.push(life), stop: () => {} };
  const connection = new Connection(
    {
      url: "wss://parley.test/calling/v1/connect", tokens, displayName: "Ann", client: "test/1", random: () => 0.5,
      socket: (url) => server.connect(url),
      onWake: (listener) => {
        wake = listener;
        return () => {};
      },
    },
    listener,
  );
  return { server, connection, notified, log, ended, watched, wake: () => wake() };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function opened(server?: Server) {
  const all = made(server);
  await all.connection.open();
  return all;
}

describe("hello", () => {
  test("says who it is, with nothing that a browser cannot send", async () => {
    const { server, watched } = await opened();
    expect(server.socket.url).toBe("wss://parley.test/calling/v1/connect");
    expect(server.socket.heard[0]).toEqual({ id: 1, do: "hello", version: 1, token: "t", displayName: "Ann", client: "test/1" });
    // The life of the token by the server's clock, whatever ours says.
    expect(watched).toEqual([24 * 3_600_000]);
  });

  test("a refused one rejects with the server's code and is not tried again", async () => {
    const server = new Server();
    server.refusal = error(401, 10009).error;
    const { connection, ended } = made(server);
    await expect(connection.open()).rejects.toMatchObject({ name: "CommunicationServicesError", code: 401, subCode: 10009 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.sockets).toHaveLength(1);
    expect(ended).toHaveLength(1);
  });

  test("a server that is full for a moment is asked again", async () => {
    const server = new Server();
    server.refusal = error(503, 0).error;
    const { connection } = made(server);
    const open = connection.open();
    await settled();
    server.refusal = undefined;
    await vi.advanceTimersByTimeAsync(0);
    await open;
    expect(server.sockets).toHaveLength(2);
  });

  test("a server that cannot be reached is given up after 20 seconds with 408 / 40114", async () => {
    const { connection, server } = made();
    server.down = true;
    const open = connection.open();
    const refused = expect(open).rejects.toMatchObject({ code: 408, subCode: 40114 });
    await vi.advanceTimersByTimeAsync(30_000);
    await refused;
    expect(connection.state).toBe("Ended");
  });
});

describe("requests", () => {
  test("answers come in any order; refusals carry code and subCode", async () => {
    const { server, connection } = await opened();
    const first = connection.request("hold", { callId: "a" } as never);
    const second = connection.request("resume", { callId: "a" } as never);
    const [one, two] = server.asked;
    server.socket.say({ id: two!.id, ...error(403, 5828) });
    server.socket.say({ id: one!.id, ok: {} });
    expect(await first).toEqual({});
    await expect(second).rejects.toMatchObject({ code: 403, subCode: 5828, category: "UnexpectedClientError" });
    expect(one!.id).not.toBe(two!.id);
  });

  test("those made while the socket is away wait for it", async () => {
    const { server, connection } = await opened();
    server.socket.cut();
    const request = connection.request("hold", { callId: "a" } as never);
    server.answers.hold = {};
    await vi.advanceTimersByTimeAsync(0);
    expect(await request).toEqual({});
  });

  test("an unanswered one is asked again after a resume under a new number; a second call is never started", async () => {
    const { server, connection } = await opened();
    const hold = connection.request("hold", { callId: "a" } as never);
    const start = connection.request("call.start", { participants: ["8:acs:b"] });
    const lost = expect(start).rejects.toMatchObject({ code: 410, subCode: 3101 });
    const before = server.asked.find((one) => one.do === "hold")!.id;
    server.socket.cut();
    server.answers.hold = {};
    await vi.advanceTimersByTimeAsync(0);
    await hold;
    await lost;
    const ids = server.asked.filter((one) => one.do === "hold").map((one) => one.id);
    expect(ids[0]).toBe(before);
    expect(ids[1]).toBeGreaterThan(before);
    expect(server.requests("call.start")).toHaveLength(1);
  });

  test("those that a lost session had got are rejected", async () => {
    const { server, connection } = await opened();
    const hold = expect(connection.request("hold", { callId: "a" } as never)).rejects.toMatchObject({ code: 410, subCode: 3101 });
    server.welcome = { resumed: false };
    server.socket.cut();
    await vi.advanceTimersByTimeAsync(0);
    await hold;
  });
});

describe("notifications", () => {
  test("each is given once; acknowledged after 32, or after 5 seconds", async () => {
    const { server, notified } = await opened();
    for (let i = 0; i < 32; i++) server.notify("speakers", { participants: [] });
    expect(server.socket.heard.filter((one) => "ack" in one)).toEqual([{ ack: 32 }]);
    server.notify("speakers", { participants: [] });
    server.socket.say({ seq: 33, on: "speakers", callId: "c1", participants: [] });
    expect(notified).toHaveLength(33);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(server.socket.heard.filter((one) => "ack" in one)).toEqual([{ ack: 32 }, { ack: 33 }]);
  });

  test("a ping is answered at once", async () => {
    const { server } = await opened();
    server.socket.say({ ping: 7 });
    expect(server.socket.heard.at(-1)).toEqual({ pong: 7 });
  });

  test("a hole makes it resume from where it was", async () => {
    const { server, notified, log } = await opened();
    server.notify("speakers");
    server.seq++;
    server.notify("speakers");
    expect(notified).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(0);
    expect(server.socket.heard[0]).toMatchObject({ do: "hello", resume: { session: "s1", seq: 1 } });
    expect(log).toEqual(["welcomed", "lost", "resumed"]);
  });

  test("a new session counts from one again", async () => {
    const { server, notified } = await opened();
    for (let i = 0; i < 5; i++) server.notify("speakers");
    server.welcome = { resumed: false, session: "s2" };
    server.socket.cut();
    await vi.advanceTimersByTimeAsync(0);
    server.notify("speakers");
    expect(notified.map((one) => one.seq)).toEqual([1, 2, 3, 4, 5, 1]);
  });

  test("agent.ended ends it for good", async () => {
    const { server, connection, ended } = await opened();
    server.notify("agent.ended", { reason: error(401, 10009).error });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(connection.state).toBe("Ended");
    expect(ended).toMatchObject([{ code: 401, subCode: 10009 }]);
    expect(server.sockets).toHaveLength(1);
  });
});

describe("coming back", () => {
  test("at once, then after 1, 2, 4, 8, 8 seconds", async () => {
    const { server, connection } = await opened();
    server.down = true;
    server.socket.cut();
    const counts: number[] = [];
    for (const wait of [0, 1_000, 2_000, 4_000, 8_000, 8_000]) {
      await vi.advanceTimersByTimeAsync(wait);
      counts.push(server.sockets.length);
    }
    expect(counts).toEqual([2, 3, 4, 5, 6, 7]);
    server.down = false;
    await vi.advanceTimersByTimeAsync(8_000);
    expect(connection.state).toBe("Connected");
  });

  test("in a call never later than after 3 seconds", async () => {
    const { server, connection } = await opened();
    connection.watchClosely(true);
    server.down = true;
    server.socket.cut();
    const counts: number[] = [];
    for (const wait of [0, 1_000, 2_000, 3_000, 3_000, 3_000]) {
      await vi.advanceTimersByTimeAsync(wait);
      counts.push(server.sockets.length);
    }
    expect(counts).toEqual([2, 3, 4, 5, 6, 7]);
  });

  test("at once when the page is looked at again", async () => {
    const { server, connection, wake } = await opened();
    server.down = true;
    server.socket.cut();
    await vi.advanceTimersByTimeAsync(7_000);
    server.down = false;
    wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(connection.state).toBe("Connected");
  });

  test("a socket that has died without a word is found out during a call", async () => {
    const { server, connection, log } = await opened();
    connection.watchClosely(true);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(server.requests("token")).toEqual([{ token: "t" }]);
    await vi.advanceTimersByTimeAsync(8_001);
    expect(log).toEqual(["welcomed", "lost", "resumed"]);
    expect(connection.state).toBe("Connected");
  });

  test("a hello that nobody answers is tried anew", async () => {
    const { server, connection } = await opened();
    const heard = server.heard.bind(server);
    server.heard = () => {};
    server.socket.cut();
    await vi.advanceTimersByTimeAsync(9_000);
    expect(server.sockets).toHaveLength(2);
    server.heard = heard;
    await vi.advanceTimersByTimeAsync(2_500);
    expect(connection.state).toBe("Connected");
  });

  test("after its end nothing is tried, and requests are refused", async () => {
    const { server, connection } = await opened();
    connection.end();
    expect(server.socket.heard.at(-1)).toMatchObject({ do: "bye" });
    expect(server.socket.closed).toBe(true);
    await expect(connection.request("hold", { callId: "a" } as never)).rejects.toMatchObject({ code: 412 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.sockets).toHaveLength(1);
  });
});
