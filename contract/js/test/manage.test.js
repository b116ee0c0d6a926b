import { test, describe, after } from "node:test";
import assert from "node:assert/strict";
import { createHash, createHmac, randomBytes, randomUUID } from "node:crypto";
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { CommunicationServiceManagementClient } from "@azure/arm-communication";
import { ClientSecretCredential } from "@azure/identity";
import { CommunicationIdentityClient } from "@azure/communication-identity";
import { ChatClient } from "@azure/communication-chat";
import { AzureCommunicationTokenCredential } from "@azure/communication-common";
import { all, refused } from "../lib/sdk.js";

const {
  ACS_ARM_ENDPOINT: arm,
  ACS_ARM_TOKEN: armToken,
  ACS_AUTHORITY_HOST: authorityHost,
  ACS_TENANT_ID: tenant,
  ACS_CLIENT_ID: clientId,
  ACS_CLIENT_SECRET: clientSecret,
  ACS_SUBSCRIPTION_ID: subscription,
  ACS_RESOURCE_GROUP: homeGroup,
  ACS_RESOURCE_NAME: homeName,
  PARLEY_DATA: data,
} = process.env;

const options = { authorityHost, disableInstanceDiscovery: true };
const owner = new ClientSecretCredential(tenant, clientId, clientSecret, options);
const client = new CommunicationServiceManagementClient(owner, subscription, { endpoint: arm });
const services = client.communicationServices;
const group = `group-${randomUUID().slice(0, 8)}`;
const groupId = `/subscriptions/${subscription}/resourceGroups/${group}`;
const fresh = () => `svc-${randomUUID().slice(0, 13)}`;
const serviceId = (name) => `${groupId}/providers/Microsoft.Communication/communicationServices/${name}`;

