import { test, describe } from "node:test";
import assert from "node:assert/strict";
import { randomInt, randomUUID } from "node:crypto";
import { connectionString, refused } from "../lib/sdk.js";
import { eventually, signed } from "../lib/signed.js";
import { handset } from "../lib/handset.js";

const { ACS_SMS_FROM: from, ACS_SMS_TO: to } = process.env;
const generations = [
  { name: "sms 1.1.0", ...(await import("@azure/communication-sms")) },
  { name: "sms 1.0.0", ...(await import("sms-older")) },
  { name: "sms 1.2.0-beta.4", ...(await import("sms-beta")) },
];

const ours = (method, path, body, headers) => signed(connectionString, method, path, body, headers);
const version = "api-version=2026-01-23";

async function inbox(number, wait = 20) {
  const { status, body } = await ours("GET", `/parley/inbox/sms?to=${encodeURIComponent(number)}&wait=${wait}`);
  assert.equal(status, 200);
  return body.messages;
}

const report = async (id) => {
  const { status, body } = await ours("GET", `/deliveryReports/${id}?${version}`);
  return status === 200 ? body : undefined;
};

for (const sdk of generations) {
  describe(`sms with ${sdk.name}`, () => {
    const client = new sdk.SmsClient(connectionString);

    test("the quickstart's message arrives and its delivery is reported", async () => {
      const number = handset();
      const [result] = await client.send(
        { from, to: [number], message: "Hello World \u{1F44B} via SMS!" },
        { enableDeliveryReport: true, tag: "marketing" },
      );
      assert.equal(result.successful, true);
      assert.equal(result.httpStatusCode, 202);
      assert.equal(result.to, number);
      assert.equal(result.repeatabilityResult, "accepted");
      assert.match(result.messageId, /^Outgoing_\d{14}/);
      const [message] = await inbox(number);
      assert.equal(message.message, "Hello World \u{1F44B} via SMS!");
      assert.equal(message.from, from);
      const end = await eventually(() => report(result.messageId));
      assert.equal(end.deliveryStatus, "Delivered");
      assert.equal(end.deliveryStatusDetails, "2000: No Error");
      assert.equal(end.tag, "marketing");
      assert.deepEqual(
        end.deliveryAttempts.map(({ segmentsSucceeded, segmentsFailed }) => [segmentsSucceeded, segmentsFailed]),
        [[1, 0]],
      );
    });

    test("an OTP flow reads its code from the inbox", async () => {
      const number = handset();
      const code = String(randomInt(100_000, 1_000_000));
      await client.send({
        from,
        to: [number],
        message: `Ihr Bestätigungscode lautet ${code}. Oder: https://example.com/verify?c=${code}`,
      });
      const [message] = await inbox(number);
      assert.equal(message.code, code);
      assert.equal(message.link, `https://example.com/verify?c=${code}`);
    });

    test("each of many recipients gets an answer", async () => {
      const good = Array.from({ length: 98 }, (_, i) => `+14255559${String(100 + i)}`);
      const results = await client.send({ from, to: [...good, "14255550100", "+142555501001234567"], message: "all" });
      assert.equal(results.length, 100);
      assert.equal(results.filter((one) => one.successful).length, 98);
      assert.deepEqual(
        results.slice(98).map((one) => [one.httpStatusCode, one.errorMessage]),
        Array(2).fill([400, "Invalid To phone number format."]),
      );
    });

    test("what is wrong with the whole request is refused", async () => {
      const send = (changes) => client.send({ from, to: [to], message: "x", ...changes });
      await assert.rejects(send({ from: "+18005559999" }), refused(401));
      await assert.rejects(send({ from: "18005559999" }), refused(400));
      // The older client refuses a long text by itself.
      await assert.rejects(send({ message: "x".repeat(2049) }), sdk.name === "sms 1.0.0" ? /MaxLength/ : refused(400));
      await assert.rejects(send({ message: "" }), refused(400));
      await assert.rejects(send({ to: Array(101).fill(to) }), refused(400));
    });
  });
}

