import { test, describe } from "node:test";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { CommunicationServiceManagementClient } from "@azure/arm-communication";
import { EmailClient } from "@azure/communication-email";
import { ClientSecretCredential } from "@azure/identity";
import { all, connectionString, refused } from "../lib/sdk.js";
import { inbox } from "../lib/inbox.js";

const env = process.env;
const credential = new ClientSecretCredential(env.ACS_TENANT_ID, env.ACS_CLIENT_ID, env.ACS_CLIENT_SECRET, {
  authorityHost: env.ACS_AUTHORITY_HOST,
  disableInstanceDiscovery: true,
});
const client = new CommunicationServiceManagementClient(credential, env.ACS_SUBSCRIPTION_ID, { endpoint: env.ACS_ARM_ENDPOINT });
const group = env.ACS_RESOURCE_GROUP;
const service = `mail-${randomUUID().slice(0, 13)}`;
const at = { updateIntervalInMs: 50 };
const poll = { updateIntervalInMs: 50 };

describe("email services by @azure/arm-communication 4.2.0", () => {
  test("a service, a domain, a sender: linked, it sends", async () => {
    const made = await client.emailServices.beginCreateOrUpdateAndWait(group, service, { location: "global", dataLocation: "Europe", tags: { a: "1" } }, at);
    assert.equal(made.name, service);
    assert.equal(made.dataLocation, "Europe");
    assert.ok((await all(client.emailServices.listByResourceGroup(group))).some((one) => one.name === service));

    const managed = await client.domains.beginCreateOrUpdateAndWait(group, service, "AzureManagedDomain", { location: "global", domainManagement: "AzureManaged" }, at);
    assert.equal(managed.verificationStates.domain.status, "Verified");
    assert.match(managed.fromSenderDomain, /^[0-9a-f-]{36}\.mail\.localhost$/);
    const senders = await all(client.senderUsernames.listByDomains(group, service, "AzureManagedDomain"));
    assert.deepEqual(senders.map((one) => one.username), ["donotreply"]);
    await client.senderUsernames.createOrUpdate(group, service, "AzureManagedDomain", "news", { username: "news", displayName: "The News" });

    const sender = `news@${managed.fromSenderDomain}`;
    const email = new EmailClient(connectionString);
    const to = `reader+${randomUUID()}@mailbox.localhost`;
    const message = { senderAddress: sender, content: { subject: "News", plainText: "x" }, recipients: { to: [{ address: to }] } };
    await assert.rejects(email.beginSend(message), refused(404, "DomainNotLinked"));
    const before = await client.communicationServices.get(group, env.ACS_RESOURCE_NAME);
    await client.communicationServices.update(group, env.ACS_RESOURCE_NAME, { linkedDomains: [...(before.linkedDomains ?? []), managed.id] });
    assert.equal((await (await email.beginSend(message, poll)).pollUntilDone()).status, "Succeeded");
    const [mail] = await inbox({ to, wait: 20 });
    assert.deepEqual(mail.from, { address: sender, displayName: "The News" });

    // A list of the domain is honoured, whatever the letters' case.
    await client.suppressionLists.createOrUpdate(group, service, "AzureManagedDomain", "out", { listName: "news" });
    await client.suppressionListAddresses.createOrUpdate(group, service, "AzureManagedDomain", "out", "one", { email: to.toUpperCase(), notes: "asked" });
    await assert.rejects(
      (async () => (await email.beginSend(message, poll)).pollUntilDone())(),
      /EmailDroppedAllRecipientsSuppressed/,
    );
    assert.equal((await all(client.suppressionListAddresses.list(group, service, "AzureManagedDomain", "out")))[0].notes, "asked");
    await client.suppressionListAddresses.delete(group, service, "AzureManagedDomain", "out", "one");
    assert.equal((await (await email.beginSend(message, poll)).pollUntilDone()).status, "Succeeded");

    await assert.rejects(client.domains.beginDeleteAndWait(group, service, "AzureManagedDomain", at), refused(409, "DomainLinked"));
    await client.communicationServices.update(group, env.ACS_RESOURCE_NAME, { linkedDomains: before.linkedDomains ?? [] });
    await client.domains.beginDeleteAndWait(group, service, "AzureManagedDomain", at);
  });

  test("a domain of one's own shows its records, and sends only once they are verified", async () => {
    const domain = `x${randomUUID().slice(0, 8)}.example`;
    const made = await client.domains.beginCreateOrUpdateAndWait(group, service, domain, { location: "global", domainManagement: "CustomerManaged", userEngagementTracking: "Enabled" }, at);
    assert.equal(made.verificationStates.dkim.status, "NotStarted");
    assert.match(made.verificationRecords.domain.value, /^ms-domain-verification=/);
    assert.match(made.verificationRecords.dkim.value, /^v=DKIM1; k=rsa; p=/);
    assert.match(made.verificationRecords.dkim2.value, /^v=DKIM1; k=ed25519; p=/);
    assert.equal(made.verificationRecords.dkim.name, `parley1._domainkey.${domain}`);
    await client.domains.beginInitiateVerificationAndWait(group, service, domain, { verificationType: "SPF" }, at);
    assert.equal((await client.domains.get(group, service, domain)).verificationStates.spf.status, "VerificationFailed");
    await assert.rejects(client.domains.beginCreateOrUpdateAndWait(group, service, "no_domain", { location: "global", domainManagement: "CustomerManaged" }, at), refused(400));
    await client.emailServices.beginDeleteAndWait(group, service, at);
    assert.ok(!(await all(client.emailServices.listByResourceGroup(group))).some((one) => one.name === service));
  });

  test("SMTP user names belong to a communication service", async () => {
    const name = `smtp-${randomUUID().slice(0, 8)}`;
    const wanted = { username: `${name}@parley`, entraApplicationId: env.ACS_CLIENT_ID, tenantId: env.ACS_TENANT_ID };
    const made = await client.smtpUsernames.createOrUpdate(group, env.ACS_RESOURCE_NAME, name, wanted);
    assert.equal(made.username, wanted.username);
    assert.ok((await all(client.smtpUsernames.list(group, env.ACS_RESOURCE_NAME))).some((one) => one.name === name));
    await assert.rejects(client.smtpUsernames.createOrUpdate(group, env.ACS_RESOURCE_NAME, `${name}2`, wanted), refused(409, "Conflict"));
    await client.smtpUsernames.delete(group, env.ACS_RESOURCE_NAME, name);
  });
});