async function call(method, path, body, { token = armToken, version = "2022-04-01", headers = {} } = {}) {
  const url = path.startsWith("http") ? path : `${arm}${path}${path.includes("?") ? "&" : "?"}api-version=${version}`;
  const answer = await fetch(url, {
    method,
    redirect: "manual",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : undefined };
}

const parley = (...words) =>
  execFileSync(resolve("../../parley"), [...words, "--data", data], { encoding: "utf8" });

/** An application made by the launcher, with a role if one is said. */
function application(role, scope = "/") {
  const name = `app-${randomUUID().slice(0, 8)}`;
  const lines = parley("principal", "create", name, ...(role ? ["--role", role, "--scope", scope] : []));
  const values = Object.fromEntries(lines.trim().split("\n").map((line) => line.split(/=(.*)/s)));
  const credential = new ClientSecretCredential(
    values.AZURE_TENANT_ID,
    values.AZURE_CLIENT_ID,
    values.AZURE_CLIENT_SECRET,
    options,
  );
  return { name, id: values.PRINCIPAL_ID, credential, values };
}

const asApplication = (credential) =>
  new CommunicationServiceManagementClient(credential, subscription, { endpoint: arm }).communicationServices;

const create = (name, more = {}) =>
  services.beginCreateOrUpdateAndWait(group, name, { location: "Global", dataLocation: "United States", ...more });

/** The identity client of a resource, by one of its keys. */
async function identityOf(name, slot = "primaryConnectionString") {
  const keys = await services.listKeys(group, name);
  return new CommunicationIdentityClient(keys[slot]);
}

const made = await call("PUT", groupId, { location: "westeurope", tags: { suite: "manage" } });
assert.equal(made.status, 201, JSON.stringify(made.body));

after(async () => {
  const gone = await call("DELETE", groupId);
  assert.equal(gone.status, 202);
});

describe("communication services by @azure/arm-communication 4.2.0", () => {
  test("are created, found, changed and deleted; case makes no difference", async () => {
    const name = `Svc-${randomUUID().slice(0, 8)}`;
    const availability = { name, type: "Microsoft.Communication/CommunicationServices" };
    assert.equal((await services.checkNameAvailability(availability)).nameAvailable, true);
    const service = await create(name, { tags: { stage: "test" } });
    assert.equal(service.id, serviceId(name));
    assert.equal(service.provisioningState, "Succeeded");
    assert.equal(service.systemData.createdByType, "Application");
    assert.deepEqual(service.tags, { stage: "test" });
    const taken = await services.checkNameAvailability(availability);
    assert.deepEqual([taken.nameAvailable, taken.reason], [false, "AlreadyExists"]);

    const found = await services.get(group.toUpperCase(), name.toUpperCase());
    assert.equal(found.name, name);
    const changed = await services.update(group, name.toLowerCase(), { tags: { stage: "done", more: "1" } });
    assert.deepEqual(changed.tags, { stage: "done", more: "1" });
    assert.equal(changed.dataLocation, "United States");
    assert.ok((await all(services.listByResourceGroup(group))).some((one) => one.name === name));
    assert.ok((await all(services.listBySubscription())).some((one) => one.name === homeName));

    await services.beginDeleteAndWait(group, name);
    await assert.rejects(services.get(group, name), refused(404, "ResourceNotFound"));
    assert.equal((await services.checkNameAvailability(availability)).nameAvailable, true);
  });

  test("hold users of their own; rotating a key ends what was made with it and nothing else", async () => {
    const name = fresh();
    await create(name);
    const before = await services.listKeys(group, name);
    const [first, second] = [await identityOf(name), await identityOf(name, "secondaryConnectionString")];
    const byFirst = await first.createUserAndToken(["chat"]);
    const bySecond = await second.createUserAndToken(["chat"]);
    const endpoint = before.primaryConnectionString.match(/endpoint=([^;]+)/)[1];
    const chat = (token) => new ChatClient(endpoint, new AzureCommunicationTokenCredential(token));
    await chat(byFirst.token).createChatThread({ topic: "one" });

    const rotated = await services.regenerateKey(group, name, { keyType: "Primary" });
    assert.notEqual(rotated.primaryKey, before.primaryKey);
    assert.equal(rotated.secondaryKey, undefined);
    await assert.rejects(first.createUser(), refused(401));
    await assert.rejects(chat(byFirst.token).createChatThread({ topic: "two" }), refused(401));
    await chat(bySecond.token).createChatThread({ topic: "three" });
    await second.createUser();
    await (await identityOf(name)).createUser();
  });

  test("settings act: keys can be switched off, and the public network", async () => {
    const name = fresh();
    await create(name);
    const identity = await identityOf(name);
    const { user } = await identity.createUserAndToken(["chat"]);
    await services.update(group, name, { disableLocalAuth: true });
    await assert.rejects(identity.createUser(), refused(403, "AuthenticationTypeDisabled"));
    const endpoint = (await services.listKeys(group, name)).primaryConnectionString.match(/endpoint=([^;]+)/)[1];
    const byRole = new CommunicationIdentityClient(endpoint, owner);
    assert.ok((await byRole.getToken(user, ["chat"])).token);

    await services.update(group, name, { disableLocalAuth: false, publicNetworkAccess: "Disabled" });
    await assert.rejects(identity.createUser(), refused(403, "PublicNetworkAccessDisabled"));
    await assert.rejects(byRole.createUser(), refused(403, "PublicNetworkAccessDisabled"));
    await services.update(group, name, { publicNetworkAccess: "Enabled" });
    await identity.createUser();
  });

  test("what cannot be is refused", async () => {
    const name = fresh();
    await create(name);
    const body = { location: "Global", dataLocation: "United States" };
    const put = (group, name, more) => services.beginCreateOrUpdateAndWait(group, name, { ...body, ...more });
    await assert.rejects(put(group, fresh(), { dataLocation: "Atlantis" }), refused(400, "InvalidDataLocation"));
    await assert.rejects(put(group, fresh(), { location: "westeurope" }), refused(400));
    await assert.rejects(put(group, name, { dataLocation: "Europe" }), refused(400, "PropertyChangeNotAllowed"));
    await assert.rejects(put("nowhere", fresh()), refused(404, "ResourceGroupNotFound"));
    await assert.rejects(put(homeGroup, name), refused(409, "NameUnavailable"));
    await assert.rejects(put(group, "-bad-"), refused(400, "InvalidResourceName"));
    await assert.rejects(services.update(group, name, { publicNetworkAccess: "Sometimes" }), refused(400));
    await assert.rejects(services.update(group, name, { linkedDomains: [serviceId(name)] }), refused(400));
    await assert.rejects(services.update(group, fresh(), { tags: {} }), refused(404, "ResourceNotFound"));
    const third = await call("POST", `${serviceId(name)}/regenerateKey`, { keyType: "Third" }, { version: "2025-09-01" });
    assert.deepEqual([third.status, third.body.error.target], [400, "keyType"]);
    const hub = { resourceId: serviceId(name), connectionString: "Endpoint=sb://x/" };
    const options = { linkNotificationHubParameters: hub };
    await assert.rejects(services.linkNotificationHub(group, name, options), refused(400, "NotificationHubNotSupported"));
    const tags = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`t${i}`, "v"]));
    await assert.rejects(services.update(group, name, { tags }), refused(400, "InvalidTag"));
    await assert.rejects(services.beginDeleteAndWait(homeGroup, homeName), refused(409, "CannotDeleteResource"));
  });

  test("long-running operations are followed in both styles; etags guard changes", async () => {
    const name = fresh();
    const version = { version: "2025-09-01" };
    const body = { location: "global", properties: { dataLocation: "europe" } };
    const created = await call("PUT", serviceId(name), body, version);
    assert.equal(created.status, 201);
    assert.equal(created.body.properties.dataLocation, "Europe");
    const status = await call("GET", created.headers.get("azure-asyncoperation"));
    assert.deepEqual([status.status, status.body.status], [200, "Succeeded"]);
    assert.equal(status.body.resourceId, serviceId(name));

    const etag = created.headers.get("etag");
    const tags = { tags: { a: "b" } };
    const ok = await call("PATCH", serviceId(name), tags, { ...version, headers: { "if-match": etag } });
    assert.equal(ok.status, 200);
    const stale = await call("PATCH", serviceId(name), tags, { ...version, headers: { "if-match": etag } });
    assert.deepEqual([stale.status, stale.body.error.code], [412, "PreconditionFailed"]);
    const again = await call("PUT", serviceId(name), body, { ...version, headers: { "if-none-match": "*" } });
    assert.equal(again.status, 412);

    const deleted = await call("DELETE", serviceId(name), undefined, version);
    assert.equal(deleted.status, 202);
    let result;
    do result = await call("GET", deleted.headers.get("location"));
    while (result.status === 202);
    assert.equal(result.status, 204);
    const followed = await call("GET", deleted.headers.get("azure-asyncoperation"));
    assert.equal(followed.body.status, "Succeeded");
    assert.equal((await call("DELETE", serviceId(name), undefined, version)).status, 204);
  });

  test("the launcher's resources are the management plane's, and the other way round", async () => {
    const name = fresh();
    const connection = parley("resource", "create", name).trim();
    const keys = await services.listKeys(homeGroup, name);
    assert.equal(keys.primaryConnectionString, connection);
    await services.beginDeleteAndWait(homeGroup, name);
    assert.ok(!parley("resource", "list").includes(name));
    await create(name);
    assert.ok(parley("resource", "list").includes(name));
  });
});

