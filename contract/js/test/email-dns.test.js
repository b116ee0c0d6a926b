// Name servers and a resolver that are not ours: Debian's bind9 has the zones, Debian's unbound checks their signatures, and what
// it says decides whether a domain is verified and where its mail goes.

import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EmailClient } from "@azure/communication-email";
import { SMTPServer } from "smtp-server";
import { Arm, KINDS } from "../lib/arm.js";
import { Bind, missing as noBind } from "../lib/bind.js";
import { Authority, tlsa } from "../lib/certificates.js";
import { signatures } from "../lib/dkim.js";
import { House } from "../lib/house.js";
import { freePort } from "../lib/ports.js";
import { eventually } from "../lib/signed.js";
import { missing as noUnbound, Unbound } from "../lib/unbound.js";

const poll = { updateIntervalInMs: 50 };
const at = (domain) => `reader-${randomUUID()}@${domain}`;
const SIGNED = ["dane.example", "wrong.example", "silent.example", "altered.example", "moved.example", "mended.example", "old.example"];
const PLAIN = ["shop.example", "unsigned.example"];

describe("email by bind9 and unbound", { skip: noBind || noUnbound || false }, () => {
  const mails = [];
  let folder, sink, bind, unbound, house, arm;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "parley-dns-"));
    const certificate = new Authority(folder).certify("mx.example");
    const other = new Authority(mkdtempSync(join(folder, "other-"))).certificate;
    sink = new SMTPServer({
      ...{ key: certificate.key, cert: certificate.cert },
      authOptional: true,
      disabledCommands: ["AUTH"],
      closeTimeout: 100,
      onData: (stream, session, answer) => {
        const chunks = [];
        stream.on("data", (chunk) => chunks.push(chunk));
        stream.on("end", () => {
          mails.push({ raw: Buffer.concat(chunks), to: session.envelope.rcptTo[0].address, secure: session.secure });
          answer();
        });
      },
    });
    sink.on("error", () => {});
    sink.listen(0, "127.0.0.1");
    await once(sink.server, "listening");
    const { port } = sink.server.address();

    bind = await Bind.open({ plain: PLAIN, signed: SIGNED });
    unbound = await Unbound.open(bind, { zones: [...PLAIN, ...SIGNED], trusted: SIGNED });
    const record = ({ usage, selector, matchingType, certificate: hash }) => `_${port}._tcp.mx TLSA ${usage} ${selector} ${matchingType} ${hash.toString("hex")}`;
    const [right, wrong] = [record(tlsa(3, certificate.cert)), record(tlsa(3, other))];
    for (const zone of [...PLAIN, ...SIGNED].slice(1)) {
      const records = ["@ MX 10 mx", "mx A 127.0.0.1"];
      if (zone === "wrong.example" || zone === "unsigned.example") records.push(wrong);
      else if (zone !== "silent.example") records.push(right);
      await bind.add(zone, ...records);
    }

    const http = await freePort();
    house = await House.open({
      "http.port": http,
      "resource.url": `http://localhost:${http}/`,
      "email.capture": false,
      "email.hostname": "mail.shop.example",
      "email.mx-port": port,
      "email.dns-resolvers": unbound.address,
      "email.dns-validated": true,
      "email.back-off-min": "1s",
      // What cannot be delivered is said soon, and with the reason.
      "email.expiry": "20s",
    });
    arm = new Arm(house);
  });

  after(async () => {
    await house?.close();
    if (sink) await new Promise((resolve) => sink.close(resolve));
    await unbound?.close();
    await bind?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  async function send(to) {
    const client = new EmailClient(house.connectionString, { allowInsecureConnection: true });
    const message = { senderAddress: "donotreply@shop.example", content: { subject: "Hello", plainText: "Hello" }, recipients: { to: [{ address: to }] } };
    return (await client.beginSend(message, poll)).pollUntilDone();
  }

  const find = (to) => mails.find((mail) => mail.to === to);
  const got = (to, seconds) => eventually(() => find(to), seconds);

  /** The server's words on a recipient, once that is what became of it. */
  async function words(to, status) {
    const data = await eventually(async () => {
      const { body } = await house.ask("GET", "/parley/events?type=Microsoft.Communication.EmailDeliveryReportReceived&limit=1000");
      return body.value.map((event) => event.data).find(({ recipient }) => recipient === to);
    }, 120);
    assert.equal(data.status, status, JSON.stringify(data));
    return data.deliveryStatusDetails.statusMessage;
  }

  test("a domain whose records are in bind9's zone is verified, linked, and sends mail whose signatures hold by them", async () => {
    const mail = `${arm.group}/emailServices/shop`;
    const domain = `${mail}/domains/shop.example`;
    await arm.make(mail, { location: "global", properties: { dataLocation: "Europe" } });
    await arm.make(domain, { location: "global", properties: { domainManagement: "CustomerManaged" } });
    const { verificationRecords, verificationStates } = (await arm.ask("GET", domain)).properties;
    for (const kind of KINDS) assert.equal(verificationStates[kind].status, "NotStarted");
    await arm.verified(domain, "DKIM", "VerificationFailed");
    await bind.publish(verificationRecords.DKIM.name, verificationRecords.DKIM.value);
    await arm.verified(domain, "DKIM");
    // Linked or not, it does not send yet.
    await arm.ask("PATCH", arm.service, { properties: { linkedDomains: [domain] } });
    await assert.rejects(send(at("unsigned.example")), { code: "DomainNotVerified" });
    for (const kind of KINDS.filter((one) => one !== "DKIM")) {
      await bind.publish(verificationRecords[kind].name, verificationRecords[kind].value);
      await arm.verified(domain, kind);
    }
    const to = at("unsigned.example");
    assert.equal((await send(to)).status, "Succeeded");
    const { raw } = await got(to);
    assert.deepEqual(await signatures(raw, unbound), ["ed25519-sha256 pass", "rsa-sha256 pass"]);
  });

  test("DANE counts where unbound has checked the signatures, and only there", async () => {
    // The last two: signed, without a TLSA record, which is signed too; and not signed, whose wrong record counts for nothing.
    const good = ["dane.example", "silent.example", "unsigned.example"].map(at);
    const bad = at("wrong.example");
    for (const to of [...good, bad]) await send(to);
    for (const to of good) assert.ok((await got(to)).secure);
    assert.match(await words(bad, "Failed"), /DANE/);
    assert.equal(find(bad), undefined);
  });

  test("a zone whose signatures are broken is waited for, never delivered to, and gets its mail once it is mended", async () => {
    const moved = [/(?<=MX\s+)10(?= mx)/, () => "5"];
    await bind.forge("mended.example", ...moved);
    const waiting = at("mended.example");
    assert.equal((await send(waiting)).status, "Succeeded", "a first attempt was made");
    assert.equal(find(waiting), undefined);
    await bind.mend("mended.example");
    assert.ok((await got(waiting)).secure);

    // Another server, another certificate, and signatures of long ago.
    await bind.forge("moved.example", ...moved);
    await bind.forge("altered.example", /(?<=TLSA\s+3 1 1 )./, (digit) => (digit === "0" ? "1" : "0"));
    await bind.expire("old.example");
    const bad = ["moved.example", "altered.example", "old.example"].map(at);
    for (const to of bad) assert.equal((await send(to)).status, "Succeeded");
    for (const to of bad) assert.match(await words(to, "Failed"), /^451 .*SERVFAIL/);
    for (const to of bad) assert.equal(find(to), undefined);
  });
});
