// The official UI library's ChatComposite: two people in two windows.

import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Browser, PATIENCE } from "../lib/browser.js";
import { openComposite, picture } from "../lib/composites.js";
import { someone, threadOf } from "../lib/parley.js";

const SIZE = { width: 460, height: 620 };

let browser;
before(async () => (browser = await Browser.launch("chat")));
after(() => browser.close());

test("two people chat with the official ChatComposite in two windows", async () => {
  const [ann, bob] = await Promise.all(["Ann", "Bob"].map((name) => someone(name)));
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
  await picture(browser, [ofAnn, ofBob], SIZE, "chat-composite.png");
  for (const page of [ofAnn, ofBob]) await page.context().close();
});

async function open(person, threadId) {
  const page = await openComposite(browser, "chat", person, { threadId }, SIZE);
  await page.getByText("Ward 7").first().waitFor({ timeout: PATIENCE });
  assert.deepEqual(page.failures, []);
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