describe("who may", () => {
  test("a wrong secret, a strange token and a token for something else open nothing", async () => {
    const wrong = new ClientSecretCredential(tenant, clientId, "wrong", options);
    await assert.rejects(wrong.getToken(`${arm}/.default`), /AADSTS7000215/);
    const stranger = new ClientSecretCredential(tenant, randomUUID(), clientSecret, options);
    await assert.rejects(stranger.getToken(`${arm}/.default`), /AADSTS700016/);
    await assert.rejects(owner.getToken("https://graph.microsoft.com/.default"), /AADSTS500011/);
    const path = `/subscriptions/${subscription}`;
    assert.equal((await call("GET", path, undefined, { token: "a.b.c" })).status, 401);
    const { token } = await owner.getToken("https://communication.azure.com//.default");
    const other = await call("GET", path, undefined, { token });
    assert.deepEqual([other.status, other.body.error.code], [401, "InvalidAuthenticationTokenAudience"]);
    const [head, payload, signature] = armToken.split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url"));
    const forged = Buffer.from(JSON.stringify({ ...claims, oid: randomUUID() })).toString("base64url");
    assert.equal((await call("GET", path, undefined, { token: `${head}.${forged}.${signature}` })).status, 401);
  });

  test("a reader reads, but neither keys nor changes; keys are a right of their own", async () => {
    const name = fresh();
    await create(name);
    const reader = application("Reader", groupId);
    const theirs = asApplication(reader.credential);
    assert.equal((await theirs.get(group, name)).name, name);
    await assert.rejects(theirs.listKeys(group, name), refused(403, "AuthorizationFailed"));
    await assert.rejects(theirs.update(group, name, { tags: {} }), refused(403, "AuthorizationFailed"));
    await assert.rejects(theirs.get(homeGroup, homeName), refused(403, "AuthorizationFailed"));
    const endpoint = (await services.listKeys(group, name)).primaryConnectionString.match(/endpoint=([^;]+)/)[1];
    const data = new CommunicationIdentityClient(endpoint, reader.credential);
    await assert.rejects(data.createUser(), refused(403, "Forbidden"));
  });

  test("a data user uses the data plane of its resource and nothing else", async () => {
    const [name, other] = [fresh(), fresh()];
    await create(name);
    await create(other);
    const user = application();
    const endpointOf = async (one) =>
      (await services.listKeys(group, one)).primaryConnectionString.match(/endpoint=([^;]+)/)[1];
    const data = new CommunicationIdentityClient(await endpointOf(name), user.credential);
    await assert.rejects(data.createUser(), refused(403, "Forbidden"));

    const assignment = `${serviceId(name)}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
    const roles = await call(
      "GET",
      `${serviceId(name)}/providers/Microsoft.Authorization/roleDefinitions?$filter=roleName eq 'Communication Data User'`,
    );
    assert.equal(roles.body.value.length, 1);
    const properties = { roleDefinitionId: roles.body.value[0].id, principalId: user.id };
    assert.equal((await call("PUT", assignment, { properties })).status, 201);
    assert.equal((await call("PUT", assignment, { properties })).status, 200);
    const twice = await call("PUT", assignment.replace(/[^/]+$/, randomUUID()), { properties });
    assert.deepEqual([twice.status, twice.body.error.code], [409, "RoleAssignmentExists"]);

    const created = await data.createUserAndToken(["chat"]);
    assert.ok(created.token);
    await assert.rejects(asApplication(user.credential).get(group, name), refused(403, "AuthorizationFailed"));
    const elsewhere = new CommunicationIdentityClient(await endpointOf(other), user.credential);
    await assert.rejects(elsewhere.createUser(), refused(403, "Forbidden"));

    assert.equal((await call("DELETE", assignment)).status, 200);
    assert.equal((await call("DELETE", assignment)).status, 204);
    await assert.rejects(data.createUser(), refused(403, "Forbidden"));
  });

  test("a custom role allows exactly what it names", async () => {
    const name = fresh();
    await create(name);
    const role = randomUUID();
    const definition = `${groupId}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
    const permissions = [
      { actions: ["Microsoft.Communication/communicationServices/listKeys/action"], dataActions: [], notActions: [] },
    ];
    const body = { properties: { roleName: `Key reader ${role}`, permissions } };
    assert.equal((await call("PUT", definition, body)).status, 201);
    const keyReader = application(`Key reader ${role}`, groupId);
    const theirs = asApplication(keyReader.credential);
    assert.ok((await theirs.listKeys(group, name)).primaryKey);
    await assert.rejects(theirs.get(group, name), refused(403, "AuthorizationFailed"));
    await assert.rejects(theirs.regenerateKey(group, name, { keyType: "Primary" }), refused(403));
    assert.equal((await call("DELETE", definition)).body.error.code, "RoleDefinitionHasAssignments");
  });

  test("a contributor uses and manages, but gives no rights", async () => {
    const contributor = application("Contributor", groupId);
    const theirs = asApplication(contributor.credential);
    const name = fresh();
    const body = { location: "Global", dataLocation: "United States" };
    await theirs.beginCreateOrUpdateAndWait(group, name, body);
    const { primaryConnectionString } = await theirs.listKeys(group, name);
    const endpoint = primaryConnectionString.match(/endpoint=([^;]+)/)[1];
    await new CommunicationIdentityClient(endpoint, contributor.credential).createUser();
    const { token } = await contributor.credential.getToken(`${arm}/.default`);
    const assignment = `${groupId}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
    const properties = { roleDefinitionId: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", principalId: contributor.id };
    const refusedPut = await call("PUT", assignment, { properties }, { token });
    assert.deepEqual([refusedPut.status, refusedPut.body.error.code], [403, "AuthorizationFailed"]);
    const operator = await call("GET", "/parley/principals", undefined, { token });
    assert.equal(operator.status, 401);
  });

  test("a principal that is kept out or deleted loses its tokens at once", async () => {
    const app = application("Reader");
    const { token } = await app.credential.getToken(`${arm}/.default`);
    const read = () => call("GET", `/subscriptions/${subscription}`, undefined, { token });
    assert.equal((await read()).status, 200);
    parley("principal", "disable", app.name);
    assert.equal((await read()).status, 401);
    parley("principal", "enable", app.name);
    assert.equal((await read()).status, 401);
    const again = new ClientSecretCredential(tenant, app.values.AZURE_CLIENT_ID, app.values.AZURE_CLIENT_SECRET, options);
    assert.ok((await again.getToken(`${arm}/.default`)).token);
    parley("principal", "delete", app.name);
    const gone = new ClientSecretCredential(tenant, app.values.AZURE_CLIENT_ID, app.values.AZURE_CLIENT_SECRET, options);
    await assert.rejects(gone.getToken(`${arm}/.default`), /AADSTS700016/);
  });

  test("a person signs in with a code and PKCE", async () => {
    const redirect = "http://localhost:5173/signed-in";
    const name = `page-${randomUUID().slice(0, 8)}`;
    const page = parley("principal", "create", name, "--public", "--redirect", redirect);
    const pageId = page.match(/AZURE_CLIENT_ID=(\S+)/)[1];
    assert.ok(!page.includes("SECRET"));
    const person = `sally-${randomUUID().slice(0, 8)}`;
    const password = parley("principal", "create-user", person, "--role", "Reader").match(/PASSWORD=(\S+)/)[1];

    const verifier = randomBytes(32).toString("base64url");
    const query = new URLSearchParams({
      client_id: pageId,
      response_type: "code",
      redirect_uri: redirect,
      scope: `openid profile ${arm}/user_impersonation`,
      state: "st&te",
      nonce: "n",
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
    });
    const authorize = `${authorityHost}/${tenant}/oauth2/v2.0/authorize`;
    const form = await fetch(`${authorize}?${query}`);
    assert.equal(form.status, 200);
    assert.match(form.headers.get("content-security-policy"), /frame-ancestors 'none'/);
    const login = (password) =>
      fetch(authorize, {
        method: "POST",
        redirect: "manual",
        body: new URLSearchParams([...query, ["username", person], ["password", password]]),
      });
    assert.equal((await login("wrong password")).status, 401);
    const back = await login(password);
    assert.equal(back.status, 303);
    const location = new URL(back.headers.get("location"));
    assert.equal(location.origin + location.pathname, redirect);
    assert.equal(location.searchParams.get("state"), "st&te");
    const redeem = (code_verifier) =>
      fetch(`${authorityHost}/${tenant}/oauth2/v2.0/token`, {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "authorization_code",
          client_id: pageId,
          code: location.searchParams.get("code"),
          redirect_uri: redirect,
          code_verifier,
        }),
      }).then(async (answer) => ({ status: answer.status, body: await answer.json() }));
    const tokens = await redeem(verifier);
    assert.equal(tokens.status, 200, JSON.stringify(tokens.body));
    assert.equal((await redeem(verifier)).body.error, "invalid_grant");
    const claims = JSON.parse(Buffer.from(tokens.body.id_token.split(".")[1], "base64url"));
    assert.deepEqual([claims.aud, claims.nonce, claims.preferred_username], [pageId, "n", person]);
    const token = tokens.body.access_token;
    assert.equal((await call("GET", `/subscriptions/${subscription}`, undefined, { token })).status, 200);
    const asId = await call("GET", `/subscriptions/${subscription}`, undefined, { token: tokens.body.id_token });
    assert.equal(asId.status, 401);

    const elsewhere = new URLSearchParams(query);
    elsewhere.set("redirect_uri", "https://evil.example/");
    assert.equal((await fetch(`${authorize}?${elsewhere}`, { redirect: "manual" })).status, 400);
    const plain = new URLSearchParams(query);
    plain.delete("code_challenge");
    assert.equal((await fetch(`${authorize}?${plain}`)).status, 400);
  });
});

describe("places", () => {
  test("locks stand in the way of whoever has the right", async () => {
    const name = fresh();
    await create(name);
    const lock = (level) =>
      call("PUT", `${serviceId(name)}/providers/Microsoft.Authorization/locks/keep`, { properties: { level } });
    assert.equal((await lock("Sometimes")).status, 400);
    assert.equal((await lock("CanNotDelete")).status, 201);
    await assert.rejects(services.beginDeleteAndWait(group, name), refused(409, "ScopeLocked"));
    assert.throws(() => parley("resource", "delete", name), /ScopeLocked/);
    await services.update(group, name, { tags: { a: "b" } });
    assert.equal((await lock("ReadOnly")).status, 200);
    await assert.rejects(services.update(group, name, { tags: {} }), refused(409, "ScopeLocked"));
    await assert.rejects(services.listKeys(group, name), refused(409, "ScopeLocked"));
    assert.equal((await services.get(group, name)).name, name);
    const groupDelete = await call("DELETE", groupId);
    assert.deepEqual([groupDelete.status, groupDelete.body.error.code], [409, "ScopeLocked"]);
    const path = `${serviceId(name)}/providers/Microsoft.Authorization/locks/keep`;
    assert.equal((await call("DELETE", path)).status, 200);
    await services.beginDeleteAndWait(group, name);
  });

  test("a group goes with everything in it", async () => {
    const id = `/subscriptions/${subscription}/RESOURCEGROUPS/g-${randomUUID().slice(0, 8)}`;
    assert.equal((await call("HEAD", id)).status, 404);
    assert.equal((await call("PUT", id, {})).body.error.code, "LocationRequired");
    assert.equal((await call("PUT", id, { location: "eastus" })).status, 201);
    assert.equal((await call("PUT", id, { location: "East US", tags: { a: "b" } })).status, 200);
    assert.equal((await call("PUT", id, { location: "westus" })).body.error.code, "InvalidResourceGroupLocation");
    assert.equal((await call("HEAD", id)).status, 204);
    const name = fresh();
    await services.beginCreateOrUpdateAndWait(id.split("/").pop(), name, {
      location: "global",
      dataLocation: "Europe",
    });
    const inside = await call("GET", `${id}/resources`);
    assert.deepEqual(inside.body.value.map((one) => one.name), [name]);
    const gone = await call("DELETE", id);
    assert.equal(gone.status, 202);
    let status;
    do status = await call("GET", gone.headers.get("azure-asyncoperation"));
    while (status.body.status === "Running");
    assert.equal(status.body.status, "Succeeded");
    assert.equal((await call("GET", id)).status, 404);
    await services.checkNameAvailability({ name, type: "Microsoft.Communication/communicationServices" });
  });

  test("clients find their way: metadata, tenants, subscriptions, providers", async () => {
    const old = await fetch(`${arm}/metadata/endpoints?api-version=2015-01-01`).then((answer) => answer.json());
    assert.equal(old.authentication.loginEndpoint, authorityHost);
    const clouds = await fetch(`${arm}/metadata/endpoints?api-version=2022-09-01`).then((answer) => answer.json());
    assert.equal(clouds[0].resourceManager, arm);
    assert.equal((await call("GET", "/tenants")).body.value[0].tenantId, tenant);
    const subscriptions = (await call("GET", "/subscriptions")).body.value;
    assert.ok(subscriptions.some((one) => one.subscriptionId === subscription));
    const provider = `/subscriptions/${subscription}/providers/microsoft.communication`;
    const registered = await call("POST", `${provider}/register`, {});
    assert.equal(registered.body.registrationState, "Registered");
    assert.ok(registered.body.resourceTypes.some((one) => one.resourceType === "communicationServices"));
    const unknown = await call("GET", `/subscriptions/${randomUUID()}`);
    assert.deepEqual([unknown.status, unknown.body.error.code], [404, "SubscriptionNotFound"]);
    const discovery = await fetch(`${authorityHost}/common/discovery/instance?api-version=1.1`);
    assert.equal(discovery.status, 200);
    assert.equal((await all(client.operations.list())).length > 0, true);
    assert.equal((await fetch(`${arm}/subscriptions?api-version=2022-12-01`)).status, 401);
  });

  test("the activity log tells who did what, looks at keys included", async () => {
    const name = fresh();
    await create(name);
    await services.listKeys(group, name);
    const reader = application("Reader");
    await assert.rejects(asApplication(reader.credential).listKeys(group, name), refused(403));
    const filter = encodeURIComponent(`resourceUri eq '${serviceId(name)}'`);
    const log = await call(
      "GET",
      `/subscriptions/${subscription}/providers/Microsoft.Insights/eventtypes/management/values?$filter=${filter}`,
      undefined,
      { version: "2015-04-01" },
    );
    const seen = log.body.value.map((one) => [one.operationName.value.split("/").slice(2).join("/"), one.status.value, one.caller]);
    assert.deepEqual(seen, [
      ["listKeys/action", "Failed", reader.values.AZURE_CLIENT_ID],
      ["listKeys/action", "Succeeded", clientId],
      ["write", "Succeeded", clientId],
    ]);
    assert.ok(!JSON.stringify(log.body).includes((await services.listKeys(group, name)).primaryKey));
  });
});

test("HMAC opens nothing on the management plane", async () => {
  const key = Buffer.from(process.env.ACS_CONNECTION_STRING.match(/accesskey=(.*)$/i)[1], "base64");
  const url = new URL(`/subscriptions?api-version=2022-12-01`, arm);
  const date = new Date().toUTCString();
  const hash = createHash("sha256").update("").digest("base64");
  const text = `GET\n${url.pathname}${url.search}\n${date};${url.host};${hash}`;
  const signature = createHmac("sha256", key).update(text).digest("base64");
  const answer = await fetch(url, {
    headers: {
      "x-ms-date": date,
      "x-ms-content-sha256": hash,
      authorization: `HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=${signature}`,
    },
  });
  assert.equal(answer.status, 401);
});
