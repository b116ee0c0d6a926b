import { test, describe } from "node:test";
import assert from "node:assert/strict";
import { all, endpoint, generations, refused, someone, threadOf } from "../lib/sdk.js";

const text = (message) => message.content?.message;
const id = (participant) => participant.id.communicationUserId;

for (const sdk of generations) {
  describe(`chat with ${sdk.name}`, () => {
    test("two users talk", async () => {
      const ann = await someone(sdk);
      const bob = await someone(sdk);
      const { thread, clients } = await threadOf(sdk, [ann, bob]);
      assert.match(thread.id, /^19:.+@thread\.v2$/);
      assert.deepEqual(thread.createdBy, { kind: "communicationUser", ...ann.user });
      const first = await clients[0].sendMessage({ content: "Hello, Bob" }, { senderDisplayName: "Ann" });
      const second = await clients[1].sendMessage({ content: "Grüß dich, Ann \u{1F44B}" });
      assert.ok(BigInt(second.id) > BigInt(first.id));
      const listed = await all(clients[0].listMessages());
      assert.deepEqual(
        listed.map((message) => message.type),
        ["text", "text", "participantAdded", "topicUpdated"],
      );
      assert.deepEqual(listed.slice(0, 2).map(text), ["Grüß dich, Ann \u{1F44B}", "Hello, Bob"]);
      const got = await clients[1].getMessage(first.id);
      assert.equal(got.senderDisplayName, "Ann");
      assert.equal(got.createdOn.getTime(), Number(first.id));
      assert.equal(got.version, first.id);
      const added = listed.find((message) => message.type === "participantAdded");
      assert.deepEqual(added.content.participants.map(id).sort(), [ann, bob].map((who) => who.user.communicationUserId).sort());
      assert.deepEqual(added.content.initiator, { kind: "communicationUser", ...ann.user });
    });

    test("html is sanitised, text is kept as it is", async () => {
      const ann = await someone(sdk);
      const [client] = (await threadOf(sdk, [ann])).clients;
      const markup = '<b onclick="x()">bold</b><script>alert(1)</script>';
      const html = await client.sendMessage({ content: markup }, { type: "html" });
      const plain = await client.sendMessage({ content: markup });
      assert.equal(text(await client.getMessage(html.id)), "<b>bold</b>");
      assert.equal(text(await client.getMessage(plain.id)), markup);
    });

    test("a message is edited and deleted by its sender alone", async () => {
      const ann = await someone(sdk);
      const bob = await someone(sdk);
      const [ofAnn, ofBob] = (await threadOf(sdk, [ann, bob])).clients;
      const { id: message } = await ofAnn.sendMessage({ content: "frist" }, { metadata: { colour: "red" } });
      await assert.rejects(ofBob.updateMessage(message, { content: "mine" }), refused(403, "Forbidden"));
      await assert.rejects(ofBob.deleteMessage(message), refused(403, "Forbidden"));
      await ofAnn.updateMessage(message, { content: "first", metadata: { colour: "blue", tags: "a,b" } });
      const edited = await ofBob.getMessage(message);
      assert.equal(text(edited), "first");
      assert.deepEqual(edited.metadata, { colour: "blue", tags: "a,b" });
      assert.ok(edited.editedOn instanceof Date);
      assert.notEqual(edited.version, message);
      await ofAnn.deleteMessage(message);
      const [gone] = await all(ofBob.listMessages());
      assert.equal(gone.id, message);
      assert.ok(gone.deletedOn instanceof Date);
      assert.equal(text(gone), undefined);
    });

    test("pages of messages stay stable while messages arrive", async () => {
      const ann = await someone(sdk);
      const [client] = (await threadOf(sdk, [ann])).clients;
      for (let number = 0; number < 12; number++) await client.sendMessage({ content: `${number}` });
      const seen = [];
      for await (const page of client.listMessages({ maxPageSize: 5 }).byPage()) {
        assert.ok(page.length <= 5);
        seen.push(...page.filter((message) => message.type === "text").map(text));
        if (seen.length < 12) await client.sendMessage({ content: "late" });
      }
      assert.deepEqual(seen, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map(String));
    });

    test("startTime bounds messages and threads from below", async () => {
      const ann = await someone(sdk);
      const { thread, clients } = await threadOf(sdk, [ann]);
      const { id: first } = await clients[0].sendMessage({ content: "one" });
      const { id: second } = await clients[0].sendMessage({ content: "two" });
      const later = await all(clients[0].listMessages({ startTime: new Date(Number(second)) }));
      assert.deepEqual(later.map((message) => message.id), [second]);
      assert.ok(BigInt(first) < BigInt(second));
      const hour = 3_600_000;
      const active = (startTime) => all(ann.chat.listChatThreads({ startTime }));
      assert.deepEqual((await active(new Date(Date.now() - hour))).map((item) => item.id), [thread.id]);
      assert.deepEqual(await active(new Date(Date.now() + hour)), []);
    });

    test("participants come and go; history is shared from the time that was named", async () => {
      const [ann, bob, eve] = [await someone(sdk), await someone(sdk), await someone(sdk)];
      const { thread, clients } = await threadOf(sdk, [ann]);
      const { id: early } = await clients[0].sendMessage({ content: "early" });
      const added = await clients[0].addParticipants({
        participants: [
          { id: bob.user, displayName: "Bob", shareHistoryTime: new Date(0) },
          { id: eve.user, displayName: "Eve" },
        ],
      });
      assert.equal(added.invalidParticipants, undefined);
      const ofBob = bob.chat.getChatThreadClient(thread.id);
      const ofEve = eve.chat.getChatThreadClient(thread.id);
      const texts = async (client) => (await all(client.listMessages())).filter((one) => one.type === "text").map(text);
      assert.deepEqual(await texts(ofBob), ["early"]);
      assert.deepEqual(await texts(ofEve), []);
      assert.equal(text(await ofBob.getMessage(early)), "early");
      const participants = await all(ofBob.listParticipants({ maxPageSize: 2 }));
      assert.deepEqual(participants.map((one) => one.displayName ?? "-").sort(), ["-", "Bob", "Eve"]);
      await ofBob.removeParticipant(eve.user);
      await assert.rejects(ofEve.sendMessage({ content: "still here" }), refused(403, "Forbidden"));
      assert.deepEqual((await all(clients[0].listParticipants())).length, 2);
      const [removed] = await all(ofBob.listMessages());
      assert.equal(removed.type, "participantRemoved");
      assert.deepEqual(removed.content.participants.map(id), [eve.user.communicationUserId]);
    });

    test("participants that cannot join are named, the others join", async () => {
      const ann = await someone(sdk);
      const bob = await someone(sdk);
      const unknown = { communicationUserId: `${ann.user.communicationUserId.split("_")[0]}_${crypto.randomUUID()}` };
      const made = await ann.chat.createChatThread(
        { topic: "Partial" },
        { participants: [{ id: bob.user }, { id: unknown }] },
      );
      assert.deepEqual(
        made.invalidParticipants.map(({ target, code }) => [target, code]),
        [[unknown.communicationUserId, "404"]],
      );
      const client = bob.chat.getChatThreadClient(made.chatThread.id);
      assert.equal((await all(client.listParticipants())).length, 2);
    });

    test("topic and thread are changed and deleted by any participant", async () => {
      const ann = await someone(sdk);
      const bob = await someone(sdk);
      const { thread, clients } = await threadOf(sdk, [ann, bob]);
      await clients[1].updateTopic("Renamed");
      assert.equal((await clients[0].getProperties()).topic, "Renamed");
      const [message] = await all(clients[0].listMessages());
      assert.deepEqual([message.type, message.content.topic], ["topicUpdated", "Renamed"]);
      assert.deepEqual((await all(bob.chat.listChatThreads())).map((item) => item.topic), ["Renamed"]);
      await bob.chat.deleteChatThread(thread.id);
      await assert.rejects(clients[0].sendMessage({ content: "too late" }), refused(403, "Forbidden"));
      assert.deepEqual(await all(ann.chat.listChatThreads()).then((items) => items.filter((item) => !item.deletedOn)), []);
    });

    test("receipts and typing", async () => {
      const ann = await someone(sdk);
      const bob = await someone(sdk);
      const [ofAnn, ofBob] = (await threadOf(sdk, [ann, bob])).clients;
      const { id: chatMessageId } = await ofAnn.sendMessage({ content: "read me" });
      await ofBob.sendReadReceipt({ chatMessageId });
      const receipts = await all(ofAnn.listReadReceipts());
      assert.deepEqual(
        receipts.map((receipt) => [receipt.sender.communicationUserId, receipt.chatMessageId]),
        [[bob.user.communicationUserId, chatMessageId]],
      );
      assert.ok(Math.abs(receipts[0].readOn - Date.now()) < 60_000);
      assert.equal(await ofBob.sendTypingNotification({ senderDisplayName: "Bob" }), true);
    });

    test("the same idempotency token makes one thread", async () => {
      const ann = await someone(sdk);
      const idempotencyToken = crypto.randomUUID();
      const make = () => ann.chat.createChatThread({ topic: "Once" }, { idempotencyToken });
      const [one, two] = [await make(), await make()];
      assert.equal(one.chatThread.id, two.chatThread.id);
      assert.equal((await all(ann.chat.listChatThreads())).length, 1);
    });

    test("scopes: join may talk and add, not create; limited may not add", async () => {
      const ann = await someone(sdk);
      const joiner = await someone(sdk, ["chat.join"]);
      const limited = await someone(sdk, ["chat.join.limited"]);
      const caller = await someone(sdk, ["voip"]);
      const { thread, clients } = await threadOf(sdk, [ann, joiner, limited, caller]);
      await assert.rejects(joiner.chat.createChatThread({ topic: "no" }), refused(403, "Forbidden"));
      await assert.rejects(clients[1].updateTopic("no"), refused(403, "Forbidden"));
      await clients[1].addParticipants({ participants: [{ id: (await someone(sdk)).user }] });
      await assert.rejects(
        clients[2].addParticipants({ participants: [{ id: (await someone(sdk)).user }] }),
        refused(403, "Forbidden"),
      );
      await clients[2].sendMessage({ content: "limited, but here" });
      await assert.rejects(clients[3].sendMessage({ content: "no" }), refused(403, "Forbidden"));
      assert.equal((await clients[1].getProperties()).id, thread.id);
    });

    test("strangers, large messages and broken tokens are refused", async () => {
      const ann = await someone(sdk);
      const eve = await someone(sdk);
      const { thread, clients } = await threadOf(sdk, [ann]);
      await assert.rejects(eve.chat.getChatThreadClient(thread.id).getProperties(), refused(403, "Forbidden"));
      await clients[0].sendMessage({ content: "x".repeat(28 * 1024) });
      await assert.rejects(clients[0].sendMessage({ content: "x".repeat(28 * 1024 + 1) }), refused(400));
      const [header, payload, signature] = ann.token.split(".");
      const forged = [header, payload, signature.replace(/^./, (first) => (first === "A" ? "B" : "A"))].join(".");
      const forger = new sdk.ChatClient(endpoint, new sdk.AzureCommunicationTokenCredential(forged));
      await assert.rejects(forger.createChatThread({ topic: "no" }), refused(401, "Unauthorized"));
    });
  });
}

