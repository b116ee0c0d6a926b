// Sound and pictures of calls, between pages that speak the calling protocol themselves: frames are decoded, both ways.

import { after, afterEach, before, test } from "node:test";
import assert from "node:assert/strict";
import { Browser, PATIENCE } from "../lib/browser.js";
import { caller, installCalling } from "../lib/calling.js";

let browser;
before(async () => (browser = await Browser.launch("newest")));
after(() => browser.close());
afterEach(() => browser.closeWindows());

/** A connected client in a page of its own. */
async function client(name) {
  const person = await caller(name);
  const page = await browser.page(await browser.window(), "newest");
  await page.evaluate(installCalling);
  const welcome = await page.evaluate((one) => connectCalling(one), person);
  assert.equal(welcome.media, true);
  const ask = (verb, rest) => page.evaluate((request) => ask(request), { do: verb, ...rest });
  const heard = (on) => page.evaluate((on) => heard.filter((one) => one.on === on), on);
  return { ...person, page, ask, heard };
}

/** Asks until the answer pleases. */
async function until(question, pleases, what, patience = 2 * PATIENCE) {
  const end = Date.now() + patience;
  let last;
  do {
    last = await question();
    if (pleases(last)) return last;
    await new Promise((resolve) => setTimeout(resolve, 100));
  } while (Date.now() < end);
  assert.fail(`not in time: ${what}; last: ${JSON.stringify(last)}`);
}

const received = (one) => one.page.evaluate(async () => ({ tracks: await received(), ...states() }));
const send = (one, callId, options) => one.page.evaluate(([id, options]) => startSending(id, options), [callId, options]);
const has = (type, participant, frames) => (now) =>
  now.tracks.some(
    (track) => track.type === type && track.participant === participant && (type === "Audio" ? track.packets > 20 : track.frames >= frames),
  );

/** Two in a 1:1 call. */
async function two() {
  const [ann, bob] = [await client("Ann"), await client("Bob")];
  const { callId, me: annId } = await ann.ask("call.start", { participants: [bob.id] });
  await until(() => bob.heard("incoming"), (all) => all.length > 0, "it rings");
  const { me: bobId } = await bob.ask("call.accept", { callId });
  return { ann: { ...ann, me: annId }, bob: { ...bob, me: bobId }, callId };
}

test("two see and hear each other", async () => {
  const { ann, bob, callId } = await two();
  for (const one of [ann, bob]) await one.ask("media.subscribe", { callId, streams: [] });
  const [annSends] = await send(ann, callId).then((streams) => streams.filter((one) => one.id > 0));
  const [bobSends] = await send(bob, callId).then((streams) => streams.filter((one) => one.id > 0));
  const roster = await bob.ask("snapshot", { callId });
  assert.deepEqual(roster.participants.find((one) => one.id === ann.me).streams, [{ id: annSends.id, type: "Video" }]);
  await ann.ask("media.subscribe", { callId, streams: [{ participant: bob.me, stream: bobSends.id, width: 640, height: 360 }] });
  await bob.ask("media.subscribe", { callId, streams: [{ participant: ann.me, stream: annSends.id, width: 640, height: 360 }] });
  for (const [who, whom] of [[ann, bob], [bob, ann]]) {
    await until(() => received(who), has("Video", whom.me, 20), `${who.name} sees ${whom.name}`);
    const now = await until(() => received(who), has("Audio", whom.me), `${who.name} hears ${whom.name}`);
    assert.equal(now.failed, undefined);
  }
});
