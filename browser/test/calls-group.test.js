// Groups and rooms: everybody sees everybody, and roles are kept to.

import { after, afterEach, before, test } from "node:test";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { Browser } from "../lib/browser.js";
import { makeRoom, noFailures, Phone } from "../lib/phone.js";

let browser;
before(async () => (browser = await Browser.launch("calls")));
after(() => browser.close());
afterEach(() => browser.closeWindows());

const open = (...names) => Promise.all(names.map((name) => Phone.open(browser, name)));
const each = (phones, action) => Promise.all(phones.map(action));

async function group(names, options = {}) {
  const phones = await open(...names);
  const groupId = randomUUID();
  await each(phones, (one) => one.join({ groupId }, options));
  await each(phones, (one) => one.reaches("Connected"));
  await each(phones, (one) => one.meets(phones.length - 1));
  return phones;
}

test("four people see and hear each other in a group call; one leaves, and the others go on", async () => {
  const phones = await group(["Ann", "Bob", "Eve", "Zoë"], { video: true });
  for (const one of phones) await each(phones.filter((other) => other !== one), (other) => one.sees(other));
  await each(phones, (one) => one.hears());
  const [ann, bob, eve, zoe] = phones;
  assert.deepEqual((await ann.people()).map((one) => one.name).sort(), ["Bob", "Eve", "Zoë"]);
  await zoe.hangUp();
  await each([ann, bob, eve], (one) => one.meets(2));
  await each([ann, bob, eve], (one) => one.seesNo(zoe));
  await Promise.all([ann.sees(bob), bob.sees(eve), eve.sees(ann)]);
  noFailures(...phones);
});

test("one mutes the others; a hand goes up and down", async () => {
  const [ann, bob, eve] = await group(["Ann", "Bob", "Eve"]);
  await each([bob, eve], (one) => one.hears());
  await ann.run(() => phone.call.muteAllRemoteParticipants());
  for (const one of [bob, eve]) {
    await one.until(() => phone.call.isMuted && phone.noted.some((what) => what.mutedByOthers), "muted by Ann");
  }
  await ann.until(() => phone.people().every((one) => one.muted), "all are muted");
  await bob.run(() => phone.call.unmute());
  await ann.until((id) => !phone.people().find((one) => one.id === id).muted, "Bob unmuted himself", bob.id);
  await ann.hears();

  const hands = () => phone.feature("RaiseHand").getRaisedHands().map((one) => one.identifier.communicationUserId);
  await eve.run(() => phone.feature("RaiseHand").raiseHand());
  for (const one of [ann, bob, eve]) {
    await one.until((id) => phone.feature("RaiseHand").getRaisedHands().some((hand) => hand.identifier.communicationUserId === id), "Eve's hand", eve.id);
  }
  await bob.run(() => phone.feature("RaiseHand").raiseHand());
  await ann.until(() => phone.feature("RaiseHand").getRaisedHands().length === 2, "two hands");
  assert.deepEqual(await ann.run(hands), [eve.id, bob.id], "in their order");
  await eve.run(() => phone.feature("RaiseHand").lowerHand());
  await ann.until(() => phone.feature("RaiseHand").getRaisedHands().length === 1, "one hand");
  noFailures(ann, bob, eve);
});

test("somebody is added to a call of two, and removed again", async () => {
  const [ann, bob, eve] = await open("Ann", "Bob", "Eve");
  await ann.dial([bob], { video: true });
  await bob.rings();
  await bob.accept();
  await ann.reaches("Connected");
  await ann.run((id) => void phone.call.addParticipant({ communicationUserId: id }), eve.id);
  await eve.rings();
  await eve.accept();
  await each([ann, bob, eve], (one) => one.meets(2));
  await Promise.all([eve.sees(ann), bob.sees(ann), eve.hears()]);
  await ann.run((id) => phone.call.removeParticipant({ communicationUserId: id }), eve.id);
  await eve.reaches("Disconnected");
  assert.deepEqual(await eve.endReason(), { code: 0, subCode: 5000 });
  await each([ann, bob], (one) => one.meets(1));
  noFailures(ann, bob, eve);
});

test("one ends the call for everybody", async () => {
  const phones = await group(["Ann", "Bob", "Eve"]);
  await phones[0].hangUp({ forEveryone: true });
  await each(phones, (one) => one.reaches("Disconnected"));
  assert.deepEqual(await phones[1].endReason(), { code: 0, subCode: 4097 });
  noFailures(...phones);
});

test("a room: a consumer sees and may not send, a presenter may, a stranger may not come in", async () => {
  const [ann, bob, stranger] = await open("Ann", "Bob", "Eve");
  const roomId = await makeRoom(new Map([[ann, "Presenter"], [bob, "Consumer"]]));
  await ann.join({ roomId }, { video: true });
  await ann.reaches("Connected");
  await bob.join({ roomId });
  await bob.reaches("Connected");
  assert.deepEqual(await each([ann, bob], (one) => one.run(() => phone.call.role)), ["Presenter", "Consumer"]);
  await bob.sees(ann);
  const capable = (name) => phone.feature("Capabilities").capabilities[name].isPresent;
  assert.equal(await ann.run(capable, "shareScreen"), true);
  assert.equal(await bob.run(capable, "shareScreen"), false);
  assert.equal(await bob.run(capable, "turnVideoOn"), false);
  await assert.rejects(
    bob.run(async () => {
      await phone.options(true);
      await phone.call.startVideo(phone.camera);
    }),
  );
  await assert.rejects(bob.run(() => phone.call.muteAllRemoteParticipants()));
  assert.deepEqual((await ann.people()).map((one) => one.streams), [[]]);

  await stranger.join({ roomId });
  await stranger.reaches("Disconnected");
  assert.deepEqual(await stranger.endReason(), { code: 403, subCode: 5828 });
  await bob.sees(ann);
  noFailures(ann, bob);
});
