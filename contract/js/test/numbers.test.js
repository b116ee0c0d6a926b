import { test, describe } from "node:test";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { all, connectionString, refused } from "../lib/sdk.js";

const newest = await import("@azure/communication-phone-numbers");
const older = await import("numbers-older");
const { ACS_SMS_FROM, ACS_SIP_DOMAIN } = process.env;

const tollFree = {
  countryCode: "US",
  phoneNumberType: "tollFree",
  assignmentType: "application",
  capabilities: { calling: "none", sms: "inbound+outbound" },
};

/** Numbers that are bought for a test and given back after it. */
async function bought(client, search, use) {
  const found = await (await client.beginSearchAvailablePhoneNumbers(search)).pollUntilDone();
  await (await client.beginPurchasePhoneNumbers(found.searchId)).pollUntilDone();
  try {
    await use(found.phoneNumbers, found);
  } finally {
    for (const number of found.phoneNumbers) {
      await (await client.beginReleasePhoneNumber(number)).pollUntilDone();
    }
  }
}

/** A refusal by what is inside its error; the newest SDK spells that member another way than the service. */
function answered(statusCode, inner) {
  return (error) => {
    const body = error.details?.error ?? error.response?.parsedBody?.error ?? {};
    if (error.statusCode !== statusCode || (body.innererror ?? body.innerError)?.code !== inner) {
      throw new Error(`expected ${statusCode} ${inner}, got ${error.statusCode} ${JSON.stringify(body)} ${error.message}`);
    }
    return true;
  };
}

for (const [name, sdk, quantity] of [
  ["1.5.0", newest, 3],
  // This one waits two seconds for everything.
  ["1.0.0", older, 1],
]) {
  describe(`phone numbers with ${name}`, () => {
    const client = new sdk.PhoneNumbersClient(connectionString);

    test("the resource owns a number that sends and receives SMS", async () => {
      const number = await client.getPurchasedPhoneNumber(ACS_SMS_FROM);
      assert.equal(number.id, ACS_SMS_FROM.slice(1));
      assert.deepEqual(number.capabilities, { calling: "inbound+outbound", sms: "inbound+outbound" });
      assert.equal(number.countryCode, "US");
      assert.ok(number.purchaseDate instanceof Date);
      assert.deepEqual(number.cost, { amount: 2, currencyCode: "USD", billingFrequency: "monthly" });
      assert.ok((await all(client.listPurchasedPhoneNumbers())).some((one) => one.phoneNumber === ACS_SMS_FROM));
    });

    test("numbers are searched, bought, listed, changed and released", async () => {
      let released;
      await bought(client, { ...tollFree, quantity }, async (numbers, found) => {
        released = numbers[0];
        assert.equal(numbers.length, quantity);
        assert.deepEqual(found.capabilities, tollFree.capabilities);
        const left = found.searchExpiresBy.getTime() - Date.now();
        assert.ok(left > 0 && left <= 15 * 60_000, `${left} ms`);
        const owned = (await all(client.listPurchasedPhoneNumbers())).map((one) => one.phoneNumber);
        assert.ok(numbers.every((number) => owned.includes(number)));
        const poller = await client.beginUpdatePhoneNumberCapabilities(numbers[0], { calling: "inbound", sms: "outbound" });
        assert.deepEqual((await poller.pollUntilDone()).capabilities, { calling: "inbound", sms: "outbound" });
        const got = await client.getPurchasedPhoneNumber(numbers[0]);
        assert.deepEqual(got.capabilities, { calling: "inbound", sms: "outbound" });
        assert.equal(got.assignmentType, "application");
      });
      await assert.rejects(client.getPurchasedPhoneNumber(released), (error) => {
        assert.equal(error.message, `Input phoneNumber ${released} cannot be found.`);
        return refused(404, "NotFound")(error);
      });
    });

    test("a search that no number fits is refused as the service does", async () => {
      const begin = async () => (await client.beginSearchAvailablePhoneNumbers({ ...tollFree, assignmentType: "person" })).pollUntilDone();
      await assert.rejects(begin, answered(400, "BadRequest"));
    });
  });
}

