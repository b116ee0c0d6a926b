// Networks that fail and windows that close.

import { after, afterEach, before, test } from "node:test";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { Browser } from "../lib/browser.js";
import { Link } from "../lib/link.js";
import { Network } from "../lib/network.js";
import { noFailures, Phone } from "../lib/phone.js";
import { Roaming } from "../lib/roaming.js";

let browser;
before(async () => (browser = await Browser.launch("calls")));
after(() => browser.close());
afterEach(async () => {
  await browser.closeWindows();
  Network.closeAll();
  Link.closeAll();
});

/** Two who see each other in a group call; the options are for the first one's window. */
async function pair(options) {
  const [ann, bob] = await Promise.all([Phone.open(browser, "Ann", options), Phone.open(browser, "Bob")]);
  const groupId = randomUUID();
  await Promise.all([ann, bob].map((one) => one.join({ groupId }, { video: true })));
  await Promise.all([ann, bob].map((one) => one.meets(1)));
  await Promise.all([ann.sees(bob), bob.sees(ann)]);
  return [ann, bob];
}

test("a call outlives a cut of its signalling, and goes on where it was", async () => {
  const network = await Network.open();
  const [ann, bob] = await pair({ network });
  const id = await ann.run(() => phone.call.id);
  network.down();
  await bob.until(() => phone.people().every((one) => one.state !== "Connected"), "Ann's connection is gone");
  network.up();
  await bob.meets(1, 60_000);
  await ann.meets(1);
  assert.equal(await ann.run(() => phone.call.id), id);
  assert.equal(await ann.state(), "Connected");
  await Promise.all([ann.sees(bob), bob.sees(ann), ann.hears(), bob.hears()]);
  // What is said afterwards arrives, in both directions.
  await ann.run(() => phone.call.mute());
  await bob.until(() => phone.people()[0].muted, "Ann is muted");
  await bob.run(() => phone.call.mute());
  await ann.until(() => phone.people()[0].muted, "Bob is muted");
  noFailures(ann, bob);
});

test("a call comes back after more than the roster waits", async () => {
  const network = await Network.open();
  const [ann, bob] = await pair({ network });
  network.down();
  // The server takes whoever is lost from the roster after 8 seconds.
  await bob.meets(0);
  await bob.until(() => phone.people().length === 0, "Ann is off the roster", undefined, 60_000);
  network.up();
  await bob.meets(1, 60_000);
  await Promise.all([ann.sees(bob), bob.sees(ann)]);
  noFailures(ann, bob);
});

for (const [what, move] of [
  ["another network, signalling and media", (roaming) => roaming.move()],
  ["another way for the media alone", (roaming) => roaming.moveMedia()],
]) {
  test(`${what}: ICE is restarted, and the call goes on`, async () => {
    let roaming;
    const [ann, bob] = await pair({ prepare: async (page) => (roaming = await Roaming.of(page)) });
    const before = await ann.run(() => [phone.call.id, phone.call.info.participantId, window.connections.length]);
    const left = [...roaming.links.values()];
    assert.ok(left.length === 2 && left.every((link) => link.bytes > 0), "media over the first way");
    move(roaming);
    await Promise.all([ann.sees(bob), bob.sees(ann), ann.hears(), bob.hears()]);
    const now = [...roaming.links.values()];
    assert.ok(now.length === 2 && now.every((link) => link.bytes > 0 && !left.includes(link)), "media over the other way");
    assert.deepEqual(await ann.run(() => [phone.call.id, phone.call.info.participantId, window.connections.length]), before);
    assert.equal(await ann.state(), "Connected");
    noFailures(ann, bob);
  });
}

test("whoever closes the window has left", async () => {
  const [ann, bob] = await pair();
  await ann.page.close({ runBeforeUnload: true });
  await bob.until(() => phone.people().length === 0, "Ann has left", undefined, 30_000);
  await bob.seesNo(ann);
  assert.equal(await bob.state(), "Connected");
  noFailures(bob);
});

test("whose browser dies is noticed within 30 seconds", async () => {
  const [ann, bob] = await pair();
  const session = await ann.page.context().newCDPSession(ann.page);
  session.send("Page.crash").catch(() => {});
  await bob.until(() => phone.people().length === 0, "Ann is gone", undefined, 30_000);
  noFailures(bob);
});
