// How long a call takes to begin, as people feel it: from startCall to both sides Connected with the first frame of each other decoded, in two windows
// of Chromium on this machine. Run by bench/call-setup with the data folder of a running server: node bench/call-setup.mjs DATA [ROUNDS]

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const GOAL_MS = 1_000;
const [data, rounds = "40"] = process.argv.slice(2);
for (const line of readFileSync(join(data, "dev.env"), "utf8").trim().split("\n")) {
  const equals = line.indexOf("=");
  process.env[line.slice(0, equals)] ??= line.slice(equals + 1);
}
process.env.PARLEY_DATA ??= data;
const browserFolder = new URL("../browser/", import.meta.url);
if (!existsSync(new URL("node_modules/playwright-core", browserFolder))) {
  console.log("call set-up: not measured, since the browser tests are not installed here (cd browser && npm ci)");
  process.exit(0);
}
process.chdir(browserFolder.pathname);

const { Browser } = await import("../browser/lib/browser.js");
const { Phone } = await import("../browser/lib/phone.js");

const browser = await Browser.launch("calls");
try {
  const [ann, bob] = await Promise.all(["Ann", "Bob"].map((name) => Phone.open(browser, name)));
  await bob.run(() => phone.acceptAtOnce({ video: true }));
  const times = [];
  for (let round = 0; round <= Number(rounds); round++) {
    // What the callee noted of the last call must not stand for this one.
    await bob.run(() => void (phone.times = {}));
    const started = await ann.run((id) => phone.dialAndTime([id], { video: true }), bob.id);
    await Promise.all([ann, bob].map((one) => one.until(() => phone.times?.frame && phone.times.connected, "a picture")));
    const ends = await Promise.all([ann, bob].map((one) => one.run(() => Math.max(phone.times.frame, phone.times.connected))));
    // The first call also opens the camera and loads code, as the first of a day does; it is told apart.
    if (round === 0) console.log(`first call of two fresh windows: ${(Math.max(...ends) - started).toFixed(0)} ms`);
    else times.push(Math.max(...ends) - started);
    await ann.hangUp();
    await Promise.all([ann, bob].map((one) => one.reaches("Disconnected")));
  }
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  const reached = at(0.95) < GOAL_MS ? "reached" : "missed";
  console.log("| what | figure | goal | |");
  console.log("|---|---|---|---|");
  console.log(`| call set-up with pictures both ways, p50 of ${times.length} | ${at(0.5).toFixed(0)} ms | | |`);
  console.log(`| the same, p95 | ${at(0.95).toFixed(0)} ms | < ${GOAL_MS} ms | ${reached} |`);
} finally {
  await browser.close();
}
process.exit(0);
