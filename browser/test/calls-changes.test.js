// What happens within a call of two: cameras, hold, a shared screen, a transfer.

import { after, afterEach, before, test } from "node:test";
import assert from "node:assert/strict";
import { Browser } from "../lib/browser.js";
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

test("a call begins without a camera; it comes on, goes off, and comes on again", async () => {
  const [ann, bob] = await open("Ann", "Bob");
  await connect(ann, bob);
  await Promise.all([ann.hears(), bob.hears()]);
  assert.deepEqual(await bob.pictures(), []);
  await ann.run(async () => {
    await phone.options(true);
    await phone.call.startVideo(phone.camera);
  });
  await bob.sees(ann);
  await ann.run(() => phone.call.stopVideo(phone.camera));
  await bob.seesNo(ann);
  await bob.hears();
  await ann.run(() => phone.call.startVideo(phone.camera));
  await bob.sees(ann);
  noFailures(ann, bob);
});

test("hold and resume: both sides know, and the picture comes back", async () => {
  const [ann, bob] = await open("Ann", "Bob");
  await connect(ann, bob, { video: true });
  await Promise.all([ann.sees(bob), bob.sees(ann)]);
  await ann.run(() => phone.call.hold());
  await ann.reaches("LocalHold");
  await bob.reaches("RemoteHold");
  await ann.run(() => phone.call.resume());
  await Promise.all([ann, bob].map((one) => one.reaches("Connected")));
  await Promise.all([ann.sees(bob), bob.sees(ann), ann.hears(), bob.hears()]);
  noFailures(ann, bob);
});

test("a screen is shared beside the camera, and taken away again", async () => {
  const [ann, bob] = await open("Ann", "Bob");
  await connect(ann, bob, { video: true });
  await bob.sees(ann);
  await ann.run(() => phone.call.startScreenSharing());
  assert.equal(await ann.run(() => phone.call.isScreenSharingOn), true);
  await bob.sees(ann, "ScreenSharing");
  await bob.sees(ann, "Video");
  await ann.run(() => phone.call.stopScreenSharing());
  await bob.seesNo(ann, "ScreenSharing");
  await bob.sees(ann, "Video");
  assert.equal(await ann.run(() => phone.call.isScreenSharingOn), false);
  noFailures(ann, bob);
});

test("a call is transferred: the old one ends by itself, and the new one is heard", async () => {
  const [ann, bob, eve] = await open("Ann", "Bob", "Eve");
  await connect(ann, bob);
  await bob.run(() => {
    const transfer = phone.feature("Transfer");
    transfer.on("transferAccepted", ({ targetCall }) => phone.take(targetCall));
  });
  await ann.run((target) => {
    phone.transferStates = [];
    const transfer = phone.feature("Transfer").transfer({ targetParticipant: { communicationUserId: target } });
    transfer.on("stateChanged", () => phone.transferStates.push(transfer.state));
  }, eve.id);
  await eve.rings();
  await eve.accept();
  await eve.reaches("Connected");
  await bob.until((id) => phone.call.state === "Connected" && phone.people().some((one) => one.id === id), "a call with Eve", eve.id);
  await ann.until(() => phone.transferStates.at(-1) === "Transferred", "transferred");
  await ann.reaches("Disconnected");
  await Promise.all([bob.hears(), eve.hears()]);
  noFailures(ann, bob, eve);
});
