// Mail straight to the servers that a recipient's domain names: Debian's postfix as the outside, and what comes back from it.

import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttps } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EmailClient } from "@azure/communication-email";
import nodemailer from "nodemailer";
import { SMTPServer } from "smtp-server";
import { Arm } from "../lib/arm.js";
import { Authority, tlsa } from "../lib/certificates.js";
import { signatures } from "../lib/dkim.js";
import { House } from "../lib/house.js";
import { Nameserver } from "../lib/nameserver.js";
import { freePort } from "../lib/ports.js";
import { missing, Postfix } from "../lib/postfix.js";
import { eventually } from "../lib/signed.js";

const SENDER = "donotreply@shop.example";
const REPORTS = "bounces.shop.example";
const poll = { updateIntervalInMs: 50 };
const at = (domain) => `reader-${randomUUID()}@${domain}`;

describe("email straight to the recipients' servers", { skip: missing || false }, () => {
  let folder, names, postfix, plain, policies, house, client, bouncePort;
  const texts = new Map();

  /** A policy at `mta-sts.<domain>`, and the record that says that there is one. */
  function policy(domain, ...hosts) {
    names.publish(`_mta-sts.${domain}`, `v=STSv1; id=${randomUUID().slice(0, 8)};`);
    names.record(`mta-sts.${domain}`, "A", "127.0.0.1");
    texts.set(`mta-sts.${domain}`, `version: STSv1\r\nmode: enforce\r\n${hosts.map((host) => `mx: ${host}\r\n`).join("")}max_age: 86400\r\n`);
  }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "parley-mx-"));
    const authority = new Authority(folder);
    const certificate = authority.certify("mx.sts.test", "mx.ta.test");
    names = await Nameserver.open();
    const [port, http] = [await freePort(), await freePort()];
    bouncePort = await freePort();
    const taking = ["plain", "bare", "spare", "six", "sts", "named", "elsewhere", "dane", "ta", "wrong", "unsigned", "lost"];
    postfix = new Postfix({
      port,
      certificate,
      taking: taking.map((name) => `${name}.test`),
      strict: "strict.test",
      late: "late.test",
      reports: REPORTS,
      reportsPort: bouncePort,
    });
    for (const name of ["plain", "strict", "late", "sts", "named", "elsewhere", "dane", "ta", "wrong", "unsigned", "lost"]) {
      names.exchange(`${name}.test`, `mx.${name}.test`, "127.0.0.1");
    }
    names.exchange("six.test", "mx.six.test", "::1");
    names.exchange("loop.test", "mail.shop.example", "127.0.0.1");
    names.record("bare.test", "A", "127.0.0.1");
    // Nobody listens at the first.
    names.record("spare.test", "MX", { preference: 5, exchange: "mx.nobody.test" });
    names.record("mx.nobody.test", "A", "127.0.0.3");
    names.exchange("spare.test", "mx.spare.test", "127.0.0.1");

    // A server that has no TLS, or whose TLS somebody on the way has taken out.
    plain = new SMTPServer({ authOptional: true, disabledCommands: ["AUTH", "STARTTLS"], onData: (stream, _session, answer) => stream.on("end", answer).resume() });
    plain.on("error", () => {});
    plain.listen(port, "127.0.0.2");
    await once(plain.server, "listening");
    names.exchange("clear.test", "mx.clear.test", "127.0.0.2");
    names.exchange("stripped.test", "mx.stripped.test", "127.0.0.2");

    const policyCertificate = authority.certify("mta-sts.sts.test", "mta-sts.named.test", "mta-sts.elsewhere.test", "mta-sts.stripped.test");
    policies = createHttps(policyCertificate, (request, response) => {
      const text = request.url === "/.well-known/mta-sts.txt" && texts.get(request.headers.host.split(":")[0]);
      response.writeHead(text ? 200 : 404, { "content-type": "text/plain" }).end(text || "");
    });
    policies.listen(0, "127.0.0.1");
    await once(policies, "listening");
    policy("sts.test", "mx.other.test", "*.sts.test");
    // The certificate has another name than the policy asks for; and a server that the policy does not name.
    policy("named.test", "mx.named.test");
    policy("elsewhere.test", "mx.sts.test");
    policy("stripped.test", "mx.stripped.test");

    const dane = (name, record, ...vouched) => {
      const where = `_${port}._tcp.mx.${name}.test`;
      if (record) names.record(where, "TLSA", record);
      else names.broken.add(where);
      if (vouched.includes("mx")) names.authentic.add(`${name}.test`);
      if (vouched.includes("tlsa")) names.authentic.add(where);
    };
    const [own, other] = [tlsa(3, certificate.cert), tlsa(3, authority.certificate)];
    dane("dane", own, "mx", "tlsa");
    dane("ta", tlsa(2, authority.certificate), "mx", "tlsa");
    dane("wrong", other, "mx", "tlsa");
    dane("unsigned", other);
    dane("lost", undefined, "mx");

    house = await House.open({
      "http.port": http,
      "resource.url": `http://localhost:${http}/`,
      "email.capture": false,
      "email.hostname": "mail.shop.example",
      "email.mx-port": port,
      "email.dns-resolvers": names.address,
      "email.dns-validated": true,
      "email.authorities": authority.file,
      "email.mta-sts-port": policies.address().port,
      "email.bounce-domain": REPORTS,
      "email.list-unsubscribe": true,
      "email.back-off-min": "1s",
      // What cannot be delivered is said soon, and with the reason.
      "email.expiry": "8s",
      "smtp.bounce-port": bouncePort,
    });
    await new Arm(house).domain("shop.example", names);
    client = new EmailClient(house.connectionString, { allowInsecureConnection: true });
    await postfix.ready();
  });

  after(async () => {
    await house?.close();
    postfix?.close();
    policies?.close();
    if (plain) await new Promise((resolve) => plain.close(resolve));
    names?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  async function send(to, plainText = "Hello") {
    const message = { senderAddress: SENDER, content: { subject: "Hello", plainText }, recipients: { to: [{ address: to }] } };
    return (await client.beginSend(message, poll)).pollUntilDone();
  }

  /** What is told of a recipient, as soon as it is told with that status. */
  function report(to, status) {
    return eventually(async () => {
      const { body } = await house.ask("GET", "/parley/events?type=Microsoft.Communication.EmailDeliveryReportReceived&limit=1000");
      return body.value.map(({ data }) => data).find((data) => data.recipient === to && data.status === status);
    }, 60);
  }

  const words = async (to, status) => (await report(to, status)).deliveryStatusDetails.statusMessage;
  const text = (mail) => mail.toString("latin1");
  const overTls = /using TLSv1\.[23]/;

  /** It is not sent to again, however its letters are written. */
  async function isSuppressed(to) {
    await eventually(async () => {
      try {
        await send(to.toUpperCase());
      } catch (error) {
        return /EmailDroppedAllRecipientsSuppressed/.test(error.message);
      }
    }, 60);
  }

  test("postfix takes it over TLS as the MX of the domain, and mailauth accepts both signatures", async () => {
    const to = at("plain.test");
    assert.equal((await send(to, "Grüße\n.\n..\nFrom here\n" + "ä".repeat(3000))).status, "Succeeded");
    const mail = await postfix.got(to);
    assert.deepEqual(await signatures(mail.toString("latin1").replace(/^[^]*?(?=^DKIM-Signature)/m, "").replaceAll("\n", "\r\n"), names), [
      "ed25519-sha256 pass",
      "rsa-sha256 pass",
    ]);
    assert.match(text(mail), overTls);
    assert.match(text(mail), /^Received: from mail\.shop\.example/m);
    assert.match(await words(to, "Delivered"), /^250 2\.0\.0 Ok: queued as/);
  });

  test("a domain without MX is its own server, a dead server has a spare one, and IPv6 is a way too", async () => {
    const all = ["bare.test", "spare.test", "six.test"].map(at);
    for (const to of all) await send(to);
    for (const to of all) await postfix.got(to);
    assert.match(text(await postfix.got(all[2])), /\(unknown \[IPv6:::1\]\)|\[IPv6:::1\]/);
  });

  test("who is not known at the recipient's server bounces in its words, and gets nothing more", async () => {
    const to = at("strict.test");
    await send(to);
    assert.match(await words(to, "Bounced"), /550 5\.1\.1 .*User unknown/);
    await isSuppressed(to);
    await send("ann@strict.test");
    await postfix.got("ann@strict.test");
  });

  test("mail that would come back here ends", async () => {
    const to = at("loop.test");
    await send(to);
    assert.match(await words(to, "Failed"), /^554 5\.4\.6/);
  });

  test("a domain that does not exist bounces", async () => {
    const to = at("nowhere.test");
    await send(to);
    assert.match(await words(to, "Bounced"), /5\.1\.2/);
  });

  test("a bounce that postfix sends later comes back, is told as an event, and suppresses", async () => {
    const to = at("late.test");
    await send(to);
    await report(to, "Delivered");
    assert.match(await words(to, "Bounced"), /unknown user/);
    await isSuppressed(to);
  });

  test("a complaint comes back, and suppresses", async () => {
    const to = at("plain.test");
    await send(to);
    const mail = text(await postfix.got(to));
    const transport = nodemailer.createTransport({ host: "127.0.0.1", port: bouncePort, ignoreTLS: true });
    const boundary = `=_${randomUUID()}`;
    // The shape of RFC 5965, appendix B.
    const raw = [
      "From: <abuse@plain.test>\r\nTo: <complaints@bounces.shop.example>\r\nSubject: FW: Hello\r\nMIME-Version: 1.0",
      `Content-Type: multipart/report; report-type=feedback-report;\r\n boundary="${boundary}"\r\n`,
      `--${boundary}\r\nContent-Type: text/plain\r\n\r\nThis is an email abuse report.\r\n`,
      `--${boundary}\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: SomeGenerator/1.0\r\nVersion: 1\r\n`,
      `--${boundary}\r\nContent-Type: message/rfc822\r\n\r\n${mail.replaceAll("\n", "\r\n")}\r\n--${boundary}--\r\n`,
    ].join("\r\n");
    await transport.sendMail({ envelope: { from: "abuse@plain.test", to: `complaints@${REPORTS}` }, raw });
    transport.close();
    await isSuppressed(to);
  });

  test("what looks like a report in words alone, or is none, changes nothing", async () => {
    const to = at("plain.test");
    await send(to);
    const [path] = /(?<=^Return-Path: <).*?(?=>)/m.exec(text(await postfix.got(to)));
    const transport = nodemailer.createTransport({ host: "127.0.0.1", port: bouncePort, ignoreTLS: true });
    const send1 = (mail) => transport.sendMail({ envelope: { from: "", to: path }, subject: "Out of office", ...mail });
    await send1({ text: "Action: failed\r\nStatus: 5.1.1\r\nFeedback-Type: abuse" });
    await assert.rejects(transport.sendMail({ envelope: { from: "", to: `a${path}` }, text: "x" }), { responseCode: 550 });
    await assert.rejects(transport.sendMail({ envelope: { from: "", to: path.replace(/^./, (c) => (c === "a" ? "b" : "a")) }, text: "x" }), { responseCode: 550 });
    await assert.rejects(transport.sendMail({ envelope: { from: "", to: "victim@plain.test" }, text: "x" }), { responseCode: 554 });
    transport.close();
    assert.equal((await send(to)).status, "Succeeded");
  });

  test("one click leaves the list, a look alone does not", async () => {
    const to = at("plain.test");
    await send(to);
    const mail = text(await postfix.got(to));
    const [link] = /(?<=^List-Unsubscribe: <)[^>]*/m.exec(mail.replace(/\n[ \t]+/g, ""));
    assert.match(mail, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m);
    const page = await fetch(link);
    assert.equal(page.status, 200);
    assert.match(page.headers.get("content-security-policy"), /default-src 'none'/);
    assert.equal((await fetch(link.replace(/.$/, (c) => (c === "a" ? "b" : "a")))).status, 404);
    assert.equal((await send(to)).status, "Succeeded");
    const clicked = await fetch(link, { method: "POST", body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }) });
    assert.equal(clicked.status, 200);
    await isSuppressed(to);
  });

  test("MTA-STS: the server that the policy names, with its certificate, gets the mail; others do not", async () => {
    const [good, ...bad] = ["sts.test", "named.test", "elsewhere.test", "stripped.test"].map(at);
    for (const to of [good, ...bad]) await send(to);
    assert.match(text(await postfix.got(good)), overTls);
    assert.match(await words(bad[0], "Failed"), /No subject alternative DNS name matching mx\.named\.test/);
    assert.match(await words(bad[1], "Failed"), /no server of elsewhere\.test can be used/);
    assert.match(await words(bad[2], "Failed"), /offers no TLS/);
    // Without a policy the same server is better than nothing.
    const clear = at("clear.test");
    await send(clear);
    await report(clear, "Delivered");
  });

  test("DANE: the certificate, or its authority, is the one that a signed TLSA record names, or nothing is sent", async () => {
    const good = ["dane.test", "ta.test", "unsigned.test"].map(at);
    const bad = ["wrong.test", "lost.test"].map(at);
    for (const to of [...good, ...bad]) await send(to);
    for (const to of good) assert.match(text(await postfix.got(to)), overTls);
    assert.match(await words(bad[0], "Failed"), /DANE/);
    assert.match(await words(bad[1], "Failed"), /SERVFAIL/);
    for (const to of bad) assert.ok(!postfix.mails.some((mail) => mail.includes(to)));
  });
});