describe("sms with sms 1.2.0-beta.4", () => {
  const client = new generations[2].SmsClient(connectionString);

  test("opt-outs are added, checked and removed", async () => {
    const number = handset();
    const check = async () => (await client.optOuts.check(from, [number]))[0].isOptedOut;
    assert.equal(await check(), false);
    const [added] = await client.optOuts.add(from, [number]);
    assert.deepEqual([added.to, added.httpStatusCode], [number, 200]);
    assert.equal(await check(), true);
    const [blocked] = await client.send({ from, to: [number], message: "an offer" }, { enableDeliveryReport: true });
    assert.equal(blocked.successful, true);
    const end = await eventually(() => report(blocked.messageId));
    assert.equal(end.deliveryStatus, "Failed");
    assert.match(end.deliveryStatusDetails, /^4007: Sender blocked/);
    await client.optOuts.remove(from, [number]);
    assert.equal(await check(), false);
    const [bad] = await client.optOuts.check(from, ["1425"]);
    assert.equal(bad.httpStatusCode, 400);
  });
});

describe("sms over plain requests", () => {
  test("a repeated request sends nothing again", async () => {
    const number = handset();
    const body = {
      from,
      message: "once",
      smsRecipients: [
        { to: number, repeatabilityRequestId: randomUUID(), repeatabilityFirstSent: new Date().toUTCString() },
      ],
    };
    const answers = [];
    for (let i = 0; i < 3; i++) answers.push((await ours("POST", `/sms?${version}`, body)).body.value[0]);
    assert.equal(new Set(answers.map((one) => one.messageId)).size, 1);
    await inbox(number);
    const marker = await ours("POST", `/sms?${version}`, { from, message: "marker", smsRecipients: [{ to: number }] });
    await eventually(() => report(marker.body.value[0].messageId));
    assert.equal((await inbox(number)).length, 2);
    delete body.smsRecipients[0].repeatabilityFirstSent;
    const [rejected] = (await ours("POST", `/sms?${version}`, body)).body.value;
    assert.equal(rejected.repeatabilityResult, "rejected");
    assert.equal(rejected.httpStatusCode, 400);
  });

  test("refusals have the contract's forms", async () => {
    const invalid = await ours("POST", `/sms?${version}`, { from, smsRecipients: [] });
    assert.equal(invalid.status, 400);
    assert.match(invalid.headers.get("content-type"), /application\/problem\+json/);
    assert.equal(invalid.body.title, "One or more validation errors occurred.");
    assert.deepEqual(Object.keys(invalid.body.errors).sort(), ["Message", "SmsRecipients"]);
    const foreign = await ours("POST", `/sms?${version}`, { from: "+18005559999", message: "x", smsRecipients: [{ to }] });
    assert.equal(foreign.status, 401);
    assert.equal(foreign.body.error.code, "Unauthorized");
    const missing = await ours("GET", `/deliveryReports/Outgoing_nothing?${version}`);
    assert.equal(missing.status, 404);
    assert.equal(missing.body.title, "Not Found");
    for (const seconds of [59, 43_201]) {
      const late = await ours("POST", `/sms?${version}`, {
        from,
        message: "x",
        smsRecipients: [{ to }],
        smsSendOptions: { enableDeliveryReport: true, deliveryReportTimeoutInSeconds: seconds },
      });
      assert.equal(late.status, 400);
    }
    for (const old of ["2021-03-07", "2024-02-05-preview", "2025-05-29-preview", "2026-01-23", "2030-01-01"]) {
      const sent = await ours("POST", `/sms?api-version=${old}`, { from, message: "x", smsRecipients: [{ to: handset() }] });
      assert.equal(sent.status, 202, old);
    }
  });

  test("handsets reply, opt out and fail on request", async () => {
    const number = handset();
    const at = `/parley/handsets/${encodeURIComponent(number)}`;
    await ours("POST", `/sms?${version}`, { from, message: "hello", smsRecipients: [{ to: number }] });
    await inbox(number);
    assert.equal((await ours("POST", `${at}/:send`, { message: "hello yourself" })).status, 202);
    assert.equal((await ours("POST", `${at}/:optOut`, {})).status, 202);
    const out = await ours("POST", `/sms/optouts:check?${version}`, { from, recipients: [{ to: number }] });
    assert.equal(out.body.value[0].isOptedOut, true);
    const ledger = await ours("GET", "/parley/sms/optouts", undefined, { accept: "text/csv" });
    assert.match(ledger.text, new RegExp(`"${number.replace("+", "\\+")}",.*"keyword STOP \\(en\\)","handset"`));
    assert.equal((await ours("POST", `${at}/:optIn`, {})).status, 202);
    assert.equal((await ours("PUT", at, { deliveryCode: 4006 })).status, 200);
    const sent = await ours("POST", `/sms?${version}`, { from, message: "lost", smsRecipients: [{ to: number }] });
    const end = await eventually(() => report(sent.body.value[0].messageId));
    assert.match(end.deliveryStatusDetails, /^4006: /);
    assert.equal((await ours("PUT", at, { deliveryCode: 1 })).status, 400);
    assert.equal((await ours("GET", "/parley/inbox/sms?to=%2B4915112345678")).status, 400);
  });

  test("a dry run tells encoding and segments", async () => {
    const preview = async (message) => (await ours("POST", "/parley/sms/:preview", { message, from, to })).body;
    const plain = await preview("a".repeat(161));
    assert.deepEqual([plain.encoding, plain.segments, plain.unitsLeft], ["GSM-7", 2, 145]);
    assert.equal(plain.carriers[0].carrier, "handsets");
    assert.equal(plain.optedOut, false);
    const emoji = await preview("я".repeat(66) + "\u{1F600}" + "я".repeat(3));
    assert.deepEqual([emoji.encoding, emoji.segments], ["UCS-2", 2]);
  });
});

