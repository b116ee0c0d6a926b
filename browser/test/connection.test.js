// What happens to a chat client when its connection, its token or somebody else's connection goes bad.

import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import assert from "node:assert/strict";
import { Browser } from "../lib/browser.js";
import { Network } from "../lib/network.js";
import { chatOf, endpoint, identity, someone, threadOf } from "../lib/parley.js";

let browser, ann, bob, thread;
before(async () => (browser = await Browser.launch("newest", "older")));
after(() => browser.close());
// A failed test leaves nothing open: neither windows for the next one nor a listener that keeps the process alive.
afterEach(async () => {
  await browser.closeWindows();
  Network.closeAll();
});
beforeEach(async () => {
  [ann, bob] = await Promise.all(["Ann", "Bob"].map(someone));
  thread = await threadOf([ann, bob]);
});

const numbers = (from, to) => Array.from({ length: to - from }, (_, index) => `${from + index}`);
const say = async (texts) => {
  for (const content of texts) await thread.sendMessage({ content });
};
const hears = (tab, count) => tab.until(() => tab.texts().length >= count, `${count} messages`);

/** Ids as the service orders messages. */
const inOrder = (ids) => ids.every((id, index) => index === 0 || BigInt(ids[index - 1]) < BigInt(id));

for (const page of ["newest", "older"]) {
  describe(`${page} SDK`, () => {
    test("a burst arrives whole and in order, at two tabs of the same user and at the sender's", async () => {
      const window = await browser.window();
      const tabs = await Promise.all([bob, bob, ann].map((who) => browser.tab(who, { window, page }).then((tab) => tab.start())));
      const sent = [];
      // Eight at a time, so that the server has to decide the order.
      await Promise.all(
        numbers(0, 8).map(async (lane) => {
          for (let i = 0; i < 25; i++) sent.push((await thread.sendMessage({ content: `${lane}.${i}` })).id);
        }),
      );
      for (const tab of tabs) {
        await hears(tab, 200);
        const ids = tab.events("chatMessageReceived").map((event) => event.id);
        assert.equal(ids.length, 200);
        assert.ok(inOrder(ids), "in the order of the thread");
        assert.deepEqual(new Set(ids), new Set(sent));
      }
    });

    test("a cut socket: what was said meanwhile comes after the reconnect, in order", async () => {
      const network = await Network.open();
      const tab = await (await browser.tab(bob, { network, page })).start();
      await say(numbers(0, 3));
      await hears(tab, 3);
      network.down();
      await tab.next("realTimeNotificationDisconnected");
      await say(numbers(3, 8));
      network.up();
      await tab.next("realTimeNotificationConnected", 2);
      await say(numbers(8, 10));
      await tab.until(() => new Set(tab.texts()).size === 10, "all ten");
      // The last one before the cut comes again when its acknowledgement was cut off too.
      assert.deepEqual([...new Set(tab.texts())], numbers(0, 10));
    });

    test("WebSocket refused: long polling carries events both ways", async () => {
      const network = await Network.open({ webSocketsRefused: true });
      const tab = await (await browser.tab(bob, { network, page })).start();
      assert.ok(network.refused > 0, "the upgrade was tried");
      await say(numbers(0, 30));
      await hears(tab, 30);
      assert.deepEqual(tab.texts(), numbers(0, 30));
      await thread.sendTypingNotification();
      await tab.next("typingIndicatorReceived");
      await tab.callThread(thread.threadId, "sendMessage", { content: "from the poller" });
      await tab.until(() => tab.texts().includes("from the poller"), "its own message");
    });
  });
}

test("cut again and again under load, nothing is lost and nothing comes in the wrong order", async () => {
  const network = await Network.open();
  const tab = await (await browser.tab(bob, { network })).start();
  const texts = numbers(0, 60);
  const sending = say(texts);
  for (let cut = 1; cut <= 4; cut++) {
    await hears(tab, cut * 10);
    network.cut();
    await tab.next("realTimeNotificationConnected", cut + 1);
  }
  await sending;
  await tab.until(() => new Set(tab.texts()).size === texts.length, "all of them");
  // A duplicate is allowed where the acknowledgement was cut; each message's first arrival is in order all the same.
  assert.deepEqual([...new Set(tab.texts())], texts);
  // How many were under way at a cut is the machine's affair; that each comes once on a connection is ours.
  for (const text of texts) {
    const times = tab.texts().filter((other) => other === text).length;
    assert.ok(times <= 1 + 4, `${text} came ${times} times over 5 connections`);
  }
});