describe("numbers that nobody has, or had once", () => {
  const client = new newest.PhoneNumbersClient(connectionString);

  test("owned numbers are listed in pages", async () => {
    await bought(client, { ...tollFree, quantity: 3 }, async (numbers) => {
      const pages = [];
      for await (const page of client.listPurchasedPhoneNumbers({ top: 2 }).byPage()) pages.push(page);
      assert.ok(pages.length >= 2, `${pages.length} pages`);
      assert.ok(pages.every((page) => page.length <= 2));
      const listed = pages.flat().map((one) => one.phoneNumber);
      assert.ok(numbers.every((number) => listed.includes(number)));
      assert.deepEqual(listed, [...new Set(listed)].sort());
    });
  });

  test("a foreign number is not released", async () => {
    await assert.rejects(async () => (await client.beginReleasePhoneNumber("+14155550199")).pollUntilDone(), refused(404));
  });

  test("a search that finds nothing fails", async () => {
    const begin = async () => (await client.beginSearchAvailablePhoneNumbers({ ...tollFree, areaCode: "899" })).pollUntilDone();
    await assert.rejects(begin);
  });

  test("a search is bought once", async () => {
    await bought(client, tollFree, async (_, found) => {
      await assert.rejects(async () => (await client.beginPurchasePhoneNumbers(found.searchId)).pollUntilDone(), refused(409));
    });
    await assert.rejects(async () => (await client.beginPurchasePhoneNumbers(randomUUID())).pollUntilDone(), refused(404));
  });
});

describe("what came with 1.5.0", () => {
  const client = new newest.PhoneNumbersClient(connectionString);

  test("countries, localities, area codes and offerings", async () => {
    const countries = await all(client.listAvailableCountries());
    assert.deepEqual(
      countries.map((country) => country.countryCode),
      ["FR", "GB", "US"],
    );
    assert.equal(countries[0].localizedName, "France");
    const german = await all(new newest.PhoneNumbersClient(connectionString, {}, { acceptLanguage: "de-DE" }).listAvailableCountries());
    assert.equal(german[0].localizedName, "Frankreich");
    const localities = await all(client.listAvailableLocalities("US"));
    assert.ok(localities.length > 10);
    const washington = await all(client.listAvailableLocalities("US", { administrativeDivision: "WA" }));
    assert.deepEqual(
      washington.map((one) => one.localizedName),
      ["Seattle", "Tacoma"],
    );
    assert.deepEqual(washington[0].administrativeDivision, { localizedName: "Washington", abbreviatedName: "WA" });
    const pages = [];
    for await (const page of client.listAvailableLocalities("US", { maxPageSize: 5 }).byPage()) pages.push(page);
    assert.deepEqual(pages.flat(), localities);
    const seattle = await all(client.listAvailableGeographicAreaCodes("US", { locality: "Seattle", administrativeDivision: "WA" }));
    assert.deepEqual(seattle, [{ areaCode: "206" }]);
    assert.equal((await all(client.listAvailableTollFreeAreaCodes("US"))).length, 7);
    assert.deepEqual(await all(client.listAvailableMobileAreaCodes("GB")), [{ areaCode: "7700" }]);
    const offerings = await all(client.listAvailableOfferings("US"));
    assert.deepEqual(
      offerings.map((one) => `${one.phoneNumberType} ${one.assignmentType} ${one.cost.amount} ${one.cost.currencyCode}`),
      ["geographic person 1 USD", "geographic application 1 USD", "tollFree application 2 USD"],
    );
    const mobile = await all(client.listAvailableOfferings("GB", { phoneNumberType: "mobile", assignmentType: "application" }));
    assert.deepEqual(mobile[0].availableCapabilities, { calling: "none", sms: "inbound+outbound" });
  });

  test("places without numbers are refused", async () => {
    await assert.rejects(all(client.listAvailableLocalities("ZZ")), refused(404, "NotFound"));
    await assert.rejects(
      all(client.listAvailableGeographicAreaCodes("US", { locality: "Springfield" })),
      refused(404, "NotFound"),
    );
    await assert.rejects(all(client.listAvailableGeographicAreaCodes("US")), refused(400, "BadRequest"));
  });

  test("numbers are browsed, reserved and bought", async () => {
    const { phoneNumbers } = await client.browseAvailablePhoneNumbers({
      countryCode: "GB",
      phoneNumberType: "geographic",
      assignmentType: "application",
      phoneNumberPrefixes: ["44161"],
    });
    assert.ok(phoneNumbers.length > 2);
    assert.ok(phoneNumbers.every((one) => one.phoneNumber.startsWith("+44161") && one.status === "available"));
    const [first, second] = phoneNumbers;
    const id = randomUUID();
    const made = await client.createOrUpdateReservation({ reservationId: id }, { add: [first, second] });
    assert.equal(made.status, "active");
    assert.deepEqual(Object.keys(made.phoneNumbers).sort(), [first.id, second.id].sort());
    assert.equal(made.phoneNumbers[first.id].status, "reserved");
    const rival = await client.createOrUpdateReservation({ reservationId: randomUUID() }, { add: [first] });
    assert.equal(rival.phoneNumbers[first.id].status, "error");
    assert.equal(rival.phoneNumbers[first.id].error.code, "PhoneNumberUnavailable");
    await client.deleteReservation(rival.id);
    const fewer = await client.createOrUpdateReservation({ reservationId: id }, { remove: [second.id] });
    assert.deepEqual(Object.keys(fewer.phoneNumbers), [first.id]);
    assert.ok((await all(client.listReservations())).some((one) => one.id === id));
    await (await client.beginReservationPurchase(id)).pollUntilDone();
    const after = await client.getReservation(id);
    assert.equal(after.status, "completed");
    assert.equal(after.phoneNumbers[first.id].status, "purchased");
    await client.getPurchasedPhoneNumber(first.phoneNumber);
    await (await client.beginReleasePhoneNumber(first.phoneNumber)).pollUntilDone();
    await client.deleteReservation(id);
    await assert.rejects(client.getReservation(id), refused(404, "NotFound"));
  });

  test("a French number needs the agreement not to resell", async () => {
    const search = { countryCode: "FR", phoneNumberType: "geographic", assignmentType: "person", capabilities: { calling: "outbound", sms: "none" } };
    const found = await (await client.beginSearchAvailablePhoneNumbers(search)).pollUntilDone();
    assert.equal(found.isAgreementToNotResellRequired, true);
    await assert.rejects(async () => (await client.beginPurchasePhoneNumbers(found.searchId)).pollUntilDone(), refused(400, "BadRequest"));
    await (await client.beginPurchasePhoneNumbers(found.searchId, { agreeToNotResell: true })).pollUntilDone();
    await (await client.beginReleasePhoneNumber(found.phoneNumbers[0])).pollUntilDone();
  });

  test("numbers are looked up", async () => {
    const { values } = await client.searchOperatorInformation([ACS_SMS_FROM, "+14255550123"], {
      includeAdditionalOperatorDetails: true,
    });
    assert.deepEqual(
      values.map((value) => value.phoneNumber),
      [ACS_SMS_FROM, "+14255550123"],
    );
    assert.equal(values[1].nationalFormat, "(425) 555-0123");
    assert.equal(values[1].internationalFormat, "+1 425-555-0123");
    assert.equal(values[1].isoCountryCode, "US");
    assert.equal(values[1].numberType, "mobile");
    assert.equal(values[1].operatorDetails.name, "Handset Network");
    const [plain] = (await client.searchOperatorInformation(["+442079460123"])).values;
    assert.equal(plain.nationalFormat, "020 7946 0123");
    assert.equal(plain.operatorDetails, undefined);
    await assert.rejects(client.searchOperatorInformation(["12065550100"]), refused(400, "BadRequest"));
  });
});

