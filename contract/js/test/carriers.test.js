// Carriers of every kind in one house: SMPP servers that are not ours over TLS, in pairs, with each form of long text, slow,
// away and confused; and a provider with an HTTP API.

import { test, describe, before, after, beforeEach } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import smpp from "smpp";
import { House } from "../lib/house.js";
import { eventually } from "../lib/signed.js";
import { Smsc } from "../lib/smsc.js";

const version = "api-version=2026-01-23";
const secret = "a secret of the provider";
const status = (house, name) =>
  house.ask("GET", "/parley/sms/carriers").then(({ body }) => body.value.find((one) => one.name === name).ready);

/** Numbers of a carrier's own country. */
const numbers = (prefix, count, first = 0) => Array.from({ length: count }, (_, i) => `+${prefix}200${10_000 + first + i}`);

/** A provider with an HTTP API that answers as it is told. */
class Provider {
  requests = [];
  #count = 0;
  answer = () => ({ status: 201, body: { result: { id: (this.id = `p-${++this.#count}`) } } });

  async listen() {
    this.server = createServer(async (request, response) => {
      let text = "";
      for await (const part of request) text += part;
      this.requests.push({ headers: request.headers, text });
      const { status, body } = this.answer();
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body ?? {}));
    });
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}/send`;
    return this;
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe("carriers of every kind", () => {
  const all = Object.fromEntries(["safe", "strange", "pair", "whole", "slow", "cheap", "dear"].map((name) => [name, new Smsc()]));
  const provider = new Provider();
  let house;
  let folder;

  /** A certificate for localhost, signed by nobody else. */
  async function certificate(name) {
    const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
    execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost"].concat(
        ["-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert],
      ),
      { stdio: "ignore" },
    );
    return { file: cert, key: await readFile(key), cert: await readFile(cert) };
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "parley-carriers-"));
    const [safe, strange] = [await certificate("safe"), await certificate("strange")];
    await all.safe.listen(0, { key: safe.key, cert: safe.cert });
    await all.strange.listen(0, { key: strange.key, cert: strange.cert });
    for (const name of ["pair", "whole", "slow", "cheap", "dear"]) await all[name].listen();
    await provider.listen();
    const smppCarrier = (name, prefixes, more) =>
      Object.entries({ host: "localhost", port: all[name].port, prefixes, "reconnect-max": "1s", "answer-timeout": "5s", ...more });
    const carriers = {
      safe: smppCarrier("safe", "+31:1", { tls: true, trust: safe.file }),
      strange: smppCarrier("strange", "+32:1", { tls: true, trust: safe.file }),
      pair: smppCarrier("pair", "+33:1", { bind: "pair", "long-text": "sar", window: 5 }),
      whole: smppCarrier("whole", "+34:1", { "long-text": "payload" }),
      slow: smppCarrier("slow", "+35:1", { "per-second": 20 }),
      cheap: smppCarrier("cheap", "+36:1,+39:1", {}),
      dear: smppCarrier("dear", "+36:2", {}),
      web: Object.entries({
        kind: "http",
        url: provider.url,
        prefixes: "+37:1",
        "header-value": "Bearer of-the-provider",
        "id-path": "/result/id",
        "webhook-secret": secret,
      }),
      form: Object.entries({
        kind: "http",
        url: provider.url,
        prefixes: "+38:1",
        "content-type": "application/x-www-form-urlencoded",
        body: "From={from}&To={to}&Body={text}",
        "id-path": "/result/id",
        "webhook-secret": secret,
        "status-id": "MessageSid",
        "status-state": "MessageStatus",
        receipts: true,
      }),
    };
    const settings = Object.entries(carriers).flatMap(([name, one]) => one.map(([key, value]) => [`sms.carriers.${name}.${key}`, value]));
    house = await House.open({
      ...Object.fromEntries(settings),
      "sms.alphanumeric-senders": "Alpha,Beta,Gamma,Paced",
      "sms.pools.greek": "Alpha,Beta,Gamma",
      "sms.sender-rates": "Paced=10",
    });
    await eventually(async () => (await house.ask("GET", "/parley/sms/carriers")).body.value.every((one) => one.ready || one.name === "strange"));
  });

  beforeEach(() => {
    for (const smsc of Object.values(all)) {
      smsc.submits.length = 0;
      smsc.mood = () => true;
    }
    provider.requests.length = 0;
  });

  after(async () => {
    await house?.close();
    await Promise.all(Object.values(all).map((smsc) => smsc.server && smsc.close()));
    provider.close();
    if (folder) await rm(folder, { recursive: true });
  });

  const end = (result) => eventually(() => house.report(result.messageId));
  const optedOut = async (number) =>
    (await house.ask("POST", `/sms/optouts:check?${version}`, { from: house.from, recipients: [{ to: number }] })).body.value[0].isOptedOut;

  test("a bind inside TLS carries both ways, and only to whom the certificate is trusted", async () => {
    const [to] = numbers(31, 1);
    const [result] = await house.send([to], "over TLS");
    const [submit] = await eventually(() => all.safe.submits.length === 1 && all.safe.submits);
    assert.equal(submit.text, "over TLS");
    await all.safe.receipt(submit.id, submit.to);
    assert.equal((await end(result)).deliveryStatus, "Delivered");
    assert.equal(await status(house, "strange"), false);
    assert.equal(all.strange.sessions.size, 0);
  });

  test("a pair sends on one bind and hears on the other; segments carry sar parameters", async () => {
    const { pair } = all;
    assert.deepEqual([...pair.sessions].map((one) => [one.transmits, one.receives]).sort(), [[false, true], [true, false]]);
    const [to] = numbers(33, 1);
    const text = "\u{1F600}".repeat(50);
    const [result] = await house.send([to], text);
    await eventually(() => pair.submits.length === 2);
    const parts = pair.submits.map(({ pdu }) => [pdu.sar_segment_seqnum, pdu.sar_total_segments, pdu.sar_msg_ref_num]);
    assert.deepEqual(parts, [[1, 2, parts[0][2]], [2, 2, parts[0][2]]]);
    assert.equal(pair.submits.map((one) => one.text).join(""), text);
    // The receipts come where they may: on the receiver.
    for (const one of pair.submits) assert.equal(await pair.receipt(one.id, one.to), 0);
    assert.equal((await end(result)).deliveryAttempts[0].segmentsSucceeded, 2);
  });

  test("a pair that loses its transmitter still hears, and sends again when it is back", async () => {
    const { pair } = all;
    [...pair.sessions].find((one) => one.transmits).socket.destroy();
    const [to] = numbers(33, 1);
    await house.send([to], "when it is back");
    await eventually(() => pair.submits.length === 1);
    await eventually(() => pair.sessions.size === 2);
  });

  test("inbound segments by sar and by payload are put together, in any order", async () => {
    const { pair } = all;
    const [one, two] = numbers(33, 2);
    const inbound = (from) => ({ source_addr: from.slice(1), source_addr_ton: 1, destination_addr: house.from.slice(1), dest_addr_ton: 1 });
    const segment = (number, text) => ({
      ...inbound(one),
      sar_msg_ref_num: 77,
      sar_total_segments: 2,
      sar_segment_seqnum: number,
      short_message: text,
    });
    assert.equal(await pair.deliver(segment(2, "OP")), 0);
    assert.equal(await pair.deliver(segment(2, "OP")), 0);
    assert.equal(await optedOut(one), false);
    assert.equal(await pair.deliver(segment(1, "ST")), 0);
    assert.equal(await optedOut(one), true);
    assert.equal(await pair.deliver({ ...inbound(two), short_message: "", message_payload: "STOP" }), 0);
    assert.equal(await optedOut(two), true);
  });

  test("a long text in one payload has one id, whose receipt ends all of it", async () => {
    const { whole } = all;
    const text = "x".repeat(400);
    const [result] = await house.send(numbers(34, 1), text);
    const [{ id, to, pdu }] = await eventually(() => whole.submits.length === 1 && whole.submits);
    assert.equal(pdu.message_payload.message ?? String(pdu.message_payload), text);
    await whole.receipt(id, to);
    assert.equal((await end(result)).deliveryAttempts[0].segmentsSucceeded, 3);
  });

  test("no more submits are under way than the window has places", async () => {
    const { pair } = all;
    const held = [];
    let most = 0;
    pair.mood = (pdu, session) => {
      held.push([pdu, session]);
      most = Math.max(most, held.length);
      return false;
    };
    await house.send(numbers(33, 30, 100), "one by one");
    await eventually(() => held.length === 5);
    await eventually(() => {
      const next = held.shift();
      if (next) pair.take(...next);
      return pair.submits.length === 30;
    });
    assert.equal(most, 5);
    assert.equal(new Set(pair.submits.map((one) => one.to)).size, 30);
  });

  test("a carrier's rate and a sender's rate hold", async () => {
    const spans = async (smsc, send, count) => {
      const times = [];
      smsc.mood = () => times.push(Date.now());
      await send();
      await eventually(() => times.length === count, 60);
      return times.at(-1) - times[0];
    };
    // What a second brings may have been saved up: 50 at 20 a second take at least a second and a half.
    assert.ok((await spans(all.slow, () => house.send(numbers(35, 50), "slowly"), 50)) > 1_400);
    const paced = () => house.client.send({ from: "Paced", to: numbers(39, 25), message: "paced" });
    assert.ok((await spans(all.cheap, paced, 25)) > 1_400);
  });

  test("the next carrier takes what the cheapest cannot, and each message goes once", async () => {
    const { cheap, dear } = all;
    cheap.mood = (pdu, session) => {
      session.send(pdu.response({ command_status: smpp.ESME_RSYSERR }));
      return false;
    };
    const recipients = numbers(36, 20);
    await house.send(recipients, "by the other");
    await eventually(() => dear.submits.length === 20);
    assert.deepEqual(dear.submits.map((one) => `+${one.to}`).sort(), recipients);
    assert.equal(cheap.submits.length, 0);
    const { port } = cheap;
    await cheap.close();
    await eventually(async () => !(await status(house, "cheap")));
    await house.send(numbers(36, 1), "around the outage");
    await eventually(() => dear.submits.length === 21);
    await cheap.listen(port);
    await eventually(() => status(house, "cheap"));
    cheap.mood = () => true;
    await house.send(numbers(36, 1), "the cheap one again");
    await eventually(() => cheap.submits.length === 1);
    assert.equal(dear.submits.length, 21);
  });

  test("a refusal for good is reported, and not tried elsewhere", async () => {
    all.cheap.mood = (pdu, session) => {
      session.send(pdu.response({ command_status: smpp.ESME_RINVDSTADR }));
      return false;
    };
    const [result] = await house.send(numbers(36, 1), "to nobody");
    assert.match((await end(result)).deliveryStatusDetails, /^4002: /);
    assert.equal(all.dear.submits.length, 0);
  });

  test("receipts come early, late, twice, by parameter, in decimal, and for nobody", async () => {
    const { safe } = all;
    const early = [];
    safe.mood = (pdu, session) => {
      // Before the answer that tells the id.
      early.push(safe.receipt("abc1", pdu.destination_addr));
      setTimeout(() => safe.take(pdu, session, "ABC1"), 100);
      return false;
    };
    const [first] = await house.send(numbers(31, 1), "early");
    assert.equal((await end(first)).deliveryStatus, "Delivered");
    assert.deepEqual(await Promise.all(early), [0]);
    safe.mood = (pdu, session) => {
      safe.take(pdu, session, "0000FF01");
      return false;
    };
    const [second] = await house.send(numbers(31, 1), "by parameter");
    const { to } = await eventually(() => safe.submits.find((one) => one.text === "by parameter"));
    const parameters = { esm_class: 4, source_addr: to, destination_addr: house.from.slice(1), short_message: "" };
    const decimal = String(0xff01);
    assert.equal(await safe.deliver({ ...parameters, receipted_message_id: decimal, message_state: 1 }), 0);
    assert.equal(await house.report(second.messageId), undefined);
    for (let i = 0; i < 3; i++) {
      assert.equal(await safe.deliver({ ...parameters, receipted_message_id: decimal, message_state: 5 }), 0);
    }
    assert.match((await end(second)).deliveryStatusDetails, /^4006: /);
    // Nobody's ids, and texts that are no receipts, are taken off the carrier's hands and change nothing.
    assert.equal(await safe.deliver({ ...parameters, receipted_message_id: "ffff", message_state: 2 }), 0);
    assert.equal(await safe.deliver({ ...parameters, short_message: "id: stat:" }), 0);
    assert.match((await end(second)).deliveryStatusDetails, /^4006: /);
    // The late one that says otherwise corrects the report.
    await safe.receipt("ff01", to);
    await eventually(async () => (await house.report(second.messageId)).deliveryStatus === "Delivered");
  });

  test("each recipient keeps its sender of a pool", async () => {
    const { whole } = all;
    const recipients = numbers(34, 30);
    for (const message of ["first", "second"]) await house.client.send({ from: "greek", to: recipients, message });
    await eventually(() => whole.submits.length === 60);
    const senders = new Map();
    for (const { pdu } of whole.submits) senders.set(pdu.destination_addr, (senders.get(pdu.destination_addr) ?? new Set()).add(pdu.source_addr));
    assert.deepEqual([...senders.values()].map((one) => one.size), Array(30).fill(1));
    assert.deepEqual(new Set([...senders.values()].flatMap((one) => [...one])), new Set(["Alpha", "Beta", "Gamma"]));
  });

  test("what is urgent overtakes, by a header of the request", async () => {
    const { slow } = all;
    const send = (message, to, headers) =>
      house.ask("POST", `/sms?${version}`, { from: house.from, message, smsRecipients: to.map((one) => ({ to: one })) }, headers);
    const many = numbers(35, 80);
    assert.equal((await send("bulk", many, { "parley-priority": "low" })).status, 202);
    await eventually(() => slow.submits.length > 0);
    assert.equal((await send("urgent", numbers(35, 1), { "parley-priority": "urgent" })).status, 202);
    await eventually(() => slow.submits.length === 81, 60);
    const place = slow.submits.findIndex((one) => one.text === "urgent");
    assert.ok(place < 80, `the urgent one came at place ${place}`);
    const wrong = await send("x", many, { "parley-priority": "soon" });
    assert.equal(wrong.status, 400);
    assert.match(wrong.body.errors["parley-priority"][0], /urgent, normal, low or bulk/);
  });

  describe("with an HTTP API", () => {
    const webhook = (name, kind, body, headers = {}) =>
      fetch(new URL(`/parley/carriers/${name}/${kind}`, /endpoint=([^;]*)/.exec(house.connectionString)[1]), { method: "POST", headers, body });
    const sign = (body, form = "hex") => createHmac("sha256", secret).update(body).digest(form);
    const json = (name, kind, value, signature = sign) => {
      const body = JSON.stringify(value);
      return webhook(name, kind, body, { "content-type": "application/json", "x-signature": signature(body) });
    };

    test("the request is what the template says, and a signed status ends the message", async () => {
      const [to] = numbers(37, 1);
      const message = 'He said "{to}" \\ and\nleft \u{1F44B}';
      const [result] = await house.send([to], message);
      const [{ headers, text }] = await eventually(() => provider.requests.length === 1 && provider.requests);
      assert.equal(headers.authorization, "Bearer of-the-provider");
      assert.deepEqual(JSON.parse(text), { from: house.from, to, text: message, reference: result.messageId });
      for (const [value, signature] of [
        [{ id: provider.id, status: "sent" }, sign],
        [{ id: provider.id, status: "delivered" }, (body) => `sha256=${sign(body)}`],
        [{ id: provider.id, status: "delivered" }, (body) => sign(body, "base64")],
        [{ id: "p-unknown", status: "delivered" }, sign],
      ]) {
        assert.equal((await eventually(() => json("web", "status", value, signature))).status, 204);
      }
      assert.equal((await end(result)).deliveryStatus, "Delivered");
    });

    test("webhooks that nobody signed, or that say nothing, change nothing", async () => {
      const [result] = await house.send(numbers(37, 1), "unsure");
      await eventually(() => provider.requests.length === 1);
      const value = { id: provider.id, status: "failed" };
      assert.equal((await json("web", "status", value, () => "0".repeat(64))).status, 401);
      assert.equal((await json("web", "status", value, () => "no signature")).status, 401);
      assert.equal((await webhook("web", "status", JSON.stringify(value))).status, 401);
      assert.equal((await json("nobody", "status", value)).status, 404);
      assert.equal((await json("web", "status", { id: provider.id })).status, 400);
      assert.equal((await webhook("web", "status", "<xml/>", { "x-signature": sign("<xml/>") })).status, 400);
      assert.equal((await json("web", "inbound", { from: "+37200200", to: house.from })).status, 400);
      assert.equal(await house.report(result.messageId), undefined);
    });

    test("a form is sent and understood, and a form brings messages in", async () => {
      const [to] = numbers(38, 1);
      const [result] = await house.send([to], "50 % & more");
      const [{ text }] = await eventually(() => provider.requests.length === 1 && provider.requests);
      assert.deepEqual(Object.fromEntries(new URLSearchParams(text)), { From: house.from, To: to, Body: "50 % & more" });
      const post = (kind, fields) => {
        const body = new URLSearchParams(fields).toString();
        return webhook("form", kind, body, { "content-type": "application/x-www-form-urlencoded", "x-signature": sign(body) });
      };
      assert.equal((await post("status", { MessageSid: provider.id, MessageStatus: "undelivered" })).status, 204);
      assert.equal((await end(result)).deliveryStatus, "Failed");
      assert.equal((await post("inbound", { from: to, to: house.from, text: "STOP" })).status, 204);
      assert.equal(await optedOut(to), true);
      assert.equal((await post("inbound", { from: to, to: "+18005559999", text: "x" })).status, 404);
    });

    test("a provider that is busy is asked again, one that refuses is not", async () => {
      const answers = [{ status: 429 }, { status: 503 }, { status: 201, body: { result: { id: "after-all" } } }];
      provider.answer = () => answers.shift() ?? { status: 400 };
      await house.send(numbers(37, 1), "again");
      await eventually(() => answers.length === 0);
      const [refused] = await house.send(numbers(37, 1), "never");
      assert.match((await end(refused)).deliveryStatusDetails, /^5000: /);
      assert.equal(provider.requests.length, 4);
    });
  });
});