describe("bad input", () => {
  const send = (changes, recipients = [to]) =>
    ours("POST", `/sms?${version}`, { from, message: "x", smsRecipients: recipients.map((one) => ({ to: one })), ...changes });
  const statuses = async (recipients) => (await send({}, recipients)).body.value.map((one) => one.httpStatusCode);

  test("a number without its plus", async () => {
    assert.deepEqual(await statuses([handset().slice(1), handset()]), [400, 202]);
  });

  test("a number that is too long, too short, or none", async () => {
    assert.deepEqual(await statuses(["+1234567890123456", "+12345", "", "+1425555o100", "tel:+14255550100"]), Array(5).fill(400));
  });

  test("an alphanumeric sender that the resource may not use", async () => {
    const { status, body } = await send({ from: "Contoso" });
    assert.deepEqual([status, body.error.code], [401, "Unauthorized"]);
  });

  test("a sender of somebody else, and what is no sender", async () => {
    assert.equal((await send({ from: "+18005559999" })).status, 401);
    for (const none of ["18005550100", "much too long a name", "a_name", ""]) {
      assert.equal((await send({ from: none })).status, 400, none);
    }
  });

  test("an empty text, none, and nothing but U+0000", async () => {
    assert.equal((await send({ message: "\0\0" })).status, 400);
    for (const message of ["", undefined, null]) {
      const { status, body } = await send({ message });
      assert.equal(status, 400);
      assert.deepEqual(Object.keys(body.errors), ["Message"]);
    }
  });

  test("a text of 2,049 characters is too long, one of 2,048 is not", async () => {
    assert.equal((await send({ message: "x".repeat(2_049) })).status, 400);
    const number = handset();
    assert.equal((await send({ message: "x".repeat(2_048) }, [number])).status, 202);
    assert.equal((await inbox(number))[0].message.length, 2_048);
  });

  test("an emoji at a segment's border stays whole", async () => {
    const number = handset();
    // 66 units and the two of the emoji: one more than a segment of a longer message holds.
    const message = "я".repeat(66) + "\u{1F600}" + "я".repeat(60);
    await send({ message }, [number]);
    const [got] = await inbox(number);
    assert.equal(got.message, message);
    assert.equal(got.segments, 2);
  });

  test("a recipient that is named twice gets one message", async () => {
    const number = handset();
    const [first, second] = (await send({}, [number, number])).body.value;
    assert.equal(first.messageId, second.messageId);
    await eventually(() => report(first.messageId));
    assert.equal((await inbox(number)).length, 1);
  });

  test("no recipients, too many, and recipients that are none", async () => {
    assert.equal((await send({}, [])).status, 400);
    assert.equal((await send({}, Array(101).fill(to))).status, 400);
    const odd = await send({ smsRecipients: [null, {}, { to: null }] });
    assert.deepEqual(odd.body.value.map((one) => one.httpStatusCode), [400, 400, 400]);
  });

  test("bodies that are no JSON, or another shape", async () => {
    for (const body of ["text", [], 5, { from: {}, message: [], smsRecipients: "x" }]) {
      assert.equal((await ours("POST", `/sms?${version}`, body)).status, 400, JSON.stringify(body));
    }
    const long = await send({ smsSendOptions: { enableDeliveryReport: true, tag: "t".repeat(1_025) } });
    assert.equal(long.status, 400);
  });
});
