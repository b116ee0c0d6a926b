// kill -9 while mail is under way: nothing that was accepted is lost, and nothing comes twice without need.

import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import nodemailer from "nodemailer";
import { Arm } from "../lib/arm.js";
import { Chance } from "../lib/chance.js";
import { House } from "../lib/house.js";
import { Nameserver } from "../lib/nameserver.js";
import { freePort } from "../lib/ports.js";
import { eventually } from "../lib/signed.js";
import { HoldingSink, STAGES } from "../lib/sink.js";

const SENDER = "donotreply@killed.example";
const KILLS = 4;
const HELD_MIN = 3;

describe("email under way when the server is killed", () => {
  const chance = new Chance("email-kill.test.js");
  let sink, names, house, login;

  before(async () => {
    sink = await HoldingSink.open();
    names = await Nameserver.open();
    house = await House.open({
      "email.capture": false,
      "email.smarthost": `127.0.0.1:${sink.port}`,
      "email.smarthost-security": "opportunistic",
      "email.dns-resolvers": names.address,
      "email.attempts-per-destination": 30,
      // Longer than anything is held here; what a killed server had begun is due again half a minute after this.
      "email.attempt-time": "30s",
      "smtp.submission-tls-port": await freePort(),
    });
    const env = house.environment;
    const arm = new Arm(house);
    await arm.domain("killed.example", names);
    login = { user: `app-${randomUUID().slice(0, 8)}@parley`, pass: env.ACS_CLIENT_SECRET };
    await arm.ask("PUT", `${arm.service}/smtpUsernames/app`, {
      properties: { username: login.user, entraApplicationId: env.ACS_CLIENT_ID, tenantId: env.ACS_TENANT_ID },
    });
  });

  after(async () => {
    sink?.drop();
    await house?.close();
    await sink?.close();
    names?.close();
  });

  const someone = () => `reader-${randomUUID()}@outside.example`;

  /** Sends by API; the id of what was accepted. */
  async function byApi(to) {
    // Some are too large for a row of the store, and wait in files.
    const size = chance.of([10, 10, 10, 200_000]);
    const { status, body } = await house.ask("POST", "/emails:send?api-version=2023-03-31", {
      senderAddress: SENDER,
      content: { subject: "x", plainText: "x" },
      recipients: { to: [{ address: to }] },
      attachments: [{ name: "a", contentType: "application/octet-stream", contentInBase64: Buffer.alloc(size, 7).toString("base64") }],
    });
    assert.equal(status, 202);
    return body.id;
  }

  /** Sends by SMTP over TLS; the id of what was accepted. */
  async function bySmtp(transport, to) {
    const { response } = await transport.sendMail({ from: SENDER, to, subject: "x", text: "x" });
    return /^250 .* queued as (\S+)$/.exec(response)[1];
  }

  const status = async (id) => (await house.ask("GET", `/emails/operations/${id}?api-version=2023-03-31`)).body.status;
  const isOut = async (id) => (await status(id)) === "Succeeded";

  /** Sends by four at a time until the server is gone; `accepted` knows at once what was answered. */
  function sending(accepted) {
    const { PARLEY_SMTPS_PORT, NODE_EXTRA_CA_CERTS } = house.environment;
    const tls = { ca: readFileSync(NODE_EXTRA_CA_CERTS) };
    const transport = nodemailer.createTransport({ pool: true, host: "localhost", port: PARLEY_SMTPS_PORT, secure: true, tls, auth: login });
    const one = async (send) => {
      for (;;) {
        const to = someone();
        try {
          accepted.set(to, await send(to));
        } catch (error) {
          if (house.killed) return;
          throw error;
        }
      }
    };
    const smtp = (to) => bySmtp(transport, to);
    return Promise.all([one(byApi), one(byApi), one(smtp), one(smtp)]).finally(() => transport.close());
  }

  test(`${KILLS} kills: all that was accepted arrives, and what was taken before a kill comes once`, async () => {
    const accepted = new Map();
    sink.life = 1;
    for (let life = 1; life <= KILLS; life++) {
      const before = accepted.size;
      const has = (count) => eventually(() => accepted.size - before >= count);
      const senders = sending(accepted);
      const taken = () => sink.whole.filter((mail) => mail.life === life && mail.taken && accepted.has(mail.to));
      await has(chance.number(20, 60));
      await eventually(() => taken().length > 0, 60);

      // From now on everything is held somewhere, and what was taken is written down before the kill.
      let next = chance.number(0, STAGES.length);
      sink.stage = () => STAGES[next++ % STAGES.length];
      await eventually(() => STAGES.every((stage) => sink.held[stage] >= HELD_MIN), 60);
      for (const { to } of taken()) await eventually(() => isOut(accepted.get(to)));
      const { rcpt, data, end } = sink.held;
      await has(accepted.size - before + chance.number(1, 20));
      house.killed = true;
      await house.kill("SIGKILL");
      await senders;
      sink.drop();
      console.log(`kill ${life}: ${accepted.size - before} accepted, ${taken().length} delivered; held before, in and after the message: ${rcpt}, ${data}, ${end}`);
      house.killed = false;
      sink.life = life + 1;
      sink.stage = () => undefined;
      await house.up();
    }
    // What was under way is claimed for a minute more.
    for (const [to, id] of accepted) {
      await eventually(() => sink.whole.some((mail) => mail.to === to && mail.taken), 120);
      await eventually(() => isOut(id));
    }

    const copies = new Map();
    for (const mail of sink.whole) copies.set(mail.to, [...(copies.get(mail.to) ?? []), mail]);
    const twice = [...copies.values()].filter((all) => all.length > 1);
    for (const all of twice) {
      const story = JSON.stringify(all);
      assert.ok(all.slice(0, -1).every((mail) => !mail.taken), `taken, and sent again: ${story}`);
      assert.equal(new Set(all.map((mail) => mail.life)).size, all.length, `twice in one life: ${story}`);
    }
    console.log(`${accepted.size} accepted and delivered, ${twice.length} twice since nobody had said that they were taken`);
  });
});
