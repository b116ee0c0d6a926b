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
  return { ...person, session: welcome.session, page, ask, heard };
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
    await until(() => who.heard("speakers"), (all) => all.some((one) => one.participants.includes(whom.me)), `${whom.name} beeps`);
  }
});

/** Ann sends, Bob sees and hears her. */
async function shown(options) {
  const { ann, bob, callId } = await two();
  const sent = (await send(ann, callId, options)).find((one) => one.id > 0);
  await bob.ask("media.subscribe", { callId, streams: sent ? [{ participant: ann.me, stream: sent.id, height: 90 }] : [] });
  const type = sent ? "Video" : "Audio";
  await until(() => received(bob), has(type, ann.me, 5), `Bob gets ${type}`);
  return { ann, bob, callId, sent };
}

const audioOf = (now, who) => now.tracks.find((track) => track.type === "Audio" && track.participant === who.me)?.packets ?? 0;

/** Waits until nothing more comes between two looks. */
async function silence(listener, speaker) {
  let before = -1;
  await until(
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 700));
      const last = before;
      before = audioOf(await received(listener), speaker);
      return before - last;
    },
    (more) => more === 0,
    "silence",
  );
}

/** Waits until more comes. */
async function sound(listener, speaker) {
  const before = audioOf(await received(listener), speaker);
  await until(() => received(listener), (now) => audioOf(now, speaker) > before + 10, "sound");
}

test("who is muted or on hold is not heard, whatever is sent", async () => {
  const { ann, bob, callId } = await shown({ video: false });
  await bob.ask("mute", { callId, participants: [ann.me] });
  await silence(bob, ann);
  await ann.ask("me", { callId, muted: false });
  await sound(bob, ann);
  await ann.ask("hold", { callId });
  await silence(bob, ann);
  await ann.ask("resume", { callId });
  await sound(bob, ann);
  await bob.ask("hold", { callId });
  await silence(bob, ann);
  await bob.ask("resume", { callId });
  await sound(bob, ann);
});

test("a screen is shared in the middle of a call, and no more", async () => {
  const { ann, bob, callId } = await shown({ video: false });
  const streams = await ann.page.evaluate(async (id) => {
    window.sharing = addVideo(screen_(), "ScreenSharing");
    return publishNow(id);
  }, callId);
  const screen = streams.find((one) => one.id > 0);
  const roster = () => bob.ask("snapshot", { callId }).then((call) => call.participants.find((one) => one.id === ann.me).streams);
  assert.deepEqual(await roster(), [{ id: screen.id, type: "ScreenSharing" }]);
  await bob.ask("media.subscribe", { callId, streams: [{ participant: ann.me, stream: screen.id }] });
  await until(() => received(bob), has("ScreenSharing", ann.me, 5), "Bob sees the screen");
  await sound(bob, ann);
  await ann.page.evaluate(async (id) => {
    sharing.direction = "inactive";
    await publishNow(id);
  }, callId);
  assert.deepEqual(await roster(), []);
  await until(() => received(bob), (now) => now.tracks.every((track) => track.type === "Audio"), "the screen is offered no more");
  await sound(bob, ann);
});

test("the size at which a picture is shown chooses its layer", async () => {
  const { ann, bob, callId, sent } = await shown({ simulcast: true, width: 1280, height: 720 });
  const lines = (pleases, what) => until(() => received(bob), (now) => now.tracks.some((track) => track.type === "Video" && pleases(track.height)), what);
  await lines((height) => height > 0 && height <= 180, "a small picture");
  await bob.ask("media.subscribe", { callId, streams: [{ participant: ann.me, stream: sent.id, height: 720 }] });
  await lines((height) => height >= 360, "a larger one");
});

test("after a cut a client comes back to its session, and what it sends and sees goes on", async () => {
  const { ann, bob, callId } = await shown({ video: false });
  await send(bob, callId, { video: false });
  await ann.ask("media.subscribe", { callId, streams: [] });
  await until(() => received(ann), has("Audio", bob.me), "Ann hears Bob");
  await ann.page.evaluate(() => dropSocket());
  await until(() => bob.heard("participants"), (all) => all.some((one) => one.changed.some((change) => change.state === "Connecting")), "Bob sees it");
  const again = await ann.page.evaluate((one) => connectCalling(one), { socket: ann.socket, token: ann.token, name: ann.name, session: ann.session });
  assert.equal(again.resumed, true);
  await ann.page.evaluate((id) => publishNow(id, 0, { iceRestart: true }), callId);
  const offers = (await ann.heard("media.offer")).length;
  await ann.ask("media.restart", { callId, connection: "subscribe" });
  await until(() => ann.heard("media.offer"), (all) => all.length > offers, "a new offer");
  await sound(bob, ann);
  await sound(ann, bob);
});

test("a call goes over to another tab, with sound", async () => {
  const { ann, bob, callId } = await shown({ video: false });
  const page = await browser.page(await browser.window(), "newest");
  await page.evaluate(installCalling);
  await page.evaluate((one) => connectCalling(one), { socket: ann.socket, token: ann.token, name: "Ann's other tab" });
  const { me, state } = await page.evaluate((id) => ask({ do: "call.join", callId: id }), callId);
  assert.equal(state, "Connected");
  await until(() => ann.heard("call.ended"), (all) => all.length === 1, "the first tab is out");
  await page.evaluate((id) => startSending(id, { video: false }), callId);
  await until(() => received(bob), has("Audio", me), "Bob hears the second tab");
});
