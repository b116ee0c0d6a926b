// SMS events through a subscribed webhook, as the official deserialiser reads them.

import { test, describe, before, after } from "node:test";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { EventGridManagementClient } from "@azure/arm-eventgrid";
import { SmsClient } from "@azure/communication-sms";
import { EventGridDeserializer, isSystemEvent } from "@azure/eventgrid";
import { ClientSecretCredential } from "@azure/identity";
import { handset } from "../lib/handset.js";
import { Receiver } from "../lib/receiver.js";
import { connectionString } from "../lib/sdk.js";
import { signed } from "../lib/signed.js";

const env = process.env;
const from = env.ACS_SMS_FROM;
const digits = (number) => number.slice(1);

describe("SMS events at a webhook", () => {
  const sms = new SmsClient(connectionString);
  const credential = new ClientSecretCredential(env.ACS_TENANT_ID, env.ACS_CLIENT_ID, env.ACS_CLIENT_SECRET, {
    authorityHost: env.ACS_AUTHORITY_HOST,
    disableInstanceDiscovery: true,
  });
  const { eventSubscriptions } = new EventGridManagementClient(credential, env.ACS_SUBSCRIPTION_ID, { endpoint: env.ACS_ARM_ENDPOINT });
  const scope =
    `subscriptions/${env.ACS_SUBSCRIPTION_ID}/resourceGroups/${env.ACS_RESOURCE_GROUP}` +
    `/providers/Microsoft.Communication/communicationServices/${env.ACS_RESOURCE_NAME}`;
  const name = `sms-${randomUUID().slice(0, 13)}`;
  const mobile = handset();
  const mine = (event) => [event.data.from, event.data.to].includes(digits(mobile));
  const say = (message) => signed(connectionString, "POST", `/parley/handsets/${encodeURIComponent(mobile)}/:send`, { message, to: from });
  let receiver;

  /** The events of one kind that came, read by the official client. */
  async function read(type, count) {
    const came = await receiver.wait(count, (event) => event.eventType === `Microsoft.Communication.${type}` && mine(event));
    const events = await new EventGridDeserializer().deserializeEventGridEvents(JSON.stringify(came));
    assert.ok(events.every((event) => isSystemEvent(`Microsoft.Communication.${type}`, event)));
    return events;
  }

  before(async () => {
    receiver = await Receiver.start();
    await eventSubscriptions.beginCreateOrUpdateAndWait(scope, name, {
      destination: { endpointType: "WebHook", endpointUrl: receiver.url },
      filter: { includedEventTypes: ["Microsoft.Communication.SMSReceived", "Microsoft.Communication.SMSDeliveryReportReceived"] },
    });
  });

  after(async () => {
    receiver?.close();
    await signed(connectionString, "DELETE", `/parley/handsets/${encodeURIComponent(mobile)}`);
    await eventSubscriptions.beginDeleteAndWait(scope, name);
  });

  test("delivery reports tell how messages ended, where they were asked for", async () => {
    const options = { enableDeliveryReport: true, tag: "a tag" };
    await sms.send({ from, to: [mobile], message: "no report, please" });
    const [delivered] = await sms.send({ from, to: [mobile], message: "\u{1F600}".repeat(100) /* 33 a segment */ }, options);
    await read("SMSDeliveryReportReceived", 1);
    await signed(connectionString, "PUT", `/parley/handsets/${encodeURIComponent(mobile)}`, { deliveryCode: 4006 });
    const [failed] = await sms.send({ from, to: [mobile], message: "lost" }, options);
    const events = await read("SMSDeliveryReportReceived", 2);
    assert.deepEqual(new Set(events.map((event) => event.data.messageId)), new Set([delivered.messageId, failed.messageId]));
    const of = (result) => events.find((event) => event.data.messageId === result.messageId);
    const { data, subject, topic, eventTime } = of(delivered);
    assert.equal(subject, `/phonenumber/${digits(from)}`);
    assert.match(topic, /\/communicationservices\//i);
    assert.ok(eventTime instanceof Date);
    assert.deepEqual([data.from, data.to], [digits(from), digits(mobile)]);
    assert.deepEqual([data.deliveryStatus, data.deliveryStatusDetails, data.tag], ["Delivered", "2000: No Error", "a tag"]);
    assert.deepEqual(data.deliveryAttempts.map((one) => [one.segmentsSucceeded, one.segmentsFailed]), [[4, 0]]);
    assert.equal(of(failed).data.deliveryStatus, "Failed");
    assert.match(of(failed).data.deliveryStatusDetails, /^4006: /);
  });

  test("what a handset sends is told, keywords too", async () => {
    const text = "Grüße \u{1F44B} über zwei Segmente ".repeat(5).trim();
    for (const message of [text, "STOP"]) assert.equal((await say(message)).status, 202);
    const events = await read("SMSReceived", 2);
    const [{ data, subject }] = events.filter((event) => event.data.message !== "STOP");
    assert.equal(subject, `/phonenumber/${digits(from)}`);
    assert.deepEqual([data.from, data.to, data.message], [digits(mobile), digits(from), text]);
    assert.match(data.messageId, /^Incoming_/);
    assert.ok(data.receivedTimestamp);
    assert.equal((await say("START")).status, 202);
    await read("SMSReceived", 3);
  });
});
