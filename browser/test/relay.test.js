// Chromium reaches the media port through a relay alone: Debian's coturn with what ./parley turn-config writes.

import { after, afterEach, before, test } from "node:test";
import assert from "node:assert/strict";
import { Browser } from "../lib/browser.js";
import { Coturn } from "../lib/coturn.js";
import { installMedia, lookInto, mediaRoom, until } from "../lib/media.js";

const skip = Coturn.path() ? false : "coturn (turnserver) is not installed";

let browser;
let coturn;
before(async () => {
  if (skip) return;
  browser = await Browser.launch("newest");
  coturn = await Coturn.start();
});
after(async () => {
  await coturn?.stop();
  await browser?.close();
});
afterEach(() => browser?.closeWindows());

async function page() {
  const opened = await browser.page(await browser.window(), "newest");
  await opened.evaluate(installMedia);
  return opened;
}

for (const transport of ["udp", "tcp"]) {
  test(`two pages that reach the relay alone, over ${transport}, see and hear each other`, { skip }, async () => {
    const room = await mediaRoom([{ direction: "publish", stream: "ann" }, { direction: "play" }]);
    const [up, down] = room.tickets;
    const [sender, viewer] = [await page(), await page()];
    const config = await coturn.peerConnection(transport);
    await sender.evaluate(([url, config]) => publish(url, { config }), [up.url, config]);
    await viewer.evaluate(([url, config]) => watch(url, { config }), [down.url, config]);
    const seen = await until(
      () => viewer.evaluate(() => statistics(down)),
      (all) => all.inVideo.some((one) => one.framesDecoded >= 30) && all.inAudio.some((one) => one.packetsReceived > 50),
      "30 frames through the relay",
    );
    assert.equal(seen.locals.find((one) => one.id === seen.pairs[0].localCandidateId).candidateType, "relay");
    const sent = await sender.evaluate(() => statistics(up));
    assert.equal(sent.locals.find((one) => one.id === sent.pairs[0].localCandidateId).relayProtocol, transport);
    assert.match((await lookInto(room.room)).viewers[0].path, /127\.0\.0\.1/);
  });
}

test("a credential that Parley did not make opens no relay", { skip }, async () => {
  const room = await mediaRoom([{ direction: "publish", stream: "ann" }]);
  const sender = await page();
  const config = await coturn.peerConnection("udp");
  config.iceServers[0].credential = "invented";
  await sender.evaluate(([url, config]) => publish(url, { config }), [room.tickets[0].url, config]);
  await until(
    () => sender.evaluate(() => up.iceGatheringState),
    (state) => state === "complete",
    "the end of gathering",
  );
  const { locals, state } = await sender.evaluate(() => statistics(up));
  assert.deepEqual(locals.filter((one) => one.candidateType === "relay"), []);
  assert.notEqual(state, "connected");
});
