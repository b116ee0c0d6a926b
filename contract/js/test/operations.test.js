// What operators ask of numbers and usage over HTTP.

import { test, describe } from "node:test";
import assert from "node:assert/strict";
import { SmsClient } from "@azure/communication-sms";
import { House } from "../lib/house.js";
import { connectionString } from "../lib/sdk.js";
import { eventually, signed } from "../lib/signed.js";

const { ACS_SMS_FROM: from, ACS_RESOURCE_NAME: resource } = process.env;
const ours = (method, path, body, headers) => signed(connectionString, method, path, body, headers);

describe("/parley/usage", () => {
  const meter = "sms.segments";
  const today = new Date().toISOString().slice(0, 10);

  test("an access key reads what its resource used, by day", async () => {
    const sum = async () => {
      const { status, body } = await ours("GET", `/parley/usage?meter=${meter}&from=${today}`);
      assert.equal(status, 200);
      assert.ok(body.value.every((one) => one.resource === resource && one.meter === meter && one.day >= today));
      return body.value.reduce((all, one) => all + one.quantity, 0);
    };
    const before = await sum();
    // Three segments to each of two recipients; other tests may send meanwhile.
    const to = ["+14255550180", "+14255550181"];
    await new SmsClient(connectionString).send({ from, to, message: "x".repeat(400) });
    await eventually(async () => (await sum()) >= before + 6);
    const text = await ours("GET", `/parley/usage?meter=${meter}&from=${today}`, undefined, { accept: "text/plain" });
    assert.match(text.text, new RegExp(`^${resource}\t${meter}\t\\d{4}-\\d\\d-\\d\\d\t\\d+\t\\d+$`, "m"));
  });

  test("pages follow each other and lose nothing", async () => {
    const whole = (await ours("GET", `/parley/usage?to=${today}`)).body.value;
    const paged = [];
    let link = `/parley/usage?to=${today}&maxPageSize=1`;
    for (let i = 0; link && i < 200; i++) {
      const { body } = await ours("GET", link);
      assert.ok(body.value.length <= 1);
      paged.push(...body.value);
      link = body.nextLink;
    }
    const names = (days) => days.map(({ meter, day }) => `${day} ${meter}`).sort();
    assert.ok(names(whole).every((one) => names(paged).includes(one)), JSON.stringify(names(whole)));
    assert.equal(new Set(names(paged)).size, paged.length);
  });

  test("days, places and other resources are checked", async () => {
    assert.equal((await ours("GET", "/parley/usage?from=yesterday")).status, 400);
    assert.equal((await ours("GET", "/parley/usage?to=2026-02-30")).status, 400);
    assert.equal((await ours("GET", "/parley/usage?after=nowhere")).status, 400);
    assert.ok([401, 403, 404].includes((await ours("GET", "/parley/usage?resource=somebody-else")).status));
    const [, endpoint] = /endpoint=([^;]*)/.exec(connectionString);
    assert.equal((await fetch(new URL("/parley/usage", endpoint))).status, 401);
    assert.deepEqual((await ours("GET", "/parley/usage?from=2001-01-01&to=2001-12-31")).body.value, []);
  });
});

describe("/parley/numbers", () => {
  test("an access key is not the operator", async () => {
    assert.ok([401, 403].includes((await ours("GET", "/parley/numbers")).status));
    assert.ok([401, 403].includes((await ours("POST", "/parley/numbers/:import", { numbers: [] })).status));
  });
});

describe("/parley/numbers with the operator's token", () => {
  test("numbers are imported, counted, refused and removed", async () => {
    const house = await House.open({ "numbers.quarantine": "1h" });
    try {
      const { ACS_ARM_TOKEN, PARLEY_HTTP_ENDPOINT } = house.environment;
      const ask = async (method, path, body, type = "application/json") => {
        const response = await fetch(new URL(path, PARLEY_HTTP_ENDPOINT), {
          method,
          headers: { authorization: `Bearer ${ACS_ARM_TOKEN}`, ...(body ? { "content-type": type } : {}) },
          body,
        });
        const text = await response.text();
        return { status: response.status, text, body: text.startsWith("{") ? JSON.parse(text) : undefined };
      };
      const german = async () => (await ask("GET", "/parley/numbers")).body.value.find((one) => one.country === "DE");
      assert.equal(await german(), undefined);
      const csv = "first,count,country,type,assignment,calling,sms,cost,currency\n+4930000100,3,DE,geographic,application,none,inbound+outbound,1.5,EUR\n";
      assert.equal((await ask("POST", "/parley/numbers/:import", csv, "text/csv")).status, 200);
      // Again changes nothing.
      assert.equal((await ask("POST", "/parley/numbers/:import", csv, "text/csv")).status, 200);
      assert.deepEqual(await german(), {
        country: "DE",
        phoneNumberType: "geographic",
        assignmentType: "application",
        calling: "none",
        sms: "inbound+outbound",
        free: 3,
        held: 0,
        owned: 0,
        quarantined: 0,
      });
      const more = { numbers: [{ first: "+4930000200", country: "DE", type: "geographic", assignment: "application", sms: "inbound+outbound" }] };
      assert.equal((await ask("POST", "/parley/numbers/:import", JSON.stringify(more))).status, 200);
      assert.equal((await german()).free, 4);
      for (const bad of ["first,count,country,type\n4930,1,DE,geographic\n", "first,country,type\n+4930000100,Germany,geographic\n", "nonsense"]) {
        assert.equal((await ask("POST", "/parley/numbers/:import", bad, "text/csv")).status, 400, bad);
      }
      assert.equal((await ask("POST", "/parley/numbers/:import", "{", "application/json")).status, 400);
      // The resource's own number goes back, and is not for sale for an hour.
      const path = `/phoneNumbers/${encodeURIComponent(house.from)}?api-version=2022-12-01`;
      assert.equal((await house.ask("DELETE", path)).status, 202);
      await eventually(async () => (await ask("GET", "/parley/numbers")).body.value.some((one) => one.quarantined === 1));
      assert.equal((await ask("POST", "/parley/numbers/:remove", csv, "text/csv")).status, 200);
      assert.equal((await german()).free, 1);
    } finally {
      await house.close();
    }
  });
});
