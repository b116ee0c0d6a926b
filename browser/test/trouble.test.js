// A viewer behind a bad network: loss, jitter, and a link that becomes narrow and wide again.
// Seconds are printed; they are held against the bounds with PARLEY_TIMED=1, on a machine with nothing else to do.

import { after, afterEach, before, test } from "node:test";
import assert from "node:assert/strict";
import { Browser, PATIENCE } from "../lib/browser.js";
import { Link } from "../lib/link.js";
import { installMedia, lookInto, mediaRoom, until } from "../lib/media.js";

const TIMED = process.env.PARLEY_TIMED === "1";
const NARROW = 500_000;
const NARROW_SECONDS = 20;
const SEED = Number(process.env.PARLEY_SEED ?? Date.now() % 0x7fffffff);

let browser;
before(async () => (browser = await Browser.launch("newest")));
after(() => browser.close());
afterEach(async () => {
  await browser.closeWindows();
  Link.closeAll();
});

async function page() {
  const opened = await browser.page(await browser.window(), "newest");
  await opened.evaluate(installMedia);
  return opened;
}

/** Waits for something, and says after how many seconds it came; later than the bound fails only where time counts. */
async function within(seconds, what, question, pleases) {
  const begun = Date.now();
  await until(question, pleases, what, TIMED ? seconds * 1000 : 6 * PATIENCE);
  console.log(`${what}: after ${((Date.now() - begun) / 1000).toFixed(1)} s, wanted within ${seconds} s`);
}

for (const trouble of [
  { loss: 0, delay: 20, jitter: 0 },
  { loss: 0.05, delay: 20, jitter: 50 },
]) {
  test(`${trouble.loss * 100} % loss, ${trouble.jitter} ms jitter: the picture goes on when the link narrows, and grows when it widens`, async () => {
    const room = await mediaRoom([{ direction: "publish", stream: "ann" }, { direction: "play" }]);
    const [up, down] = room.tickets;
    const [sender, viewer] = [await page(), await page()];
    await sender.evaluate((url) => publish(url, { simulcast: true, codec: "video/VP8", width: 1280, height: 720 }), up.url);
    const dump = () => lookInto(room.room);
    const { port } = await until(dump, (now) => now?.senders[0]?.connected, "the sender");
    const link = await Link.open(port, SEED);
    link.trouble = { ...trouble, rate: 0 };
    await viewer.evaluate(([url, port]) => watch(url, { port }), [down.url, link.port]);
    const shown = (now) => now?.viewers[0]?.shown.find((one) => one.kind === "video");
    const picture = async () => (await viewer.evaluate(() => statistics(down))).inVideo[0];

    await within(15, "the best layer at first", dump, (now) => shown(now)?.rid === "f");
    const clear = await until(picture, (one) => one?.frameHeight === 720, "720 lines");

    link.trouble = { ...trouble, rate: NARROW };
    await within(3, "a smaller layer", dump, (now) => shown(now)?.rid !== "f");
    await until(picture, (one) => one.framesDecoded > clear.framesDecoded && one.frameHeight < 720, "the smaller picture");
    const before = await picture();
    await new Promise((resolve) => setTimeout(resolve, NARROW_SECONDS * 1000));
    const narrow = await picture();
    const frozen = (narrow.totalFreezesDuration - before.totalFreezesDuration) / NARROW_SECONDS;
    const frames = narrow.framesDecoded - before.framesDecoded;
    console.log(`narrow: ${(100 * frozen).toFixed(1)} % of the time frozen, ${frames} frames, ${link.dropped} packets lost`);
    assert.ok(frames > NARROW_SECONDS, "The picture goes on.");
    assert.ok(!TIMED || frozen < 0.05, `${frozen} of the time frozen`);
    assert.notEqual(shown(await dump()).rid, "f", "The best layer does not fit.");

    link.trouble = { ...trouble, rate: 0 };
    await within(15, "the best layer again", dump, (now) => shown(now)?.rid === "f");
    await until(picture, (one) => one.frameHeight === 720, "720 lines again");
  });
}
