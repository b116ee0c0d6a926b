// All ten events with every field, in both versions of the SDK that can be pointed at a server of one's own.

import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import { Browser } from "../lib/browser.js";
import { endpoint, someone } from "../lib/parley.js";
import { recent, same, version } from "../lib/same.js";

let browser;
before(async () => (browser = await Browser.launch("newest", "older")));
after(() => browser.close());

const ODD = `Zoë "50% off" %22 <b> 😀`;

for (const page of ["newest", "older"]) {
  describe(`${page} SDK`, () => {
    const newest = page === "newest";
    let ann, bob, eve, tabs, thread;

    before(async () => {
      [ann, bob, eve] = await Promise.all(["Ann", ODD, "Eve"].map(someone));
      tabs = await Promise.all([ann, bob, eve].map((person) => browser.tab(person, { page })));
      await Promise.all(tabs.map((tab) => tab.start()));
    });
    after(() => Promise.all(tabs.map((tab) => tab.page.close())));

    /** A participant as events show it; 1.5.4 knows no metadata. */
    const participant = (person, metadata = {}) => (event) => {
      same(event, {
        id: person.mine,
        displayName: person.name,
        ...(newest ? { metadata } : {}),
        ...("shareHistoryTime" in event ? { shareHistoryTime: (time) => time instanceof Date } : {}),
      });
      return true;
    };
    const participants = (...people) => (events) => {
      const byId = new Map(events.map((one) => [one.id.communicationUserId, one]));
      assert.equal(events.length, people.length);
      return people.every((person) => participant(person, person.metadata)(byId.get(person.user.communicationUserId)));
    };
    const policy = (days) =>
      newest ? { retentionPolicy: days ? { kind: "threadCreationDate", deleteThreadAfterDays: days } : { kind: "none" } } : {};
    /** 1.5.4 hands the parsed properties on as they came. */
    const properties = (topic, metadata) => (event) => {
      if (newest) assert.deepEqual(event, { topic, metadata });
      else assert.equal(event.topic, topic);
      return true;
    };
    /** Ann, who acts, and Bob hear the same, each as the recipient. */
    const both = async (name, number, check) => {
      for (const tab of tabs.slice(0, 2)) check(await tab.next(name, number), tab.person);
    };

    test("chatThreadCreated", async () => {
      const made = await tabs[0].call(
        "createChatThread",
        { topic: `Topic %41 ${ODD}` },
        {
          participants: [ann, bob].map((one) => ({ id: one.user, displayName: one.name })),
          ...(newest
            ? { metadata: { ward: "7 %22" }, retentionPolicy: { kind: "threadCreationDate", deleteThreadAfterDays: 60 } }
            : {}),
        },
      );
      thread = made.chatThread.id;
      await both("chatThreadCreated", 1, (event) =>
        same(event, {
          threadId: thread,
          version,
          createdOn: recent,
          createdBy: participant(ann),
          participants: participants(ann, bob),
          properties: properties(`Topic %41 ${ODD}`, { ward: "7 %22" }),
          ...policy(60),
        }),
      );
    });

    let first;

    test("chatMessageReceived, by everybody and by the sender's own tabs", async () => {
      first = await tabs[0].callThread(
        thread,
        "sendMessage",
        { content: `hello wörld 😀 %22 "quoted"` },
        { senderDisplayName: "Ann 100%", type: "text", metadata: { colour: "red" } },
      );
      await both("chatMessageReceived", 1, (event, person) =>
        same(event, {
          threadId: thread,
          sender: ann.mine,
          senderDisplayName: "Ann 100%",
          recipient: person.mine,
          id: first.id,
          createdOn: (time) => time.getTime() === Number(first.id),
          version: first.id,
          type: "Text",
          message: `hello wörld 😀 %22 "quoted"`,
          metadata: { colour: "red" },
          attachments: [],
        }),
      );
    });

    test("chatMessageReceived with markup and an inline image", async () => {
      const image = await upload(ann, thread);
      const { id } = await send(ann, thread, {
        content: `<p>look <img alt="image" src="" itemscope="png" id="${image.id}"></p>`,
        type: "html",
        attachments: [{ id: image.id, attachmentType: "image", name: "dot.png" }],
      });
      await both("chatMessageReceived", 2, (event) => {
        assert.equal(event.id, id);
        assert.equal(event.type, "RichText/Html");
        const [attachment] = event.attachments;
        assert.deepEqual([attachment.id, attachment.attachmentType, attachment.name], [image.id, "image", "dot.png"]);
        for (const url of [attachment.url, attachment.previewUrl]) {
          assert.ok(url.startsWith(`${endpoint}/chat/threads/`), url);
          assert.match(url, /[?&]api-version=/);
        }
      });
      const { attachments } = await tabs[1].next("chatMessageReceived", 2);
      const answer = await fetch(attachments[0].url, { headers: { Authorization: `Bearer ${bob.token}` } });
      assert.deepEqual([answer.status, answer.headers.get("content-type")], [200, "image/png"]);
    });

    test("chatMessageEdited", async () => {
      await tabs[0].callThread(thread, "updateMessage", first.id, { content: "edited", metadata: { colour: "blue" } });
      await both("chatMessageEdited", 1, (event, person) =>
        same(event, {
          threadId: thread,
          sender: ann.mine,
          senderDisplayName: "Ann 100%",
          recipient: person.mine,
          id: first.id,
          createdOn: (time) => time.getTime() === Number(first.id),
          version: (text) => BigInt(text) > BigInt(first.id),
          type: "Text",
          message: "edited",
          metadata: { colour: "blue" },
          attachments: [],
          editedOn: recent,
        }),
      );
    });

    test("typingIndicatorReceived", async () => {
      await tabs[0].callThread(thread, "sendTypingNotification", { senderDisplayName: "Ann types" });
      const event = await tabs[1].next("typingIndicatorReceived");
      same(event, {
        threadId: thread,
        sender: ann.mine,
        senderDisplayName: "Ann types",
        recipient: bob.mine,
        version,
        receivedOn: recent,
      });
    });

    test("readReceiptReceived", async () => {
      await tabs[1].callThread(thread, "sendReadReceipt", { chatMessageId: first.id });
      same(await tabs[0].next("readReceiptReceived"), {
        threadId: thread,
        sender: bob.mine,
        senderDisplayName: "",
        recipient: ann.mine,
        chatMessageId: first.id,
        readOn: recent,
      });
    });

    test("chatMessageDeleted, the name erased with the text", async () => {
      await tabs[0].callThread(thread, "deleteMessage", first.id);
      await both("chatMessageDeleted", 1, (event, person) =>
        same(event, {
          threadId: thread,
          sender: ann.mine,
          senderDisplayName: "",
          recipient: person.mine,
          id: first.id,
          createdOn: (time) => time.getTime() === Number(first.id),
          version: (text) => BigInt(text) > BigInt(first.id),
          type: "Text",
          deletedOn: recent,
        }),
      );
    });

    test("chatThreadPropertiesUpdated", async () => {
      if (newest) {
        await tabs[1].callThread(thread, "updateProperties", {
          topic: `Renamed ${ODD}`,
          metadata: { ward: "8" },
          retentionPolicy: { kind: "none" },
        });
      } else {
        await tabs[1].callThread(thread, "updateTopic", `Renamed ${ODD}`);
      }
      await both("chatThreadPropertiesUpdated", 1, (event) =>
        same(event, {
          threadId: thread,
          version,
          updatedOn: recent,
          updatedBy: participant(bob),
          properties: properties(`Renamed ${ODD}`, { ward: "8" }),
          ...policy(0),
        }),
      );
    });

    test("participantsAdded, by the new one too", async () => {
      await tabs[1].callThread(thread, "addParticipants", {
        participants: [
          {
            id: eve.user,
            displayName: eve.name,
            shareHistoryTime: new Date(0),
            ...(newest ? { metadata: { role: "nurse" } } : {}),
          },
        ],
      });
      for (const tab of tabs) {
        same(await tab.next("participantsAdded"), {
          threadId: thread,
          version,
          addedOn: recent,
          addedBy: participant(bob),
          participantsAdded: participants({ ...eve, metadata: newest ? { role: "nurse" } : {} }),
        });
      }
    });

    test("participantsRemoved, by the removed one too, who hears nothing afterwards", async () => {
      await tabs[1].callThread(thread, "removeParticipant", eve.user);
      for (const tab of tabs) {
        same(await tab.next("participantsRemoved"), {
          threadId: thread,
          version,
          removedOn: recent,
          removedBy: participant(bob),
          // Removal erases the metadata; the name stays in the system message.
          participantsRemoved: participants(eve),
        });
      }
      await tabs[0].callThread(thread, "sendMessage", { content: "without Eve" });
      await tabs[1].until(() => tabs[1].texts().includes("without Eve"), "the message without Eve");
      // Her own next event proves that nothing of the thread came before it.
      await tabs[2].call("createChatThread", { topic: "Eve's own" }, {});
      await tabs[2].until(() => tabs[2].events("chatThreadCreated").some((one) => one.properties.topic === "Eve's own"), "her thread");
      assert.deepEqual(tabs[2].texts(), []);
    });

    test("chatThreadDeleted, the names erased with the thread", async () => {
      await tabs[0].call("deleteChatThread", thread);
      await both("chatThreadDeleted", 1, (event) =>
        same(event, {
          threadId: thread,
          version,
          deletedOn: recent,
          deletedBy: participant({ ...ann, name: "" }),
          ...(newest ? { reason: "deletedByUser" } : {}),
        }),
      );
    });
  });
}

/** A picture of one dot, uploaded as the service's REST interface has it; the SDK's stable versions cannot. */
async function upload(person, thread) {
  const dot = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
  const answer = await fetch(`${endpoint}/chat/threads/${encodeURIComponent(thread)}/images?api-version=2024-06-05-preview`, {
    method: "POST",
    headers: { Authorization: `Bearer ${person.token}`, "Content-Type": "image/png", "Image-Filename": "dot.png" },
    body: dot,
  });
  assert.equal(answer.status, 201, await answer.clone().text());
  return answer.json();
}

async function send(person, thread, message) {
  const answer = await fetch(`${endpoint}/chat/threads/${encodeURIComponent(thread)}/messages?api-version=2024-06-05-preview`, {
    method: "POST",
    headers: { Authorization: `Bearer ${person.token}`, "Content-Type": "application/json" },
    body: JSON.stringify(message),
  });
  assert.equal(answer.status, 201, await answer.clone().text());
  return answer.json();
}
