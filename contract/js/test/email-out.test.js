// Mail that comes in from an SMTP client and leaves for an SMTP server, neither of them ours, and the proof of its signatures.

import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { EmailClient } from "@azure/communication-email";
import nodemailer from "nodemailer";
import { SMTPServer } from "smtp-server";
import { Arm } from "../lib/arm.js";
import { signatures } from "../lib/dkim.js";
import { House } from "../lib/house.js";
import { Nameserver } from "../lib/nameserver.js";
import { freePort } from "../lib/ports.js";
import { eventually } from "../lib/signed.js";

/** A mail server that keeps what it gets, and refuses whom it is told to. */
class Sink {
  mails = [];
  refusals = new Map();
  #server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH"],
    onRcptTo: ({ address }, _session, answer) => {
      const [responseCode, words, times] = this.refusals.get(address) ?? [];
      if (!responseCode || times === 0) return answer();
      this.refusals.set(address, [responseCode, words, times - 1]);
      answer(Object.assign(new Error(words), { responseCode }));
    },
    onData: (stream, session, answer) => {
      const chunks = [];
      stream.on("data", (chunk) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        this.mails.push({ raw: Buffer.concat(chunks), from: mailFrom.address, to: rcptTo.map((one) => one.address), secure: session.secure });
        answer();
      });
    },
  });

  static async open() {
    const sink = new Sink();
    sink.#server.on("error", () => {});
    sink.#server.listen(0, "127.0.0.1");
    await once(sink.#server.server, "listening");
    return sink;
  }

  get port() {
    return this.#server.server.address().port;
  }

  got(to, seconds) {
    return eventually(() => this.mails.find((mail) => mail.to.includes(to)), seconds);
  }

  close() {
    return new Promise((resolve) => this.#server.close(resolve));
  }
}

const someone = () => `reader-${randomUUID()}@outside.example`;
const poll = { updateIntervalInMs: 50 };

describe("email to and from the outside", () => {
  let sink, names, house, arm, sender, domain, ca, starttls, tls, login;

  before(async () => {
    sink = await Sink.open();
    names = await Nameserver.open();
    [starttls, tls] = [await freePort(), await freePort()];
    const port = await freePort();
    house = await House.open({
      "http.port": port,
      // Operations are polled at the address that the answers name.
      "resource.url": `http://localhost:${port}/`,
      "email.capture": false,
      "email.smarthost": `127.0.0.1:${sink.port}`,
      "email.dns-resolvers": names.address,
      // The certificate of the sink is nobody's.
      "email.smarthost-security": "opportunistic",
      "email.back-off-min": "1s",
      // What a killed server had begun is due again half a minute after this.
      "email.attempt-time": "5s",
      "smtp.submission-port": starttls,
      "smtp.submission-tls-port": tls,
    });
    const env = house.environment;
    ca = readFileSync(env.NODE_EXTRA_CA_CERTS);
    arm = new Arm(house);
    domain = await arm.domain("outside.example", names);
    sender = "donotreply@outside.example";
    login = { user: `app-${randomUUID().slice(0, 8)}@parley`, pass: env.ACS_CLIENT_SECRET };
    await arm.ask("PUT", `${arm.service}/smtpUsernames/app`, {
      properties: { username: login.user, entraApplicationId: env.ACS_CLIENT_ID, tenantId: env.ACS_TENANT_ID },
    });
  });

  after(async () => {
    await house?.close();
    await sink?.close();
    names?.close();
  });

  const submit = (options, mail, auth = login) => {
    const transport = nodemailer.createTransport({ host: "localhost", tls: { ca }, auth, ...options });
    return transport.sendMail({ from: sender, subject: "By SMTP", text: "Hello", ...mail }).finally(() => transport.close());
  };
  const overStarttls = () => ({ port: starttls, requireTLS: true });

  test("what the SDK sends leaves with two signatures that mailauth accepts, and none once a word is changed", async () => {
    const to = someone();
    const client = new EmailClient(house.connectionString, { allowInsecureConnection: true });
    const message = {
      senderAddress: sender,
      content: { subject: "Grüße \u{1F44B}", plainText: `A long line: ${"ä".repeat(2000)}\n.\n.dots\n`, html: "<p>Grüße</p>" },
      recipients: { to: [{ address: to, displayName: "Zoë" }] },
      attachments: [{ name: "a.bin", contentType: "application/octet-stream", contentInBase64: Buffer.alloc(5000, 7).toString("base64") }],
    };
    assert.equal((await (await client.beginSend(message, poll)).pollUntilDone()).status, "Succeeded");
    const { raw, secure } = await sink.got(to);
    assert.ok(secure, "TLS is used where it is offered");
    assert.deepEqual(await signatures(raw, names), ["ed25519-sha256 pass", "rsa-sha256 pass"]);
    const changed = Buffer.from(raw.toString("latin1").replace(/^Subject: .*$/m, "Subject: Other"), "latin1");
    assert.deepEqual(await signatures(changed, names), ["ed25519-sha256 fail", "rsa-sha256 fail"]);
  });

  test("a record that is gone or another's is noticed; a domain that was verified once goes on sending", async () => {
    const spf = "outside.example";
    const right = names.texts.get(spf);
    const client = new EmailClient(house.connectionString, { allowInsecureConnection: true });
    try {
      names.texts.set(spf, right.map((text) => (text.startsWith("v=spf1") ? "v=spf1 -all" : text)));
      await arm.verified(domain, "SPF", "VerificationFailed");
      const to = someone();
      await client.beginSend({ senderAddress: sender, content: { subject: "x", plainText: "x" }, recipients: { to: [{ address: to }] } }, poll);
      await sink.got(to);
    } finally {
      names.texts.set(spf, right);
    }
    await arm.verified(domain, "SPF");
  });

  test("nodemailer submits with STARTTLS and over TLS, and the mail is signed", async () => {
    for (const options of [overStarttls(), { port: tls, secure: true }]) {
      const to = someone();
      const sent = await submit(options, { to, text: "one\n.\n..two\nGrüße" });
      assert.deepEqual(sent.accepted, [to]);
      const { raw } = await sink.got(to);
      assert.deepEqual(await signatures(raw, names), ["ed25519-sha256 pass", "rsa-sha256 pass"]);
    }
  });

  test("nothing is relayed for strangers, wrong secrets, or in another's name", async () => {
    const to = someone();
    await assert.rejects(submit(overStarttls(), { to }, { user: login.user, pass: "wrong" }), { responseCode: 535 });
    await assert.rejects(submit(overStarttls(), { to }, null), (error) => error.responseCode >= 500);
    await assert.rejects(submit({ port: starttls, ignoreTLS: true }, { to }), (error) => error.responseCode >= 500 || error.code === "EAUTH");
    await assert.rejects(submit(overStarttls(), { to, from: "ceo@bank.example" }), (error) => error.responseCode >= 500);
    await assert.rejects(
      submit(overStarttls(), { to, from: "ceo@bank.example", envelope: { from: sender, to } }),
      (error) => error.responseCode >= 500,
    );
    // What was sent after all of it comes; what was refused never did.
    const last = someone();
    await submit(overStarttls(), { to: last });
    await sink.got(last);
    assert.ok(!sink.mails.some((mail) => mail.to.includes(to)));
  });

  test("a server that is busy is tried again, and one that knows nobody ends it and is not asked again", async () => {
    const client = new EmailClient(house.connectionString, { allowInsecureConnection: true });
    const send = async (to) => {
      const poller = await client.beginSend(
        { senderAddress: sender, content: { subject: "x", plainText: "x" }, recipients: { to: [{ address: to }] } },
        poll,
      );
      return poller.pollUntilDone();
    };
    const busy = someone();
    sink.refusals.set(busy, [451, "4.3.0 try again", 2]);
    assert.equal((await send(busy)).status, "Succeeded");
    await sink.got(busy, 60);
    assert.equal(sink.refusals.get(busy)[2], 0, "refused twice before it was taken");

    const unknown = someone();
    sink.refusals.set(unknown, [550, "5.1.1 no such user", 1]);
    await send(unknown);
    await eventually(async () => {
      try {
        await send(unknown.toUpperCase());
      } catch (error) {
        return /EmailDroppedAllRecipientsSuppressed/.test(error.message);
      }
    }, 60);
    assert.ok(!sink.mails.some((mail) => mail.to.includes(unknown)));
  });

  test("what was accepted is delivered after the server was killed", async () => {
    const client = new EmailClient(house.connectionString, { allowInsecureConnection: true });
    const all = Array.from({ length: 20 }, someone);
    for (const to of all) {
      // Held back by the sink, so that the kill finds it in the queue.
      sink.refusals.set(to, [451, "4.3.0 later", 1]);
      await client.beginSend({ senderAddress: sender, content: { subject: "x", plainText: "x" }, recipients: { to: [{ address: to }] } }, poll);
    }
    await house.kill("SIGKILL");
    await house.up();
    for (const to of all) await sink.got(to, 120);
  });
});