describe("chat with what only the newest client sends", () => {
  const [sdk] = generations;

  test("metadata and retention of threads", async () => {
    const ann = await someone(sdk);
    const { clients } = await threadOf(sdk, [ann], {
      metadata: { ward: "7", bed: "b" },
      retentionPolicy: { kind: "threadCreationDate", deleteThreadAfterDays: 60 },
    });
    const made = await clients[0].getProperties();
    assert.deepEqual(made.metadata, { ward: "7", bed: "b" });
    assert.deepEqual(made.retentionPolicy, { kind: "threadCreationDate", deleteThreadAfterDays: 60 });
    await clients[0].updateProperties({ metadata: { bed: "c" }, retentionPolicy: { kind: "none" } });
    const changed = await clients[0].getProperties();
    assert.equal(changed.metadata.bed, "c");
    assert.equal(changed.retentionPolicy.kind, "none");
  });

  test("metadata of participants", async () => {
    const ann = await someone(sdk);
    const bob = await someone(sdk);
    const { clients } = await threadOf(sdk, [ann]);
    await clients[0].addParticipants({ participants: [{ id: bob.user, metadata: { role: "nurse" } }] });
    const participants = await all(clients[0].listParticipants());
    assert.deepEqual(participants.find((one) => id(one) === bob.user.communicationUserId).metadata, { role: "nurse" });
  });
});
