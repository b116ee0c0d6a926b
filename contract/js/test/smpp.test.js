// A server of its own behind an SMPP server that is not ours, through outages of both.

import { test, describe, before, after } from "node:test";
import assert from "node:assert/strict";
import { connect } from "node:net";
import { randomUUID } from "node:crypto";
import smpp from "smpp";
import { House } from "../lib/house.js";
import { Smsc } from "../lib/smsc.js";
import { eventually } from "../lib/signed.js";

const to = (n) => `+4915100${String(100_000 + n)}`;

describe("an SMPP server that is not ours", () => {
  const smsc = new Smsc();
  let house;

  before(async () => {
    await smsc.listen();
    house = await House.open({
      "sms.carriers.far.host": "127.0.0.1",
      "sms.carriers.far.port": smsc.port,
      "sms.carriers.far.system-id": "parley",
      "sms.carriers.far.password": "secret",
      "sms.carriers.far.prefixes": "+49:1",
      "sms.carriers.far.window": 10,
      "sms.carriers.far.answer-timeout": "3s",
      "sms.carriers.far.reconnect-max": "1s",
      "sms.claim-lease": "4s",
      "sms.smpp-server.port": 0,
    });
    await eventually(() => smsc.sessions.size > 0);
  });

  after(async () => {
    await house?.close();
    await smsc.close();
  });

  const texts = () => smsc.submits.map((one) => one.text);

  test("carries messages out, and receipts in hex and decimal back", async () => {
    const results = await house.send([to(1), to(2)], "Grüße");
    await eventually(() => smsc.submits.length === 2);
    const [first, second] = smsc.submits;
    assert.equal(first.text, "Grüße");
    assert.equal(await smsc.receipt(first.id, first.to), 0);
    assert.equal(await smsc.receipt(String(parseInt(second.id, 16)), second.to, "UNDELIV"), 0);
    const ends = await Promise.all(results.map((one) => eventually(() => house.report(one.messageId))));
    assert.deepEqual(ends.map((one) => one.deliveryStatus).sort(), ["Delivered", "Failed"]);
    assert.equal(await smsc.receipt("nobody", to(1)), 0);
  });

  test("cuts long messages so that the other side puts them together", async () => {
    smsc.submits.length = 0;
    await house.send([to(3)], "я".repeat(66) + "\u{1F600}" + "я".repeat(40));
    await eventually(() => smsc.submits.length === 2);
    const parts = smsc.submits.map(({ pdu }) => pdu.short_message);
    assert.deepEqual(parts.map((part) => [...part.udh[0].slice(-2)]).sort(), [[2, 1], [2, 2]]);
    assert.equal(texts().join(""), "я".repeat(66) + "\u{1F600}" + "я".repeat(40));
  });

  test("brings what handsets send, segments in any order", async () => {
    const inbound = { source_addr: "4915100000009", destination_addr: house.from.slice(1), source_addr_ton: 1 };
    assert.equal(await smsc.deliver({ ...inbound, short_message: "STOP" }), 0);
    const check = await house.ask("POST", "/sms/optouts:check?api-version=2026-01-23", {
      from: house.from,
      recipients: [{ to: "+4915100000009" }],
    });
    assert.equal(check.body.value[0].isOptedOut, true);
    assert.notEqual(await smsc.deliver({ ...inbound, destination_addr: "4915999999", short_message: "x" }), 0);
  });

  test("waits when it is told to slow down, and loses nothing", async () => {
    smsc.submits.length = 0;
    let refused = 0;
    smsc.mood = (pdu, session) => {
      if (refused++ % 3 !== 0) return true;
      session.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }));
      return false;
    };
    await house.send(Array.from({ length: 40 }, (_, i) => to(100 + i)), "slowly");
    await eventually(() => smsc.submits.length === 40);
    smsc.mood = () => true;
    assert.equal(new Set(smsc.submits.map((one) => one.to)).size, 40);
  });

  test("loses nothing when the bind is cut in mid-window, again and again", async () => {
    smsc.submits.length = 0;
    let seen = 0;
    smsc.mood = () => {
      // Before the answer: Parley cannot know whether the message was taken.
      if (++seen % 25 === 0) {
        setImmediate(() => smsc.cut());
        return false;
      }
      return true;
    };
    const recipients = Array.from({ length: 100 }, (_, i) => to(200 + i));
    await house.send(recipients, "through outages");
    await eventually(() => new Set(smsc.submits.map((one) => one.to)).size === 100, 90);
    smsc.mood = () => true;
  });

  test("survives garbage, wrong lengths and answers to nothing", async () => {
    for (const bytes of [
      Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"),
      Buffer.from([0, 0, 0, 4, 1, 2, 3, 4]),
      Buffer.from([0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1]),
      Buffer.from([0, 0, 0, 17, 0x80, 0, 0, 4, 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0]),
      Buffer.from([0, 0, 0, 20, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 9, 0xff, 0xff, 0xff, 0xff]),
    ]) {
      const session = await eventually(() => smsc.receiver);
      session.socket.write(bytes);
      await new Promise((resolve) => setTimeout(resolve, 200));
      smsc.cut();
      await eventually(() => smsc.sessions.size > 0);
    }
    smsc.submits.length = 0;
    await house.send([to(400)], "still here");
    await eventually(() => texts().includes("still here"));
  });

  test("what was accepted goes out after kill -9 of Parley and an outage of the carrier", async () => {
    const port = smsc.port;
    await smsc.close();
    smsc.submits.length = 0;
    const recipients = Array.from({ length: 100 }, (_, i) => to(500 + i));
    const repeatable = recipients.map((number) => ({
      to: number,
      repeatabilityRequestId: randomUUID(),
      repeatabilityFirstSent: new Date().toUTCString(),
    }));
    const body = { from: house.from, smsRecipients: repeatable, message: "after all" };
    const before = await house.ask("POST", "/sms?api-version=2026-01-23", body);
    assert.equal(before.body.value.filter((one) => one.successful).length, 100);
    await house.kill("SIGKILL");
    await smsc.listen(port);
    await house.up();
    const again = await house.ask("POST", "/sms?api-version=2026-01-23", body);
    assert.deepEqual(again.body, before.body);
    await eventually(() => smsc.submits.length >= 100, 60);
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(smsc.submits.length, 100);
    assert.deepEqual(smsc.submits.map((one) => one.to).sort(), recipients.map((one) => one.slice(1)).sort());
  });
});

