// A server that dies in the middle of calls and is started again.

import { after, afterEach, before, test } from "node:test";
import assert from "node:assert/strict";
import { randomUUID, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ServerProcess } from "../../contract/js/lib/process.js";
import { Browser, PATIENCE } from "../lib/browser.js";
import { keyHash } from "../lib/parley.js";
import { noFailures, Phone } from "../lib/phone.js";

/** How long clients may take to be back in their calls once the server is: 10 seconds, but for a loaded machine. */
const REJOIN = PATIENCE / 6;

let server, browser;
before(async () => {
  server = await ServerProcess.open();
  const certificate = new X509Certificate(await readFile(join(server.data, "tls", "server.pem")));
  browser = await Browser.launchTrusting(keyHash(certificate), "calls");
});
after(async () => {
  await browser?.close();
  await server?.close();
});
afterEach(() => browser.closeWindows());

async function open(name) {
  const { body } = await server.ask("POST", "/identities?api-version=2023-10-01", { createTokenWithScopes: ["voip"] });
  return Phone.open(browser, { name, user: { communicationUserId: body.identity.id }, token: body.accessToken.token });
}

const CALLS = {
  "a call of two": async (ann, bob) => {
    await ann.dial([bob], { video: true });
    await bob.rings();
    await bob.accept({ video: true });
  },
  "a group call": async (...all) => {
    const groupId = randomUUID();
    await Promise.all(all.map((one) => one.join({ groupId }, { video: true })));
  },
};

for (const [kind, begin] of Object.entries(CALLS)) {
  test(`${kind} in mid-call: the server is killed, and both are back within ten seconds of its being back`, async () => {
    const [ann, bob] = await Promise.all(["Ann", "Bob"].map(open));
    await begin(ann, bob);
    await Promise.all([ann, bob].map((one) => one.meets(1)));
    await Promise.all([ann.sees(bob), bob.sees(ann)]);
    const id = await ann.run(() => phone.call.id);
    const places = await Promise.all([ann, bob].map((one) => one.run(() => phone.call.info.participantId)));

    await server.kill("SIGKILL");
    await Promise.all([ann, bob].map((one) => one.until(() => phone.agent.connectionState === "Disconnected", "the server is gone")));
    await server.up();
    const back = Date.now();
    await Promise.all(
      [ann, bob].map((one) =>
        one.until(
          (before) =>
            phone.call.state === "Connected" &&
            !before.includes(phone.call.info.participantId) &&
            phone.call.remoteParticipants.some(({ state, endpointDetails: [place] }) => state === "Connected" && !before.includes(place.participantId)),
          "both are in the call again",
          places,
          REJOIN,
        ),
      ),
    );
    console.log(`${kind}: back in the call ${Date.now() - back} ms after the server`);
    await Promise.all([ann.sees(bob), bob.sees(ann), ann.hears(), bob.hears()]);
    console.log(`${kind}: seen and heard ${Date.now() - back} ms after the server`);
    assert.equal(await ann.run(() => phone.call.id), id);
    assert.equal(await bob.run(() => phone.call.id), id);
    assert.equal(await ann.run(() => phone.agent.calls.length), 1);

    await ann.hangUp();
    await bob.until(() => phone.call.state === "Disconnected" || phone.people().length === 0, "Ann has left");
    noFailures(ann, bob);
  });
}
