// What a newcomer does: the code that the server printed, a button, and a call in two windows, from the server's own pages.

import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Browser, PATIENCE } from "../lib/browser.js";
import { endpoint } from "../lib/parley.js";

const LOG = process.env.PARLEY_LOG ?? join(process.env.PARLEY_DATA, "..", "server.log");

let browser;
before(async () => (browser = await Browser.launch()));
after(() => browser.close());

const newestCode = () => [...readFileSync(LOG, "utf8").matchAll(/(?:\(code |next code for pages: )([a-z0-9]{8})/g)].at(-1)[1];

test("a call one minute after the start: code, button, two windows, moving pictures", async () => {
  const window = await browser.window(undefined, { viewport: { width: 720, height: 640 } });
  const failures = [];
  window.on("page", (page) => {
    page.on("pageerror", (error) => failures.push(error.message));
    page.on("console", (message) => message.type() === "error" && failures.push(message.text()));
  });
  const index = await window.newPage();
  await index.goto(`${endpoint}/samples`);
  // The form's own status is no failure of the page.
  failures.length = 0;
  await index.getByLabel("The code that the server printed").fill(newestCode());
  await index.getByRole("button", { name: "Show" }).click();
  await index.getByRole("heading", { name: "A call in two windows" }).waitFor();

  const [ann, bob] = await windowsOf(window, index, "call");
  await ann.getByRole("heading", { name: "Ann" }).waitFor();
  await bob.getByRole("button", { name: "Call Ann" }).and(bob.locator(":enabled")).waitFor({ timeout: PATIENCE });
  await ann.getByRole("button", { name: "Call Bob" }).click();
  await bob.getByRole("button", { name: "Accept" }).click();
  for (const page of [ann, bob]) await moving(page, 2);
  await ann.getByRole("button", { name: "Mute" }).click();
  await ann.getByRole("button", { name: "Unmute" }).waitFor();
  await bob.getByRole("button", { name: "Leave" }).click();
  await ann.getByText("Disconnected").waitFor();
  await ann.getByText("(0/0)").waitFor();
  for (const page of [ann, bob]) await page.close();

  const group = await windowsOf(window, index, "group");
  for (const page of group) await page.getByRole("button", { name: "Join" }).click();
  for (const page of group) await moving(page, 2);
  assert.deepEqual(failures, []);
});

/** Presses a sample's button; the two windows that open, the first person's first. */
async function windowsOf(window, index, name) {
  const opened = [];
  const hear = (page) => opened.push(page);
  window.on("page", hear);
  await index.locator(`button[data-page=${name}]`).click();
  const end = Date.now() + PATIENCE;
  while (opened.length < 2 && Date.now() < end) await index.waitForTimeout(50);
  window.off("page", hear);
  assert.equal(opened.length, 2, await index.locator("#problem").textContent());
  return opened;
}

/** Waits until so many tiles show further frames. */
function moving(page, count) {
  return page.waitForFunction(
    (count) => {
      window.seen ??= new Map();
      const frames = (video) => video.getVideoPlaybackQuality().totalVideoFrames;
      const videos = [...document.querySelectorAll(".tile video")];
      for (const video of videos) if (!window.seen.has(video)) window.seen.set(video, frames(video));
      return videos.filter((video) => frames(video) > window.seen.get(video) + 10).length >= count;
    },
    count,
    { timeout: 2 * PATIENCE, polling: 100 },
  );
}