describe("the SMPP server for older applications", () => {
  let house;
  let session;

  before(async () => {
    const port = await new Promise((resolve) => {
      const probe = smpp.createServer(() => {});
      probe.listen(0, "127.0.0.1", () => {
        const { port } = probe.address();
        probe.close(() => resolve(port));
      });
    });
    house = await House.open({
      "sms.smpp-server.port": port,
      "sms.smpp-server.accounts.old.password": "secret",
    });
    session = await new Promise((resolve, reject) => {
      const opened = smpp.connect({ url: `smpp://127.0.0.1:${port}` }, () => resolve(opened));
      opened.on("error", reject);
    });
    house.smppPort = port;
  });

  after(async () => {
    session?.close();
    await house?.close();
  });

  const ask = (method, pdu) => new Promise((resolve) => session[method](pdu, resolve));

  test("an application binds, submits and gets its receipt", async () => {
    const bind = await ask("bind_transceiver", { system_id: "old", password: "secret" });
    assert.equal(bind.command_status, 0);
    const receipts = [];
    session.on("deliver_sm", (pdu) => {
      receipts.push(pdu.short_message.message);
      session.send(pdu.response());
    });
    const submit = (changes) =>
      ask("submit_sm", {
        source_addr: house.from.slice(1),
        destination_addr: "14255550177",
        registered_delivery: 1,
        short_message: "Your code is 482913",
        ...changes,
      });
    const taken = await submit({});
    assert.equal(taken.command_status, 0);
    assert.match(taken.message_id, /^Outgoing_/);
    const receipt = await eventually(() => receipts[0]);
    assert.match(receipt, new RegExp(`id:${taken.message_id} .*stat:DELIVRD`));
    assert.equal((await submit({ source_addr: "18005559999" })).command_status, smpp.ESME_RINVSRCADR);
    assert.equal((await submit({ destination_addr: "1" })).command_status, smpp.ESME_RINVDSTADR);
    const inbox = await house.ask("GET", "/parley/inbox/sms?to=%2B14255550177");
    assert.equal(inbox.body.messages[0].code, "482913");
  });

  test("strangers and liars are shown out", async () => {
    const stranger = smpp.connect({ url: `smpp://127.0.0.1:${house.smppPort}` });
    stranger.on("error", () => {});
    const answer = await new Promise((resolve) => stranger.bind_transceiver({ system_id: "old", password: "wrong" }, resolve));
    assert.notEqual(answer.command_status, 0);
    await new Promise((resolve) => {
      const liar = connect(house.smppPort, "127.0.0.1", () => liar.write(Buffer.from([0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 1])));
      liar.on("error", resolve);
      liar.on("close", resolve);
      setTimeout(() => liar.destroy(), 2_000);
    });
    assert.equal((await ask("enquire_link", {})).command_status, 0);
  });
});
