// A page of another origin calls everything that the SDK calls, and the questions that browsers ask before.

import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Browser } from "../lib/browser.js";
import { endpoint, someone } from "../lib/parley.js";

let browser;
before(async () => (browser = await Browser.launch("newest", "older")));
after(() => browser.close());

for (const page of ["newest", "older"]) {
  test(`every operation of the ${page} SDK from a page of another origin`, async () => {
    const [ann, bob] = await Promise.all(["Ann", "Bob"].map(someone));
    const tab = await browser.tab(ann, { page });
    const { chatThread } = await tab.call("createChatThread", { topic: "CORS" }, { participants: [{ id: bob.user }] });
    assert.ok((await tab.call("listChatThreads")).some((item) => item.id === chatThread.id));
    const on = (method, ...rest) => tab.callThread(chatThread.id, method, ...rest);
    assert.equal((await on("getProperties")).topic, "CORS");
    await on("updateTopic", "renamed");
    if (page === "newest") await on("updateProperties", { metadata: { a: "b" } });
    const { id } = await on("sendMessage", { content: "hello" });
    assert.equal((await on("getMessage", id)).content.message, "hello");
    await on("updateMessage", id, { content: "changed" });
    assert.ok((await on("listMessages")).length >= 1);
    assert.equal(await on("sendTypingNotification"), true);
    await on("sendReadReceipt", { chatMessageId: id });
    assert.ok(Array.isArray(await on("listReadReceipts")));
    await on("removeParticipant", bob.user);
    await on("addParticipants", { participants: [{ id: bob.user }] });
    assert.equal((await on("listParticipants")).length, 2);
    await on("deleteMessage", id);
    await tab.call("deleteChatThread", chatThread.id);
    // A refusal must be readable too: without its headers the page would see a network error.
    await assert.rejects(on("sendMessage", { content: "too late" }), /not allowed/);
    await tab.page.context().close();
  });
}

test("the exact questions of the SDK's real-time calls", async () => {
  const questions = [
    ["GET", "/chat/config/realTimeNotifications?api-version=2024-09-01", "authorization,x-ms-client-request-id,x-ms-useragent"],
    ["GET", "//chat/config/realTimeNotifications?api-version=2024-09-01", "authorization,x-ms-client-request-id,x-ms-useragent"],
    ["POST", `${await trouter()}/v4/a?cor_id=1&con_num=1_1&epid=1`, "x-skypetoken"],
    ["POST", "/v4/a?cor_id=1&con_num=1_1&epid=1", "x-skypetoken"],
    ["GET", "/socket.io/1/?v=v4&t=1", "x-skypetoken"],
    ["GET", "/socket.io/1/xhr-polling/abc?t=1", "x-skypetoken"],
    ["POST", "/socket.io/1/xhr-polling/abc?t=1", "content-type,x-skypetoken"],
    ["POST", `${await registrar()}/v3/registrations`, "content-type,x-skypetoken"],
    ["DELETE", `${await registrar()}/v3/registrations/abc`, "x-skypetoken"],
  ];
  for (const [method, target, headers] of questions) {
    const url = target.startsWith("http") ? target : endpoint + target;
    const answer = await fetch(url, {
      method: "OPTIONS",
      headers: { Origin: browser.origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers },
    });
    const title = `${method} ${target}`;
    assert.ok(answer.ok, `${title}: ${answer.status}`);
    const said = (name) => (answer.headers.get(name) ?? "").toLowerCase();
    assert.ok(["*", browser.origin].includes(said("access-control-allow-origin")), `${title}: origin`);
    assert.ok(said("access-control-allow-methods").split(/, */).includes(method.toLowerCase()), `${title}: method`);
    const allowed = said("access-control-allow-headers").split(/, */);
    for (const header of headers.split(",")) assert.ok(allowed.includes(header), `${title}: ${header}`);
    assert.ok(Number(said("access-control-max-age")) > 0, `${title}: max age`);
  }
});

test("refusals of the real-time calls can be read by a page", async () => {
  const refusals = [
    ["GET", "/chat/config/realTimeNotifications?api-version=2024-09-01"],
    ["POST", "/v4/a?cor_id=1&con_num=1_1&epid=1"],
    ["GET", "/socket.io/1/?t=1"],
    ["GET", "/socket.io/1/xhr-polling/abc?t=1"],
  ];
  for (const [method, target] of refusals) {
    const answer = await fetch(endpoint + target, { method, headers: { Origin: browser.origin } });
    assert.ok(answer.status >= 400 && answer.status < 500, `${target}: ${answer.status}`);
    assert.ok(answer.headers.get("access-control-allow-origin"), target);
  }
});

test("the trouter host says what it is, and our own operations are closed to pages", async () => {
  const root = await fetch(`${endpoint}/`);
  assert.deepEqual([root.status, await root.text()], [200, "Trouter"]);
  const own = await fetch(`${endpoint}/parley/realtime`, {
    method: "OPTIONS",
    headers: { Origin: browser.origin, "Access-Control-Request-Method": "GET" },
  });
  assert.equal(own.headers.get("access-control-allow-origin"), null);
});

let configuration;
async function configured() {
  if (!configuration) {
    const { token } = await someone("Ann");
    const answer = await fetch(`${endpoint}/chat/config/realTimeNotifications?api-version=2024-09-01`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    configuration = await answer.json();
  }
  return configuration;
}
const trouter = async () => (await configured()).trouterServiceUrl;
const registrar = async () => (await configured()).registrarServiceUrl;
