import { test } from "node:test";
import assert from "node:assert/strict";
import { connectionString, generations, refused } from "../lib/sdk.js";

const { CommunicationRelayClient } = await import("@azure/communication-network-traversal");
const identity = new generations[0].CommunicationIdentityClient(connectionString);
const client = new CommunicationRelayClient(connectionString);

/** What RTCPeerConnection takes, valid for so many seconds. */
function check(configuration, seconds) {
  const left = (configuration.expiresOn - Date.now()) / 1000;
  assert.ok(left > seconds - 60 && left <= seconds, `${left} seconds`);
  for (const server of configuration.iceServers) {
    assert.ok(server.urls.length > 0 && server.urls.every((url) => /^(stun|turn)s?:/.test(url)), server.urls.join());
    assert.equal(Number(server.username.split(":")[0]), Math.floor(configuration.expiresOn / 1000));
    assert.equal(Buffer.from(server.credential, "base64").length, 20);
  }
}

test("relays for a user, with a life time", async () => {
  const user = await identity.createUser();
  const configuration = await client.getRelayConfiguration({ id: user.communicationUserId, ttl: 600 });
  check(configuration, 600);
  assert.deepEqual(configuration.iceServers.map((server) => server.routeType), ["any", "nearest"]);
  assert.ok(configuration.iceServers[0].username.endsWith(user.communicationUserId));
});

test("relays for nobody in particular, of one kind", async () => {
  const configuration = await client.getRelayConfiguration({ routeType: "nearest" });
  check(configuration, 172_800);
  assert.deepEqual(configuration.iceServers.map((server) => server.routeType), ["nearest"]);
});

test("a user who is gone gets no relay", async () => {
  const user = await identity.createUser();
  await identity.deleteUser(user);
  await assert.rejects(client.getRelayConfiguration({ id: user.communicationUserId }), refused(400, "BadRequest"));
});
