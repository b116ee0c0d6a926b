// One person calls another: in two windows of Chromium, with a camera and a microphone each.

import { after, afterEach, before, test } from "node:test";
import assert from "node:assert/strict";
import { Browser } from "../lib/browser.js";
import { someone } from "../lib/parley.js";
import { noFailures, Phone } from "../lib/phone.js";

let browser;
before(async () => (browser = await Browser.launch("calls")));
after(() => browser.close());
afterEach(() => browser.closeWindows());

const open = (...names) => Promise.all(names.map((name) => Phone.open(browser, name)));

/** A call from the first to the second that both are in. */
async function connect(ann, bob, options = {}) {
  await ann.dial([bob], options);
  await bob.rings();
  await bob.accept(options);
  await Promise.all([ann, bob].map((one) => one.reaches("Connected")));
}

test("two people see and hear each other, and one hangs up", async () => {
  const [ann, bob] = await open("Ann", "Bob");
  await ann.dial([bob], { video: true });
  await bob.rings();
  await ann.reaches("Ringing");
  assert.equal(await bob.run(() => phone.incoming.callerInfo.displayName), "Ann");
  await bob.accept({ video: true });
  await Promise.all([ann, bob].map((one) => one.reaches("Connected")));
  await Promise.all([ann.meets(1), bob.meets(1)]);
  await Promise.all([ann.sees(bob), bob.sees(ann), ann.hears(), bob.hears()]);
  assert.equal(await ann.run(() => phone.call.id), await bob.run(() => phone.call.id));
  assert.deepEqual(await ann.run(() => [phone.call.direction, phone.call.kind, phone.call.localVideoStreams.length]), ["Outgoing", "Call", 1]);
  assert.equal(await bob.run(() => phone.call.direction), "Incoming");

  await ann.hangUp();
  await Promise.all([ann, bob].map((one) => one.reaches("Disconnected")));
  assert.deepEqual(await ann.endReason(), { code: 0, subCode: 0 });
  assert.deepEqual(await bob.endReason(), { code: 0, subCode: 0 });
  const states = await ann.run(() => phone.states);
  assert.deepEqual(states.filter((one) => one !== "None"), ["Connecting", "Ringing", "Connected", "Disconnecting", "Disconnected"]);
  assert.equal(await ann.run(() => phone.agent.calls.length), 0);
  noFailures(ann, bob);
});

test("whoever mutes is not heard, and both know", async () => {
  const [ann, bob] = await open("Ann", "Bob");
  await connect(ann, bob);
  await bob.hears();
  await ann.run(() => phone.call.mute());
  await bob.until(() => phone.people()[0].muted, "Ann is muted");
  assert.equal(await ann.run(() => phone.call.isMuted), true);
  // Silence may still be sent; what is heard no longer grows.
  await bob.until(async () => {
    const energy = async () => {
      let sum = 0;
      for (const connection of window.connections)
        for (const one of (await connection.getStats()).values()) if (one.type === "inbound-rtp" && one.kind === "audio") sum += one.totalAudioEnergy ?? 0;
      return sum;
    };
    const before = await energy();
    // The fake microphone beeps once a second.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    return (await energy()) - before < 1e-6;
  }, "silence");
  await ann.run(() => phone.call.unmute());
  await bob.until(() => !phone.people()[0].muted, "Ann is not muted");
  await bob.hears();
  noFailures(ann, bob);
});

test("the callee declines", async () => {
  const [ann, bob] = await open("Ann", "Bob");
  await ann.dial([bob], { video: true });
  await bob.rings();
  await bob.run(() => phone.incoming.reject());
  await ann.reaches("Disconnected");
  assert.deepEqual(await ann.endReason(), { code: 603, subCode: 0 });
  noFailures(ann, bob);
});

test("nobody answers", async () => {
  const [ann, bob] = await open("Ann", "Bob");
  await ann.dial([bob]);
  await bob.rings();
  await ann.reaches("Disconnected", 90_000);
  assert.deepEqual(await ann.endReason(), { code: 487, subCode: 10004 });
  await bob.until(() => phone.missed?.code === 487, "the ringing ends");
  noFailures(ann, bob);
});

test("the caller gives up", async () => {
  const [ann, bob] = await open("Ann", "Bob");
  await ann.dial([bob]);
  await bob.rings();
  await ann.hangUp();
  await bob.until(() => phone.missed?.code === 487 && phone.missed.subCode === 0, "the ringing ends");
  await ann.reaches("Disconnected");
  noFailures(ann, bob);
});

test("a call to somebody who is not there ends", async () => {
  const [ann] = await open("Ann");
  const gone = await someone("Nobody");
  await ann.dial([{ id: gone.user.communicationUserId }]);
  await ann.reaches("Disconnected", 60_000);
  assert.deepEqual(await ann.endReason(), { code: 480, subCode: 10037 });
});

test("with two windows the first to accept has the call, and the other stops to ring", async () => {
  const [ann, bob] = await open("Ann", "Bob");
  const other = await Phone.open(browser, bob.person);
  await ann.dial([bob]);
  await Promise.all([bob.rings(), other.rings()]);
  await bob.accept();
  await other.until(() => phone.missed?.subCode === 10003, "accepted elsewhere");
  await Promise.all([ann, bob].map((one) => one.reaches("Connected")));
  await ann.hears();
  noFailures(ann, bob, other);
});

test("both call each other: one call comes of it", async () => {
  const [ann, bob] = await open("Ann", "Bob");
  await Promise.all([ann.dial([bob]), bob.dial([ann])]);
  await Promise.all([ann, bob].map((one) => one.reaches("Connected")));
  assert.equal(await ann.run(() => phone.call.id), await bob.run(() => phone.call.id));
  await Promise.all([ann.hears(), bob.hears()]);
});
