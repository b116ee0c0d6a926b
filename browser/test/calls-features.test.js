// Features of a call between two pages with Chromium's fake devices: what one does the other sees, and what the media's statistics say.

import { after, afterEach, before, test } from "node:test";
import assert from "node:assert/strict";
import { Browser, PATIENCE } from "../lib/browser.js";
import { someone } from "../lib/parley.js";

let browser;
before(async () => (browser = await Browser.launch("devices")));
afterEach(() => browser.closeWindows());
after(() => browser.close());

const until = (page, condition, argument) => page.waitForFunction(condition, argument, { timeout: 3 * PATIENCE });

/** A page whose person has joined the group; globals `call`, `F` and `heard`. */
async function joined(groupId, { camera }) {
  const person = await someone(camera ? "Ann" : "Bob");
  const page = await browser.page(await browser.window(), "devices");
  await page.evaluate(
    async ({ token, name, groupId, camera }) => {
      globalThis.F = calling.Features;
      globalThis.heard = [];
      globalThis.agent = await client.createCallAgent(credential(token), { displayName: name });
      const devices = await client.getDeviceManager();
      await devices.askDevicePermission({ audio: true, video: true });
      const localVideoStreams = camera ? [new calling.LocalVideoStream((await devices.getCameras())[0])] : [];
      globalThis.call = agent.join({ groupId }, { videoOptions: { localVideoStreams } });
    },
    { token: person.token, name: person.name, groupId, camera },
  );
  await until(page, () => call.state === "Connected");
  return { page, id: person.user.communicationUserId };
}

test("features of a call, one page to the other", async () => {
  const groupId = crypto.randomUUID();
  const { page: ann, id: annId } = await joined(groupId, { camera: true });
  const { page: bob, id: bobId } = await joined(groupId, { camera: false });
  await bob.evaluate(() => {
    const note = (name) => (data) => heard.push({ name, ...data });
    call.feature(F.RaiseHand).on("raisedHandEvent", note("hand"));
    call.feature(F.Reaction).on("reaction", note("reaction"));
    call.feature(F.RealTimeText).on("realTimeTextReceived", note("text"));
    call.feature(F.Spotlight).on("spotlightChanged", () => note("spotlight")({}));
    call.feature(F.DataChannel).on("dataChannelReceiverCreated", (receiver) =>
      receiver.on("messageReady", () => note("data")({ bytes: [...receiver.readMessage().data] })),
    );
  });
  await until(ann, () => call.remoteParticipants.length === 1);
  await ann.evaluate(async (bobId) => {
    await call.feature(F.RaiseHand).raiseHand();
    await call.feature(F.Reaction).sendReaction({ reactionType: "heart" });
    await call.feature(F.RealTimeText).sendRealTimeText("Good mor");
    await call.feature(F.RealTimeText).sendRealTimeText("Good morning", true);
    await call.feature(F.Spotlight).startSpotlight();
    const sender = call.feature(F.DataChannel).createDataChannelSender({ channelId: 5, participants: [{ communicationUserId: bobId }] });
    await sender.sendMessage(Uint8Array.from([1, 2, 255]));
  }, bobId);
  await until(bob, () => ["hand", "reaction", "text", "spotlight", "data"].every((name) => heard.some((one) => one.name === name)) && heard.filter(({ name }) => name === "text").length === 2);
  const seen = await bob.evaluate(() => ({
    hands: call.feature(F.RaiseHand).getRaisedHands().map(({ identifier, order }) => [identifier.communicationUserId, order]),
    lit: call.feature(F.Spotlight).getSpotlightedParticipants().map(({ identifier }) => identifier.communicationUserId),
    texts: heard.filter(({ name }) => name === "text").map(({ text, resultType, isLocal }) => [text, resultType, isLocal]),
    bytes: heard.find(({ name }) => name === "data").bytes,
    capable: call.feature(F.Capabilities).capabilities.raiseHand,
    count: call.feature(F.OptimalVideoCount).optimalVideoCount,
  }));
  assert.deepEqual(seen, {
    hands: [[annId, 1]],
    lit: [annId],
    texts: [
      ["Good mor", "Partial", false],
      ["Good morning", "Final", false],
    ],
    bytes: [1, 2, 255],
    capable: { isPresent: true, reason: "Capable" },
    count: 9,
  });
});

test("statistics, a view's size and diagnostics of the media between two pages", async () => {
  const groupId = crypto.randomUUID();
  const { page: ann } = await joined(groupId, { camera: true });
  const { page: bob } = await joined(groupId, { camera: false });
  await until(bob, () => call.remoteParticipants[0]?.videoStreams[0]?.isAvailable);
  await bob.evaluate(async () => {
    const [stream] = call.remoteParticipants[0].videoStreams;
    globalThis.view = await new calling.VideoStreamRenderer(stream).createView();
    document.body.append(view.target);
  });
  await until(bob, () => view.target.querySelector("video").currentTime > 0.5);
  for (const page of [ann, bob]) {
    await page.evaluate(() => call.feature(F.MediaStats).createCollector().on("sampleReported", (sample) => (globalThis.sample = sample)));
  }
  await until(ann, () => globalThis.sample?.video.send[0]?.bitrate > 0 && sample.audio.send[0]?.bitrate > 0 && sample.transports.length > 0);
  await until(bob, () => globalThis.sample?.video.receive[0]?.frameRateDecoded > 0 && sample.audio.receive[0]?.audioOutputLevel >= 0);
  const size = await bob.evaluate(() => [call.remoteParticipants[0].videoStreams[0].size, sample.video.receive[0].frameWidthReceived > 0]);
  assert.ok(size[0].width > 0 && size[1], JSON.stringify(size));
  // The microphone beeps once a second, whether one is muted or not.
  await ann.evaluate(async () => {
    call.feature(F.UserFacingDiagnostics).media.on("diagnosticChanged", ({ diagnostic, value }) => heard.push([diagnostic, value]));
    await call.mute();
  });
  await until(ann, () => heard.some(([diagnostic, value]) => diagnostic === "speakingWhileMicrophoneIsMuted" && value === true));
  await ann.evaluate(() => call.unmute());
  await until(ann, () => call.feature(F.UserFacingDiagnostics).media.getLatest().speakingWhileMicrophoneIsMuted.value === false);
});
