// What a newcomer pastes: the samples of the packages' own READMEs.

import { test, describe } from "node:test";
import assert from "node:assert/strict";
import { all, connectionString, endpoint, generations, someone } from "../lib/sdk.js";
import { run, samples } from "../lib/published.js";

const [sdk] = generations;

describe("the published samples of @azure/communication-chat", async () => {
  const published = Object.fromEntries(samples("@azure/communication-chat").map(({ name, code }) => [name, code]));
  const jack = await someone(sdk);
  const geeta = await someone(sdk);
  const jane = await someone(sdk);
  const place = {
    "<ENDPOINT>": endpoint,
    "<USER_ACCESS_TOKEN>": jack.token,
    "<USER_ID>": geeta.user.communicationUserId,
    "<USER_DISPLAY_NAME>": "Geeta",
    "<NEW_PARTICIPANT_USER_ID>": jane.user.communicationUserId,
    "<MEMBER_ID>": geeta.user.communicationUserId,
  };
  const sample = (name, more = "") => run(name, published[name] + more, place);
  const participants = async () =>
    (await all(jack.chat.getChatThreadClient(place["<threadId>"]).listParticipants()))
      .map(({ id }) => id.communicationUserId)
      .sort();

  test("a client, then a thread with two users", async () => {
    await sample("ReadmeSampleCreateClient_Node");
    const { threadId, result } = await sample(
      "ReadmeSampleCreateThread",
      "\nexport { threadId, createChatThreadResult as result };",
    );
    assert.equal(result.chatThread.topic, "Hello, World!");
    assert.equal(result.invalidParticipants, undefined);
    place["<threadId>"] = threadId;
    assert.deepEqual(await participants(), [jack, geeta].map((who) => who.user.communicationUserId).sort());
  });

  test("a message is sent and listed", async () => {
    await sample("ReadmeSampleCreateChatThreadClient");
    const { messageId } = await sample("ReadmeSampleSendMessage", "\nexport { messageId };");
    const listed = [];
    globalThis.listed = listed;
    await run(
      "ReadmeSampleListMessages",
      published.ReadmeSampleListMessages.replace("// your code here", "globalThis.listed.push(chatMessage);"),
      place,
    );
    const [newest] = listed;
    assert.equal(newest.id, messageId);
    assert.equal(newest.content.message, "Hello Geeta! Can you share the deck for the conference?");
    assert.equal(newest.senderDisplayName, "Jack");
    assert.deepEqual(newest.sender, { kind: "communicationUser", ...jack.user });
  });

  test("a participant is added, another removed", async () => {
    await sample("ReadmeSampleAddParticipants");
    await sample("ReadmeSampleRemoveParticipants");
    assert.deepEqual(await participants(), [jack, jane].map((who) => who.user.communicationUserId).sort());
  });
});

test("the published samples of @azure/communication-identity", async () => {
  const usable = samples("@azure/communication-identity")
    .map(({ code }) => code)
    // Entra ID and a Teams user need issuers that this server was not given; a client is made once.
    .filter((code) => !/import |getTokenForTeamsUser/.test(code));
  const [createUser, ...rest] = usable;
  const ran = await run(
    "identity",
    [
      'import { CommunicationIdentityClient } from "@azure/communication-identity";',
      "const client = new CommunicationIdentityClient(CONNECTION_STRING);",
      createUser,
      // Each sample declares its token anew.
      ...rest.map((code) => `{\n${code}}`),
      "export { user };",
    ].join("\n"),
    { CONNECTION_STRING: JSON.stringify(connectionString) },
  );
  assert.equal(rest.length, 7);
  assert.match(ran.user.communicationUserId, /^8:acs:[0-9a-f-]{36}_[0-9a-f-]{36}$/);
});
