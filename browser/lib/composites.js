// Windows of the official UI library: the sample pages, given to whom they belong, and pictures of them.

import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { endpoint } from "./parley.js";

const KEY = "parley-sample";

/** Opens a sample page as a person; `page.failures` collects errors that nobody caught. */
export async function openComposite(browser, name, person, given, viewport) {
  const window = await browser.window(undefined, { viewport });
  const page = await window.newPage();
  page.failures = [];
  page.on("pageerror", (error) => page.failures.push(error.message));
  const me = { id: person.user.communicationUserId, token: person.token, name: person.name };
  await page.addInitScript(([key, value]) => sessionStorage.setItem(key, JSON.stringify(value)), [KEY, { endpoint, me, ...given }]);
  await page.goto(`${browser.origin}/${name}`);
  return page;
}

/** Windows side by side, for the README, in the folder that PARLEY_PICTURES names. */
export async function picture(browser, pages, size, name) {
  const shots = await Promise.all(pages.map((page) => page.screenshot()));
  const viewport = { width: pages.length * (size.width + 12) + 12, height: size.height + 24 };
  const page = await (await browser.window(undefined, { viewport })).newPage();
  const images = shots.map((shot) => `<img src="data:image/png;base64,${shot.toString("base64")}" style="border:1px solid #bbb;border-radius:6px">`);
  await page.setContent(`<body style="margin:12px;display:flex;gap:10px;background:#f3f2f1">${images.join("")}`);
  const path = resolve(process.env.PARLEY_PICTURES ?? "build", name);
  mkdirSync(resolve(path, ".."), { recursive: true });
  await page.screenshot({ path });
  await page.context().close();
}
