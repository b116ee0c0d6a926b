// The official UI library's ChatComposite: two people in two windows.

import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { Browser, PATIENCE } from "../lib/browser.js";
import { endpoint, someone, threadOf } from "../lib/parley.js";

const SIZE = { width: 460, height: 620 };

let browser;
before(async () => (browser = await Browser.launch("composite")));
after(() => browser.close());

test("two people chat with the official ChatComposite in two windows", async () => {
  const [ann, bob] = await Promise.all(["Ann", "Bob"].map(someone));
  const { threadId } = await threadOf([ann, bob], "Ward 7");
  const [ofAnn, ofBob] = await Promise.all([ann, bob].map((person) => open(person, threadId)));

  await write(ofAnn, "Good morning, Bob");
  await shows(ofBob, "Good morning, Bob");
  await ofBob.getByRole("textbox").first().pressSequentially("Good", { delay: 20 });
  await shows(ofAnn, /Bob\W.*typing|typing/i);
  await write(ofBob, " morning, Ann. Is room 12 ready?");
  await shows(ofAnn, "Good morning, Ann. Is room 12 ready?");
  await write(ofAnn, "It is. Zoë took the keys 😀");
  await shows(ofBob, "It is. Zoë took the keys 😀");
  // Ann's own message says that Bob has seen it.
  await ofAnn.getByRole("img", { name: /seen|read/i }).or(ofAnn.locator("[aria-label*='Seen' i], [aria-label*='Read by' i]")).first().waitFor({ timeout: PATIENCE });
  const errors = await Promise.all([ofAnn, ofBob].map((page) => page.evaluate(() => Object.keys(adapter.getState().latestErrors))));
  assert.deepEqual(errors, [[], []]);
  await picture([ofAnn, ofBob]);
  for (const page of [ofAnn, ofBob]) await page.context().close();
});

async function open(person, threadId) {
  const window = await browser.window(undefined, { viewport: SIZE });
  const page = await window.newPage();
  const failures = [];
  page.on("pageerror", (error) => failures.push(error.message));
  const given = { endpoint, threadId, token: person.token, userId: person.user.communicationUserId, displayName: person.name };
  await page.goto(`${browser.origin}/composite#${encodeURIComponent(JSON.stringify(given))}`);
  await page.getByText("Ward 7").first().waitFor({ timeout: PATIENCE });
  assert.deepEqual(failures, []);
  return page;
}

async function write(page, text) {
  const box = page.getByRole("textbox").first();
  await box.pressSequentially(text);
  await box.press("Enter");
}

function shows(page, text) {
  return page.getByText(text).first().waitFor({ timeout: PATIENCE });
}

/** Both windows side by side, for the README; PARLEY_PICTURE says where to. */
async function picture(pages) {
  const shots = await Promise.all(pages.map((page) => page.screenshot()));
  const page = await (await browser.window(undefined, { viewport: { width: 2 * SIZE.width + 36, height: SIZE.height + 24 } })).newPage();
  const images = shots.map((shot) => `<img src="data:image/png;base64,${shot.toString("base64")}" style="border:1px solid #bbb;border-radius:6px">`);
  await page.setContent(`<body style="margin:12px;display:flex;gap:10px;background:#f3f2f1">${images.join("")}`);
  const path = resolve(process.env.PARLEY_PICTURE ?? "build/chat-composite.png");
  mkdirSync(resolve(path, ".."), { recursive: true });
  await page.screenshot({ path });
}
