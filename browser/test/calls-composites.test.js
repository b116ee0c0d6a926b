// The official UI library's composites, unmodified, in real calls: two windows that see each other.

import { after, afterEach, before, test } from "node:test";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { Browser, PATIENCE } from "../lib/browser.js";
import { openComposite, picture } from "../lib/composites.js";
import { someone, threadOf } from "../lib/parley.js";

const SIZE = { width: 760, height: 560 };

let browser;
before(async () => (browser = await Browser.launch("call-composite", "call-with-chat")));
after(() => browser.close());
afterEach(() => browser.closeWindows());

/** Goes from the first page into the call, with microphone and camera on. */
async function enter(page) {
  const start = page.getByRole("button", { name: /start call|join call/i }).first();
  await start.waitFor({ timeout: 2 * PATIENCE });
  for (const device of ["Mic", "Camera"]) {
    // It may be pressed when the devices are known.
    await press(page.getByRole("button", { name: device, exact: true }).first());
  }
  await moving(page, 1);
  await press(start);
  await page.waitForFunction(() => adapter.getState().call?.state === "Connected", undefined, { timeout: 2 * PATIENCE });
}

/** Waits until so many videos on the page, one's own among them, show further frames. */
async function moving(page, count) {
  try {
    await page.waitForFunction(
      (count) => {
        window.seen ??= new Map();
        const frames = (video) => video.getVideoPlaybackQuality().totalVideoFrames;
        const videos = [...document.querySelectorAll("video")].filter((video) => video.videoWidth > 0);
        for (const video of videos) if (!window.seen.has(video)) window.seen.set(video, frames(video));
        return videos.filter((video) => frames(video) > window.seen.get(video) + 10).length >= count;
      },
      count,
      { timeout: 2 * PATIENCE, polling: 100 },
    );
  } catch {
    const now = await page.evaluate(() => ({
      videos: [...document.querySelectorAll("video")].map((video) => [video.videoWidth, video.paused, video.getVideoPlaybackQuality().totalVideoFrames]),
      others: Object.values(adapter.getState().call?.remoteParticipants ?? {}).map((one) => [one.displayName, one.state, one.videoStreams]),
      own: adapter.getState().call?.localVideoStreams,
      errors: Object.keys(adapter.getState().latestErrors),
    }));
    await page.screenshot({ path: "build/still.png" });
    assert.fail(`not ${count} moving videos: ${JSON.stringify(now)}`);
  }
}

/** What the adapter noted as errors: of the call, of the chat, or of its one half. */
function errorsOf(page) {
  return page.evaluate(() => {
    const { latestErrors, latestCallErrors, latestChatErrors } = adapter.getState();
    return Object.entries({ ...latestErrors, ...latestCallErrors, ...latestChatErrors }).map(([where, error]) => `${where}: ${error.message}`);
  });
}

async function sound(...pages) {
  for (const page of pages) {
    assert.deepEqual(page.failures, []);
    assert.deepEqual(await errorsOf(page), []);
  }
}

/** Presses a button as soon as it may be pressed. */
function press(button) {
  return button.click({ timeout: 2 * PATIENCE });
}

/** Leaves the call, and says so again where the composite asks. */
async function leave(page) {
  await press(page.getByRole("button", { name: /^leave/i }).first());
  const confirm = page.getByRole("dialog").getByRole("button", { name: /leave/i }).first();
  const left = page.waitForFunction(() => adapter.getState().page === "leftCall", undefined, { timeout: 2 * PATIENCE });
  confirm.waitFor({ timeout: 2 * PATIENCE }).then(() => press(confirm)).catch(() => {});
  await left;
}

test("two people see each other in the official CallComposite", async () => {
  const people = await Promise.all(["Ann", "Bob"].map((name) => someone(name)));
  const groupId = randomUUID();
  const pages = await Promise.all(people.map((person) => openComposite(browser, "call-composite", person, { groupId }, SIZE)));
  for (const page of pages) await enter(page);
  await Promise.all(pages.map((page) => moving(page, 2)));
  const [ann, bob] = pages;
  await ann.getByText("Bob").first().waitFor({ timeout: PATIENCE });
  await sound(...pages);
  await picture(browser, pages, SIZE, "call-composite.png");

  await bob.waitForFunction(() => Object.values(adapter.getState().call.remoteParticipants)[0]?.isMuted === false);
  await press(ann.getByRole("button", { name: /^(mic|mute)/i }).first());
  await bob.waitForFunction(() => Object.values(adapter.getState().call.remoteParticipants)[0]?.isMuted, undefined, { timeout: PATIENCE });
  await leave(ann);
  await bob.waitForFunction(() => Object.keys(adapter.getState().call.remoteParticipants).length === 0, undefined, { timeout: PATIENCE });
  await sound(...pages);
});

test("two people see each other and write in the official CallWithChatComposite", async () => {
  const people = await Promise.all(["Ann", "Bob"].map((name) => someone(name)));
  const { threadId } = await threadOf(people, "Ward 7");
  const groupId = randomUUID();
  const pages = await Promise.all(
    people.map((person) => openComposite(browser, "call-with-chat", person, { groupId, threadId }, SIZE)),
  );
  for (const page of pages) await enter(page);
  await Promise.all(pages.map((page) => moving(page, 2)));
  const [ann, bob] = pages;
  for (const page of pages) await press(page.getByRole("button", { name: /chat/i }).first());
  const box = ann.getByRole("textbox").first();
  await box.pressSequentially("Can you see me?");
  await box.press("Enter");
  await bob.getByText("Can you see me?").first().waitFor({ timeout: PATIENCE });
  await sound(...pages);
  await picture(browser, pages, SIZE, "call-with-chat.png");
});
