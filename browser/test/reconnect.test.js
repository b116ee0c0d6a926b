// How chat clients come back: with a new token, by the one-step way, before the old connection ends, and all at once.

import { after, afterEach, before, beforeEach, test } from "node:test";
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ServerProcess } from "../../contract/js/lib/process.js";
import { Browser } from "../lib/browser.js";
import { Network } from "../lib/network.js";
import { identity, keyHash, someone, threadOf, tokenUntil } from "../lib/parley.js";

let browser, ann, bob, thread;
before(async () => (browser = await Browser.launch("newest", "older")));
after(() => browser.close());
afterEach(async () => {
  await browser.closeWindows();
  Network.closeAll();
});
beforeEach(async () => {
  [ann, bob] = await Promise.all(["Ann", "Bob"].map(someone));
  thread = await threadOf([ann, bob]);
});

const say = (content) => thread.sendMessage({ content });
const hears = (tab, text) => tab.until(() => tab.texts().includes(text), text);

for (const page of ["newest", "older"]) {
  test(`${page} SDK: an expired token ends the connection, a fresh one goes on with it`, async () => {
    const { token: next } = await identity.getToken(bob.user, ["chat"]);
    const seconds = 30;
    const short = { ...bob, token: tokenUntil(bob.token, seconds) };
    const began = Date.now();
    const tab = await (await browser.tab(short, { page, next })).start();
    await say("before");
    await hears(tab, "before");
    await tab.until(() => tab.count("realTimeNotificationDisconnected") > 0, "the end of the token", 90_000);
    assert.ok(Date.now() - began >= (seconds - 2) * 1000, "not before its time");
    await tab.next("realTimeNotificationConnected", 2);
    await say("after");
    await hears(tab, "after");
  });

  test(`${page} SDK: the one-step way (/v4/c) carries events, and what was missed before it`, async () => {
    const network = await Network.open();
    // The SDK goes that way when its parameters say so; the rest of what is said to it is the server's own.
    const prepare = (opened) =>
      opened.route("**/v4/a?*", async (route) => {
        if (route.request().method() !== "POST") return route.continue();
        const response = await route.fetch();
        const json = await response.json();
        await route.fulfill({ response, json: { ...json, connectparams: { ...json.connectparams, scae: "1" } } });
      });
    const tab = await (await browser.tab(bob, { page, network, prepare })).start();
    await say("by socket.io");
    await hears(tab, "by socket.io");
    network.down();
    await tab.next("realTimeNotificationDisconnected");
    await say("missed");
    network.up();
    await tab.next("realTimeNotificationConnected", 2);
    assert.ok(tab.sockets.some((url) => url.pathname === "/v4/c"), tab.sockets.map((url) => url.pathname).join(" "));
    await say("in one step");
    await hears(tab, "in one step");
    assert.deepEqual([...new Set(tab.texts())], ["by socket.io", "missed", "in one step"]);
  });

  test(`${page} SDK: told to reconnect, it makes the new connection before it leaves the old one`, async () => {
    const toPage = [];
    const prepare = (opened) =>
      opened.routeWebSocket(/\/socket\.io\/1\/websocket\//, (socket) => {
        socket.connectToServer();
        toPage.push(socket);
      });
    const tab = await (await browser.tab(bob, { page, prepare })).start();
    await say("on the first");
    await hears(tab, "on the first");
    const sending = (async () => {
      for (let i = 0; i < 40; i++) await say(`meanwhile ${i}`);
    })();
    toPage[0].send('5:::{"name":"trouter.reconnect","args":[{"target":"self"}]}');
    await tab.next("realTimeNotificationConnected", 2);
    await sending;
    await hears(tab, "meanwhile 39");
    assert.ok(toPage.length >= 2, "a second connection");
    assert.equal(tab.count("realTimeNotificationDisconnected"), 0);
    // The old connection stands for a minute more: neither of the two loses anything or changes the order.
    const whole = ["on the first", ...Array.from({ length: 40 }, (_, i) => `meanwhile ${i}`)];
    assert.deepEqual([...new Set(tab.texts())], whole);
    // On a machine so slow that the SDK gives an attempt up and makes another one, what that one had not acknowledged comes again.
    if (toPage.length === 2) assert.deepEqual(tab.texts(), whole);
  });
}

test("a server is killed under load: every tab comes back by itself and has all that was answered", async () => {
  const server = await ServerProcess.open();
  let crowd;
  try {
    const certificate = new X509Certificate(await readFile(join(server.data, "tls", "server.pem")));
    crowd = await Browser.launchTrusting(keyHash(certificate), "newest");
    const person = async (name) => {
      const { body } = await server.ask("POST", "/identities?api-version=2023-10-01", { createTokenWithScopes: ["chat"] });
      return { name, id: body.identity.id, token: body.accessToken.token };
    };
    const people = await Promise.all(Array.from({ length: 12 }, (_, number) => person(`P${number}`)));
    const call = async (path, body) => {
      const response = await fetch(new URL(`${path}?api-version=2025-03-15`, server.environment.PARLEY_HTTP_ENDPOINT), {
        method: "POST",
        headers: { Authorization: `Bearer ${people[0].token}`, "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      assert.equal(response.status, 201);
      return response.json();
    };
    const participants = people.map(({ id, name }) => ({ communicationIdentifier: { communicationUser: { id } }, displayName: name }));
    const { chatThread } = await call("/chat/threads", { topic: "Storm", participants });
    const window = await crowd.window();
    const at = server.environment.ACS_ENDPOINT;
    const tabs = await Promise.all(people.map((one) => crowd.tab(one, { window, at }).then((tab) => tab.start())));

    const answered = [];
    const talk = async (content) => {
      await call(`/chat/threads/${encodeURIComponent(chatThread.id)}/messages`, { content });
      answered.push(content);
    };
    let killed = false;
    const talking = (async () => {
      for (let i = 0; !killed; i++) await talk(`${i}`).catch(() => {});
    })();
    await tabs[0].until(() => tabs[0].texts().length >= 20, "a conversation");
    killed = true;
    await server.kill("SIGKILL");
    await talking;
    await server.up();
    await talk("welcome back");
    for (const tab of tabs) {
      await tab.until(() => tab.texts().includes("welcome back"), "the first message after the restart", 60_000);
      const heard = new Set(tab.texts());
      assert.deepEqual(answered.filter((text) => !heard.has(text)), [], tab.person.name);
    }
  } finally {
    await crowd?.close();
    await server.close();
  }
});
