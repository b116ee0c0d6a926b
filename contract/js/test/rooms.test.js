import { test, describe } from "node:test";
import assert from "node:assert/strict";
import { all, connectionString, endpoint, generations, refused } from "../lib/sdk.js";

const newest = await import("@azure/communication-rooms");
const older = await import("rooms-older");
const { CommunicationIdentityClient } = generations[0];
const { ClientSecretCredential } = await import("@azure/identity");
const { ACS_AUTHORITY_HOST, ACS_TENANT_ID, ACS_CLIENT_ID, ACS_CLIENT_SECRET } = process.env;

const identity = new CommunicationIdentityClient(connectionString);
const hours = (count) => new Date(Date.now() + count * 3_600_000);
const days = (count) => hours(24 * count);

/** A room that goes with the test. */
async function withRoom(client, options, use) {
  const room = await client.createRoom(options);
  try {
    await use(room);
  } finally {
    await client.deleteRoom(room.id);
  }
}

/** Roles by raw id. */
async function roles(client, roomId) {
  const found = {};
  for (const one of await all(client.listParticipants(roomId))) found[one.id.communicationUserId] = one.role;
  return found;
}

/**
 * Waits until the roles are these: 1.0.0 and 1.1.0 send a change of participants and return without its answer.
 */
async function becomes(client, roomId, expected) {
  const end = Date.now() + 30_000;
  for (;;) {
    const found = await roles(client, roomId);
    try {
      return assert.deepEqual(found, expected);
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

/** The refusal that names this detail. */
function detail(target, message) {
  return (error) => {
    refused(400, "BadRequest")(error);
    const said = error.details?.error?.details?.[0] ?? error.response?.parsedBody?.error?.details?.[0] ?? error.details?.[0];
    assert.equal(said?.target, target, JSON.stringify(error.details));
    assert.equal(said.message, message);
    return true;
  };
}

for (const { name, sdk, pstn, waits } of [
  { name: "1.2.0", sdk: newest, pstn: true, waits: true },
  { name: "1.1.0", sdk: await import("rooms-middle"), pstn: true, waits: false },
  { name: "1.0.0", sdk: older, pstn: false, waits: false },
]) {
  describe(`rooms with ${name}`, () => {
    const client = new sdk.RoomsClient(connectionString);

    test("a room is made with its defaults, read, changed and deleted", async () => {
      await withRoom(client, {}, async (room) => {
        assert.match(room.id, /^99\d{15}$/);
        assert.ok(Math.abs(room.validFrom - Date.now()) < 60_000);
        assert.ok(Math.abs(room.validUntil - days(180)) < 60_000);
        assert.ok(room.createdOn instanceof Date);
        assert.deepEqual(await client.getRoom(room.id), room);
        if (pstn) assert.equal(room.pstnDialOutEnabled, false);
        const change = { validFrom: hours(1), validUntil: hours(3), ...(pstn ? { pstnDialOutEnabled: true } : {}) };
        const changed = await client.updateRoom(room.id, change);
        assert.deepEqual(
          [changed.id, changed.createdOn, changed.validFrom, changed.validUntil],
          [room.id, room.createdOn, change.validFrom, change.validUntil],
        );
        if (pstn) assert.equal(changed.pstnDialOutEnabled, true);
        assert.deepEqual(await client.updateRoom(room.id, {}), changed);
        await client.deleteRoom(room.id);
        await assert.rejects(client.getRoom(room.id), refused(404, "NotFound"));
      });
    });

    test("participants are invited with roles, changed and removed", async () => {
      const [ann, bob, cat] = [await identity.createUser(), await identity.createUser(), await identity.createUser()];
      const participants = [{ id: ann, role: "Presenter" }, { id: bob }];
      await withRoom(client, { participants }, async (room) => {
        assert.deepEqual(await roles(client, room.id), {
          [ann.communicationUserId]: "Presenter",
          [bob.communicationUserId]: "Attendee",
        });
        await client.addOrUpdateParticipants(room.id, [{ id: bob, role: "Consumer" }, { id: cat, role: "Attendee" }]);
        await becomes(client, room.id, {
          [ann.communicationUserId]: "Presenter",
          [bob.communicationUserId]: "Consumer",
          [cat.communicationUserId]: "Attendee",
        });
        await client.removeParticipants(room.id, [ann]);
        const rest = { [bob.communicationUserId]: "Consumer", [cat.communicationUserId]: "Attendee" };
        await becomes(client, room.id, rest);
        // Somebody who is not there is removed without harm.
        if (waits) await client.removeParticipants(room.id, [ann]);
        assert.deepEqual(await roles(client, room.id), rest);
      });
    });

    test("a full room is listed page by page, and takes nobody more", async () => {
      const prefix = (await identity.createUser()).communicationUserId.split("_")[0];
      const users = Array.from({ length: 351 }, (_, i) => ({
        id: { communicationUserId: `${prefix}_00000000-0000-4000-8000-${String(i).padStart(12, "0")}` },
      }));
      await withRoom(client, { participants: users.slice(0, 350) }, async (room) => {
        assert.equal((await all(client.listParticipants(room.id))).length, 350);
        const full = detail("Participants", "A room has at most 350 participants.");
        if (waits) await assert.rejects(client.addOrUpdateParticipants(room.id, users.slice(350)), full);
        await assert.rejects(client.createRoom({ participants: users }), full);
      });
    });

    test("rooms are listed page by page", async () => {
      const made = [];
      try {
        for (let i = 0; i < 110; i++) made.push((await client.createRoom({})).id);
        const found = (await all(client.listRooms())).map((room) => room.id);
        assert.deepEqual(made.filter((id) => !found.includes(id)), []);
        assert.equal(new Set(found).size, found.length);
      } finally {
        for (const id of made) await client.deleteRoom(id);
      }
    });

    test("times outside of the rules are refused in the service's words", async () => {
      const range = "The time range is incorrect, or larger than 180 days.";
      const past = "The time range end is in the past.";
      await assert.rejects(client.createRoom({ validFrom: days(0), validUntil: days(200) }), detail("ValidUntil", range));
      await assert.rejects(client.createRoom({ validFrom: days(2), validUntil: days(1) }), detail("ValidUntil", range));
      await assert.rejects(client.createRoom({ validFrom: days(-2), validUntil: days(-1) }), detail("ValidUntil", past));
      await assert.rejects(
        client.createRoom({ validFrom: days(200), validUntil: days(201) }),
        detail("ValidFrom", "Value is incorrect or more than 180 days in the future."),
      );
      await withRoom(client, {}, async (room) => {
        await assert.rejects(
          client.updateRoom(room.id, { validFrom: days(3), validUntil: days(203) }),
          detail("ValidUntil", range),
        );
        assert.deepEqual(await client.getRoom(room.id), room);
      });
    });

    test("wrong ids and identifiers are refused in the service's words", async () => {
      const said = (message) => (error) => {
        refused(400, "BadRequest")(error);
        assert.match(error.message, new RegExp(message));
        return true;
      };
      await assert.rejects(client.getRoom("non-existingroomId"), said("Invalid room ID\\."));
      await assert.rejects(client.getRoom("invalid_id"), said("Invalid room ID length\\."));
      await assert.rejects(client.getRoom("99000000000000000"), refused(404, "NotFound"));
      await client.deleteRoom("99000000000000000");
      const bad = [{ id: { communicationUserId: "invalid MRI Values" }, role: "Presenter" }];
      await assert.rejects(client.createRoom({ participants: bad }), said("Invalid format for communication identifier\\."));
    });

    test("a deleted user is invited no longer", async () => {
      const user = await identity.createUser();
      await withRoom(client, { participants: [{ id: user, role: "Presenter" }] }, async (room) => {
        await identity.deleteUser(user);
        const end = Date.now() + 30_000;
        while ((await all(client.listParticipants(room.id))).length > 0) {
          assert.ok(Date.now() < end, "the user is still invited");
        }
      });
    });

    test("a token credential of the built-in issuer will do, a wrong key will not", async () => {
      const credential = new ClientSecretCredential(ACS_TENANT_ID, ACS_CLIENT_ID, ACS_CLIENT_SECRET, {
        authorityHost: ACS_AUTHORITY_HOST,
        disableInstanceDiscovery: true,
      });
      const principal = new sdk.RoomsClient(endpoint, credential);
      await withRoom(principal, {}, async (room) => assert.equal((await principal.getRoom(room.id)).id, room.id));
      const stranger = new sdk.RoomsClient(`endpoint=${endpoint};accesskey=${Buffer.alloc(64).toString("base64")}`);
      await assert.rejects(stranger.createRoom({}), refused(401));
    });
  });
}

test("a collaborator of 1.2.0 is an attendee for 1.0.0", async () => {
  const client = new newest.RoomsClient(connectionString);
  const user = await identity.createUser();
  await withRoom(client, { participants: [{ id: user, role: "Collaborator" }] }, async (room) => {
    assert.equal((await roles(client, room.id))[user.communicationUserId], "Collaborator");
    const before = new older.RoomsClient(connectionString);
    assert.equal((await roles(before, room.id))[user.communicationUserId], "Attendee");
  });
});

test("a creation that is sent twice makes one room, and says where", async () => {
  let answers = [];
  const twice = {
    name: "twice",
    async sendRequest(request, next) {
      if (request.method === "POST") {
        answers = [await next(request), await next(request)];
        return answers[1];
      }
      return next(request);
    },
  };
  const client = new newest.RoomsClient(connectionString, { additionalPolicies: [{ policy: twice, position: "perCall" }] });
  await withRoom(client, {}, async (room) => {
    assert.equal(answers[0].status, 201);
    assert.equal(answers[0].bodyAsText, answers[1].bodyAsText);
    for (const answer of answers) {
      assert.equal(answer.headers.get("location"), room.id);
      assert.equal(answer.headers.get("repeatability-result"), "accepted");
    }
  });
});