describe("SIP routing with 1.5.0", () => {
  const client = new newest.SipRoutingClient(connectionString);
  const one = `one.${ACS_SIP_DOMAIN}`;
  const two = `two.${ACS_SIP_DOMAIN}`;
  const trunks = [
    { fqdn: two, sipSignalingPort: 5062 },
    { fqdn: one, sipSignalingPort: 5061 },
  ];
  const pattern = "^+[1-9][0-9]{3,23}$";

  test("trunks and routes are set, listed in order, changed and deleted", async () => {
    await client.setRoutes([]);
    await client.setTrunks([]);
    assert.deepEqual(await client.setTrunks(trunks), trunks);
    assert.deepEqual(await all(client.listTrunks()), trunks);
    assert.deepEqual(await client.getTrunk(one), trunks[1]);
    const routes = [
      { name: "z", description: "first", numberPattern: pattern, trunks: [one, two] },
      { name: "a", description: "second", numberPattern: "^\\+1", trunks: [] },
    ];
    assert.deepEqual(await client.setRoutes(routes), routes);
    assert.deepEqual(await all(client.listRoutes()), routes);
    assert.deepEqual(await client.setTrunk({ fqdn: one, sipSignalingPort: 6061 }), { fqdn: one, sipSignalingPort: 6061 });
    await assert.rejects(client.deleteTrunk(one), answered(422, "MissingTrunk"));
    await client.setRoutes([]);
    await client.deleteTrunk(one);
    await assert.rejects(client.getTrunk(one), { code: "NotFound" });
    await client.setTrunks([]);
    assert.deepEqual(await all(client.listTrunks()), []);
  });

  test("what is not valid is refused as the service does", async () => {
    await assert.rejects(client.setTrunk({ fqdn: "-1", sipSignalingPort: 8239 }), answered(422, "InvalidTrunkFqdn"));
    await assert.rejects(client.setTrunk({ fqdn: one, sipSignalingPort: 0 }), answered(422, "InvalidTrunkSipSignalingPort"));
    const route = { name: "r", numberPattern: pattern, trunks: [] };
    await assert.rejects(client.setRoutes([{ ...route, name: "" }]), answered(422, "InvalidRouteName"));
    await assert.rejects(client.setRoutes([{ ...route, numberPattern: "" }]), answered(422, "InvalidRouteNumberPattern"));
    await assert.rejects(client.setRoutes([{ ...route, trunks: [`none.${ACS_SIP_DOMAIN}`] }]), answered(422, "MissingTrunk"));
    await assert.rejects(client.setRoutes([route, route]), answered(400, "DuplicatedRoute"));
  });
});
