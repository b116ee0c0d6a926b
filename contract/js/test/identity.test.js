import { test, describe } from "node:test";
import assert from "node:assert/strict";
import { createHmac, createHash } from "node:crypto";
import {
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
} from "@azure/core-rest-pipeline";
import { chatWith, connectionString, endpoint, generations, refused, someone } from "../lib/sdk.js";

const claims = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
const minutesFromNow = (time) => (time.getTime() - Date.now()) / 60_000;

for (const sdk of generations) {
  describe(`identity with ${sdk.name}`, () => {
    const identity = new sdk.CommunicationIdentityClient(connectionString);

    test("a user is created, gets tokens, and is deleted", async () => {
      const user = await identity.createUser();
      assert.match(user.communicationUserId, /^8:acs:[0-9a-f-]{36}_[0-9a-f-]{36}$/);
      const { token, expiresOn } = await identity.getToken(user, ["chat", "voip"]);
      assert.ok(Math.abs(minutesFromNow(expiresOn) - 1440) < 2, `expires ${expiresOn}`);
      assert.equal(`8:${claims(token).skypeid}`, user.communicationUserId);
      assert.equal(claims(token).acsScope, "chat,voip");
      assert.equal(claims(token).exp, Math.floor(expiresOn.getTime() / 1000));
      await identity.deleteUser(user);
      await assert.rejects(identity.getToken(user, ["chat"]), refused(404));
    });

    test("every scope can be asked for", async () => {
      for (const scope of ["chat", "chat.join", "chat.join.limited", "voip", "voip.join"]) {
        const { token } = await identity.createUserAndToken([scope]);
        assert.equal(claims(token).acsScope, scope);
      }
    });

    test("a token lives from one to twenty-four hours", async () => {
      const { expiresOn } = await identity.createUserAndToken(["chat"], { tokenExpiresInMinutes: 60 });
      assert.ok(Math.abs(minutesFromNow(expiresOn) - 60) < 2);
      for (const tokenExpiresInMinutes of [59, 1441]) {
        await assert.rejects(identity.createUserAndToken(["chat"], { tokenExpiresInMinutes }), refused(400));
      }
    });

    test("an unknown scope and no scope are refused", async () => {
      const user = await identity.createUser();
      await assert.rejects(identity.getToken(user, ["chatter"]), refused(400));
      await assert.rejects(identity.getToken(user, []), refused(400));
    });

    test("revoked tokens end, and a token issued in the same second lives", async () => {
      const { user, token, chat } = await someone(sdk);
      await chat.createChatThread({ topic: "before" });
      await identity.revokeTokens(user);
      const fresh = await identity.getToken(user, ["chat"]);
      await assert.rejects(chatWith(sdk, token).createChatThread({ topic: "after" }), refused(401, "Unauthorized"));
      await chatWith(sdk, fresh.token).createChatThread({ topic: "after" });
    });

    test("a deleted user's token ends", async () => {
      const { user, chat } = await someone(sdk);
      await identity.deleteUser(user);
      await assert.rejects(chat.createChatThread({ topic: "late" }), refused(401, "Unauthorized"));
    });

    test("users of other resources and malformed ids are refused alike", async () => {
      const elsewhere = "8:acs:00000000-0000-4000-8000-000000000000_00000000-0000-4000-8000-000000000001";
      for (const communicationUserId of [elsewhere, "8:acs:nonsense"]) {
        await assert.rejects(identity.getToken({ communicationUserId }, ["chat"]), refused(401, "IdentityNotOwned"));
      }
    });

    test("a wrong key is refused", async () => {
      const wrong = connectionString.replace(/accesskey=.*/i, `accesskey=${Buffer.alloc(64, 7).toString("base64")}`);
      const stranger = new sdk.CommunicationIdentityClient(wrong);
      await assert.rejects(stranger.createUser(), refused(401));
    });

    test("a Teams token is refused while no issuer is configured", async () => {
      const options = { teamsUserAadToken: "a.b.c", clientId: crypto.randomUUID(), userObjectId: crypto.randomUUID() };
      await assert.rejects(identity.getTokenForTeamsUser(options), refused(401, "InvalidAccessToken"));
    });

    test("custom ids, with the official signature", async () => {
      const key = sdk.parseConnectionString(connectionString).credential;
      const pipeline = createEmptyPipeline();
      pipeline.addPolicy(sdk.createCommunicationAuthPolicy(key));
      const create = (externalId) =>
        pipeline.sendRequest(
          createDefaultHttpClient(),
          createPipelineRequest({
            url: `${endpoint}identities?api-version=2025-03-02-preview`,
            method: "POST",
            headers: createHttpHeaders({ "content-type": "application/json" }),
            body: JSON.stringify({ externalId }),
          }),
        );
      const externalId = `patient ${crypto.randomUUID()} ~*()'`;
      const first = await create(externalId);
      const second = await create(externalId);
      assert.deepEqual([first.status, second.status], [201, 200]);
      assert.equal(JSON.parse(first.bodyAsText).identity.id, JSON.parse(second.bodyAsText).identity.id);
    });
  });
}

test("the signature's own bytes decide: an empty body, an old date, a changed body", async () => {
  const key = Buffer.from(connectionString.match(/accesskey=(.*)$/i)[1], "base64");
  const send = (signedBody, sentBody, date = new Date()) => {
    const url = new URL("identities?api-version=2023-10-01", endpoint);
    const hash = createHash("sha256").update(signedBody).digest("base64");
    const text = `POST\n${url.pathname}${url.search}\n${date.toUTCString()};${url.host};${hash}`;
    const signature = createHmac("sha256", key).update(text).digest("base64");
    return fetch(url, {
      method: "POST",
      body: sentBody,
      headers: {
        "content-type": "application/json",
        "x-ms-date": date.toUTCString(),
        "x-ms-content-sha256": hash,
        authorization: `HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=${signature}`,
      },
    }).then((answer) => answer.status);
  };
  const old = new Date(Date.now() - 16 * 60_000);
  assert.equal(await send("{}", "{}"), 201);
  assert.equal(await send("{}", '{"createTokenWithScopes":["chat"]}'), 401);
  assert.equal(await send("{}", "{}", old), 401);
});