test("stop and start: nothing while stopped, everything afterwards", async () => {
  const tab = await (await browser.tab(bob)).start();
  await say(["heard"]);
  await hears(tab, 1);
  await tab.stop();
  await say(["unheard"]);
  await tab.start();
  await say(["heard again"]);
  await tab.until(() => tab.texts().includes("heard again"), "the message after the start");
  assert.deepEqual(tab.texts().filter((text) => text !== "unheard"), ["heard", "heard again"]);
});

test("one tab's end does not disturb the other", async () => {
  const window = await browser.window();
  const [staying, leaving] = await Promise.all([1, 2].map(() => browser.tab(bob, { window }).then((tab) => tab.start())));
  await say(["both"]);
  await Promise.all([hears(staying, 1), hears(leaving, 1)]);
  await leaving.page.close();
  await say(["one"]);
  await hears(staying, 2);
  assert.equal(staying.count("realTimeNotificationDisconnected"), 0);
});

test("revoked tokens: the connection ends and hears nothing more; a new token hears again", async () => {
  const tab = await (await browser.tab(bob)).start();
  const other = await (await browser.tab(ann)).start();
  await identity.revokeTokens(bob.user);
  await tab.next("realTimeNotificationDisconnected");
  await say(["not for revoked ears"]);
  await hears(other, 1);
  assert.deepEqual(tab.texts(), []);
  const { token } = await identity.getToken(bob.user, ["chat"]);
  const again = await (await browser.tab({ ...bob, token })).start();
  await say(["welcome back"]);
  await again.until(() => again.texts().includes("welcome back"), "the message after the new token");
  assert.deepEqual(tab.texts(), []);
  assert.equal(other.count("realTimeNotificationDisconnected"), 0);
});

test("a dead reader costs nobody else anything, and gets what it missed once it reads again", async () => {
  const eve = await someone("Eve");
  await thread.addParticipants({ participants: [{ id: eve.user, displayName: "Eve" }] });
  const network = await Network.open();
  const dead = await (await browser.tab(eve, { network })).start();
  const alive = await (await browser.tab(bob)).start();
  const before = network.open;
  network.stall();
  const long = "x".repeat(20_000);
  const texts = numbers(0, 60).map((number) => `${number} ${long}`);
  const started = Date.now();
  await say(texts);
  await hears(alive, texts.length);
  const took = Date.now() - started;
  assert.deepEqual(alive.texts(), texts);
  assert.ok(took < 15_000, `${took} ms`);
  assert.deepEqual(dead.texts(), []);
  assert.ok(before > 0);
  network.wake();
  await dead.next("realTimeNotificationConnected", 2);
  await dead.until(() => new Set(dead.texts()).size === texts.length, "what it missed");
  assert.deepEqual([...new Set(dead.texts())], texts);
  assert.equal(alive.count("realTimeNotificationDisconnected"), 0);
});

test("an endpoint with a closing slash, whose configuration call begins with two", async () => {
  const tab = await (await browser.tab(bob, { at: `${endpoint}/` })).start();
  await say(["slash"]);
  await hears(tab, 1);
});

test("a token without the chat scope is refused at the start", async () => {
  const { user, token } = await identity.createUserAndToken(["voip"]);
  const tab = await browser.tab({ name: "Caller", user, token });
  await assert.rejects(tab.start(), /configuration from Chat Gateway.*(401|403)/);
});

test("a user who is in no thread connects, and hears of the first one", async () => {
  const eve = await someone("Eve");
  const tab = await (await browser.tab(eve)).start();
  const { chatThread } = await chatOf(ann).createChatThread({ topic: "First" }, { participants: [{ id: eve.user }] });
  assert.equal((await tab.next("chatThreadCreated")).threadId, chatThread.id);
});
