import { test, describe, before, after } from "node:test";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { resolve } from "node:path";
import { CommunicationServiceManagementClient } from "@azure/arm-communication";
import { EventGridManagementClient } from "@azure/arm-eventgrid";
import { EventGridDeserializer, isSystemEvent } from "@azure/eventgrid";
import { ClientSecretCredential } from "@azure/identity";
import { Receiver } from "../lib/receiver.js";
import { all, generations, refused, someone, threadOf } from "../lib/sdk.js";

const env = process.env;
const [sdk] = generations;
const credential = new ClientSecretCredential(env.ACS_TENANT_ID, env.ACS_CLIENT_ID, env.ACS_CLIENT_SECRET, {
  authorityHost: env.ACS_AUTHORITY_HOST,
  disableInstanceDiscovery: true,
});
const client = new EventGridManagementClient(credential, env.ACS_SUBSCRIPTION_ID, { endpoint: env.ACS_ARM_ENDPOINT });
const subscriptions = client.eventSubscriptions;
const group = env.ACS_RESOURCE_GROUP;
const scope =
  `subscriptions/${env.ACS_SUBSCRIPTION_ID}/resourceGroups/${group}` +
  `/providers/Microsoft.Communication/communicationServices/${env.ACS_RESOURCE_NAME}`;
const topic = `/${scope}`.replace("Microsoft.Communication/communicationServices", "microsoft.communication/communicationservices");
const fresh = () => `sub-${randomUUID().slice(0, 13)}`;
const parley = async (...words) =>
  (await promisify(execFile)(resolve("../../parley"), [...words, "--data", env.PARLEY_DATA])).stdout;

describe("@azure/arm-eventgrid and @azure/eventgrid", () => {
  let receiver;
  const made = [];
  const receivers = [];
  const cleanups = [];

  before(async () => {
    receiver = await listen();
  });

  after(async () => {
    receivers.forEach((one) => one.close());
    for (const clean of cleanups) await clean();
    for (const name of made) await subscriptions.beginDeleteAndWait(scope, name);
  });

  /** A receiver that is closed at the end, whatever fails. */
  const listen = async () => {
    receivers.push(await Receiver.start());
    return receivers.at(-1);
  };

  const subscribe = async (properties, name = fresh(), to = receiver) => {
    made.push(name);
    return subscriptions.beginCreateOrUpdateAndWait(scope, name, {
      destination: { endpointType: "WebHook", endpointUrl: to.url },
      ...properties,
    });
  };

  test("a webhook is subscribed, shown without its secret, changed and deleted", async () => {
    const name = fresh();
    const created = await subscribe(
      {
        destination: {
          endpointType: "WebHook",
          endpointUrl: receiver.url,
          maxEventsPerBatch: 10,
          preferredBatchSizeInKilobytes: 128,
          deliveryAttributeMappings: [
            { type: "Static", name: "X-Key", value: "hidden", isSecret: true },
            { type: "Dynamic", name: "X-Thread", sourceField: "data.threadId" },
          ],
        },
        labels: ["one", "two"],
        expirationTimeUtc: new Date(Date.now() + 86_400_000),
        retryPolicy: { maxDeliveryAttempts: 5, eventTimeToLiveInMinutes: 60 },
        deadLetterDestination: { endpointType: "StorageBlob", resourceId: "/subscriptions/x", blobContainerName: "letters" },
        filter: {
          subjectBeginsWith: "thread/",
          includedEventTypes: ["Microsoft.Communication.ChatMessageReceived"],
          isSubjectCaseSensitive: true,
          advancedFilters: [
            { operatorType: "StringIn", key: "data.type", values: ["text", "html"] },
            { operatorType: "NumberGreaterThan", key: "data.version", value: 5 },
            { operatorType: "NumberInRange", key: "data.version", values: [[0, 1e15]] },
            { operatorType: "BoolEquals", key: "data.x", value: true },
            { operatorType: "IsNullOrUndefined", key: "data.y" },
          ],
        },
      },
      name,
    );
    assert.equal(created.provisioningState, "Succeeded");
    assert.equal(created.id, `/${scope}/providers/Microsoft.EventGrid/eventSubscriptions/${name}`);
    assert.equal(created.type, "Microsoft.EventGrid/eventSubscriptions");
    assert.equal(created.topic, topic);
    const got = await subscriptions.get(scope, name.toUpperCase());
    assert.equal(got.name, name);
    assert.equal(got.destination.endpointBaseUrl, receiver.url.split("?")[0]);
    assert.equal(got.destination.endpointUrl, undefined);
    assert.equal(got.destination.maxEventsPerBatch, 10);
    assert.equal(JSON.stringify(got).includes("hidden"), false);
    assert.deepEqual(got.labels, ["one", "two"]);
    assert.deepEqual(got.retryPolicy, { maxDeliveryAttempts: 5, eventTimeToLiveInMinutes: 60 });
    assert.equal(got.deadLetterDestination.blobContainerName, "letters");
    assert.equal(got.filter.advancedFilters.length, 5);
    assert.deepEqual(got.filter.advancedFilters[2].values, [[0, 1e15]]);
    assert.equal((await subscriptions.getFullUrl(scope, name)).endpointUrl, receiver.url);
    const { value } = await subscriptions.getDeliveryAttributes(scope, name);
    assert.deepEqual(value.map(({ name, type }) => [name, type]), [["X-Key", "Static"], ["X-Thread", "Dynamic"]]);
    const updated = await subscriptions.beginUpdateAndWait(scope, name, { labels: ["three"] });
    assert.deepEqual(updated.labels, ["three"]);
    assert.equal(updated.filter.subjectBeginsWith, "thread/");
    await subscriptions.beginDeleteAndWait(scope, name);
    await assert.rejects(subscriptions.get(scope, name), refused(404, "ResourceNotFound"));
  });

  test("lists show it at every scope", async () => {
    const { name } = await subscribe({});
    const names = async (pages) => (await all(pages)).map((one) => one.name);
    const type = "Microsoft.Communication.CommunicationServices";
    const lists = [
      subscriptions.listByResource(group, "Microsoft.Communication", "communicationServices", env.ACS_RESOURCE_NAME),
      subscriptions.listGlobalBySubscription(),
      subscriptions.listGlobalByResourceGroup(group),
      subscriptions.listGlobalBySubscriptionForTopicType(type),
      subscriptions.listGlobalByResourceGroupForTopicType(group, type),
      subscriptions.listRegionalBySubscription("global"),
      subscriptions.listRegionalByResourceGroup(group, "global"),
    ];
    for (const list of lists) assert.ok((await names(list)).includes(name));
    assert.deepEqual(await names(subscriptions.listRegionalBySubscription("westus")), []);
    assert.deepEqual(await names(subscriptions.listGlobalBySubscriptionForTopicType("Microsoft.Storage.StorageAccounts")), []);
  });

  test("the deserialiser reads the events of a chat", async () => {
    const own = await listen();
    await subscribe({}, fresh(), own);
    const ann = { ...(await someone(sdk)), name: "Ann" };
    const bob = { ...(await someone(sdk)), name: "Bob" };
    const cat = await someone(sdk);
    const { thread, clients } = await threadOf(sdk, [ann, bob]);
    const id = (one) => one.user.communicationUserId;
    const message = await clients[0].sendMessage({ content: "Hello" }, { senderDisplayName: "Ann", metadata: { a: "b" } });
    await clients[0].updateMessage(message.id, { content: "Hello!" });
    await clients[0].deleteMessage(message.id);
    await clients[0].sendTypingNotification({ senderDisplayName: "Ann" });
    await clients[0].updateTopic("Another topic");
    await clients[0].addParticipants({ participants: [{ id: cat.user, displayName: "Cat" }] });
    await clients[0].removeParticipant(cat.user);
    await ann.chat.deleteChatThread(thread.id);
    const mine = (event) => event.data.threadId === thread.id;
    const deleted = (event) => mine(event) && event.eventType.endsWith("ChatThreadDeleted");
    await own.wait(1, deleted);
    const received = await own.wait(19, mine);
    const events = await new EventGridDeserializer().deserializeEventGridEvents(JSON.stringify(received));
    const of = (type) => events.filter((event) => isSystemEvent(type, event));
    const count = (type) => of(`Microsoft.Communication.${type}`).length;
    for (const type of [
      "ChatThreadCreated",
      "ChatMessageReceivedInThread",
      "ChatMessageEditedInThread",
      "ChatMessageDeletedInThread",
      "ChatTypingIndicatorReceivedInThread",
      "ChatThreadPropertiesUpdated",
      "ChatThreadParticipantAdded",
      "ChatThreadParticipantRemoved",
      "ChatThreadDeleted",
      "ChatThreadCreatedWithUser",
      "ChatMessageReceived",
      "ChatMessageEdited",
      "ChatMessageDeleted",
      "ChatThreadPropertiesUpdatedPerUser",
      "ChatThreadWithUserDeleted",
    ]) {
      assert.equal(count(type), 1, type);
    }
    // Bob and the one who is added or removed hear of it; Ann did it.
    assert.equal(count("ChatParticipantAddedToThreadWithUser"), 2);
    assert.equal(count("ChatParticipantRemovedFromThreadWithUser"), 2);
    const [first] = of("Microsoft.Communication.ChatMessageReceived");
    assert.equal(first.topic, topic);
    assert.equal(first.subject, `thread/${thread.id}/sender/${id(ann)}/recipient/${id(bob)}`);
    assert.ok(first.eventTime instanceof Date);
    assert.equal(first.data.messageId, message.id);
    assert.equal(first.data.type, "Text");
    assert.equal(first.data.senderDisplayName, "Ann");
    assert.equal(first.data.senderCommunicationIdentifier.communicationUser.id, id(ann));
    assert.equal(first.data.recipientCommunicationIdentifier.rawId, id(bob));
    const [created] = of("Microsoft.Communication.ChatThreadCreated");
    assert.equal(created.data.createdByCommunicationIdentifier.rawId, id(ann));
    assert.equal(created.subject, `thread/${thread.id}/createdBy/${id(ann)}`);
    assert.equal(created.data.participants.length, 2);
    const [added] = of("Microsoft.Communication.ChatThreadParticipantAdded");
    assert.equal(added.subject, `thread/${thread.id}/participantadded/${id(cat)}`);
    assert.equal(added.data.participantAdded.displayName, "Cat");
    const [updated] = of("Microsoft.Communication.ChatThreadPropertiesUpdated");
    assert.deepEqual(updated.data.properties.topic, "Another topic");
  });

  test("cloud events are read too, and a user who is deleted is disconnected", async () => {
    await subscribe({
      eventDeliverySchema: "CloudEventSchemaV1_0",
      filter: { includedEventTypes: ["Microsoft.Communication.UserDisconnected"] },
    });
    const identity = new sdk.CommunicationIdentityClient(env.ACS_CONNECTION_STRING);
    const user = await identity.createUser();
    await identity.deleteUser(user);
    const [event] = await receiver.wait(1, ({ subject, specversion }) => specversion && subject === `user/${user.communicationUserId}`);
    const [read] = await new EventGridDeserializer().deserializeCloudEvents(JSON.stringify(event));
    assert.equal(read.type, "Microsoft.Communication.UserDisconnected");
    assert.equal(read.source, topic);
    assert.equal(read.data.userCommunicationIdentifier.communicationUser.id, user.communicationUserId);
  });

  test("a webhook that asks for a token gets one that the issuer's keys prove", async () => {
    const application = `api://${randomUUID()}`;
    const own = await listen();
    await subscribe({
      destination: {
        endpointType: "WebHook",
        endpointUrl: own.url,
        azureActiveDirectoryTenantId: env.ACS_TENANT_ID,
        azureActiveDirectoryApplicationIdOrUri: application,
      },
      filter: { includedEventTypes: ["Microsoft.Communication.UserDisconnected"] },
    });
    const identity = new sdk.CommunicationIdentityClient(env.ACS_CONNECTION_STRING);
    const user = await identity.createUser();
    await identity.deleteUser(user);
    await own.wait(1, ({ subject }) => subject === `user/${user.communicationUserId}`);
    const bearer = own.got.map(({ headers }) => headers.authorization).find((text) => text?.startsWith("Bearer "));
    const claims = JSON.parse(Buffer.from(bearer.split(".")[1], "base64url"));
    assert.equal(claims.aud, application);
    await assert.rejects(
      subscribe({
        destination: {
          endpointType: "WebHook",
          endpointUrl: receiver.url,
          azureActiveDirectoryTenantId: randomUUID(),
          azureActiveDirectoryApplicationIdOrUri: application,
        },
      }),
      refused(400, "InvalidRequest"),
    );
  });

  test("an endpoint that does not answer with the code waits for its address to be opened", async () => {
    const shy = await listen();
    shy.silent = true;
    const name = fresh();
    made.push(name);
    const poller = await subscriptions.beginCreateOrUpdate(
      scope,
      name,
      { destination: { endpointType: "WebHook", endpointUrl: shy.url } },
      { updateIntervalInMs: 100 },
    );
    assert.equal((await subscriptions.get(scope, name)).provisioningState, "AwaitingManualAction");
    const [{ data }] = JSON.parse(shy.got[0].body);
    assert.equal((await fetch(data.validationUrl)).status, 200);
    assert.equal((await fetch(data.validationUrl)).status, 404);
    assert.equal((await poller.pollUntilDone()).provisioningState, "Succeeded");
  });

  test("a system topic names the events of a service once more", async () => {
    const { systemTopics, systemTopicEventSubscriptions: below, topicTypes } = client;
    const name = `topic-${randomUUID().slice(0, 8)}`;
    const type = "Microsoft.Communication.CommunicationServices";
    // Deleting a topic takes along every subscription of its source, so this source is nobody else's.
    const services = new CommunicationServiceManagementClient(credential, env.ACS_SUBSCRIPTION_ID, { endpoint: env.ACS_ARM_ENDPOINT })
      .communicationServices;
    const service = await services.beginCreateOrUpdateAndWait(group, `svc-${randomUUID().slice(0, 8)}`, {
      location: "global",
      dataLocation: "Europe",
    });
    const ofTheirs = service.id.replace("Microsoft.Communication/communicationServices", "microsoft.communication/communicationservices");
    const info = { location: "global", source: service.id, topicType: type, tags: { a: "b" } };
    const made = await systemTopics.beginCreateOrUpdateAndWait(group, name, info);
    cleanups.push(() => services.beginDeleteAndWait(group, service.name));
    assert.equal(made.id, `/subscriptions/${env.ACS_SUBSCRIPTION_ID}/resourceGroups/${group}/providers/Microsoft.EventGrid/systemTopics/${name}`);
    assert.deepEqual([made.provisioningState, made.topicType, made.source], ["Succeeded", type, ofTheirs]);
    assert.deepEqual((await systemTopics.get(group, name.toUpperCase())).tags, { a: "b" });
    assert.deepEqual((await systemTopics.beginUpdateAndWait(group, name, { tags: { c: "d" } })).tags, { c: "d" });
    assert.ok((await all(systemTopics.listBySubscription())).some((one) => one.name === name));
    const put = (name, more) => systemTopics.beginCreateOrUpdateAndWait(group, name, { ...info, ...more });
    await assert.rejects(put(`${name}-2`), refused(400, "InvalidRequest"));
    await assert.rejects(put(name, { topicType: "Microsoft.Storage.StorageAccounts" }), refused(400, "InvalidRequest"));
    await assert.rejects(put(`${name}-2`, { source: `${service.id}x` }), refused(404, "ResourceNotFound"));
    await assert.rejects(put(`${name}-2`, { location: "westus" }), refused(400));

    const own = await listen();
    const hook = fresh();
    const subscription = await below.beginCreateOrUpdateAndWait(group, name, hook, {
      destination: { endpointType: "WebHook", endpointUrl: own.url },
      filter: { includedEventTypes: ["Microsoft.Communication.UserDisconnected"] },
    });
    assert.equal(subscription.id, `${made.id}/eventSubscriptions/${hook}`);
    assert.equal(subscription.type, "Microsoft.EventGrid/systemTopics/eventSubscriptions");
    assert.equal(subscription.topic, made.id);
    assert.equal((await subscriptions.get(service.id.slice(1), hook)).topic, ofTheirs);
    assert.ok((await all(below.listBySystemTopic(group, name))).some((one) => one.name === hook));
    assert.equal((await below.getFullUrl(group, name, hook)).endpointUrl, own.url);
    assert.deepEqual((await below.beginUpdateAndWait(group, name, hook, { labels: ["x"] })).labels, ["x"]);
    const { primaryConnectionString } = await services.listKeys(group, service.name);
    const identity = new sdk.CommunicationIdentityClient(primaryConnectionString);
    const user = await identity.createUser();
    await identity.deleteUser(user);
    const [event] = await own.wait(1, ({ subject }) => subject === `user/${user.communicationUserId}`);
    assert.equal(event.topic, ofTheirs);
    await below.beginDeleteAndWait(group, name, hook);
    await assert.rejects(below.get(group, name, hook), refused(404, "ResourceNotFound"));
    await below.beginCreateOrUpdateAndWait(group, name, hook, { destination: { endpointType: "WebHook", endpointUrl: own.url } });
    await systemTopics.beginDeleteAndWait(group, name);
    await assert.rejects(systemTopics.get(group, name), refused(404, "ResourceNotFound"));
    await assert.rejects(subscriptions.get(service.id.slice(1), hook), refused(404, "ResourceNotFound"));

    assert.deepEqual((await all(topicTypes.list())).map((one) => one.name), [type]);
    assert.equal((await topicTypes.get(type)).provider, "Microsoft.Communication");
    const types = (await all(topicTypes.listEventTypes(type))).map((one) => one.name);
    assert.ok(types.includes("Microsoft.Communication.ChatMessageReceived"));
    const ofService = client.topics.listEventTypes(group, "Microsoft.Communication", "communicationServices", env.ACS_RESOURCE_NAME);
    assert.deepEqual((await all(ofService)).map((one) => one.name), types);
  });

  test("what cannot be is refused, and nothing is left", async () => {
    const before = (await all(subscriptions.listGlobalBySubscription())).length;
    const reject = (properties, status, code) => assert.rejects(subscribe(properties), refused(status, code));
    const queue = { endpointType: "StorageQueue", resourceId: "/subscriptions/x", queueName: "q" };
    await reject({ destination: queue }, 400, "DestinationNotSupported");
    await reject({ destination: { endpointType: "EventHub", resourceId: "/x" } }, 400, "DestinationNotSupported");
    await reject({ destination: { endpointType: "WebHook", endpointUrl: "http://127.0.0.1:1/" } }, 400, "Url validation");
    await reject({ destination: { endpointType: "WebHook", endpointUrl: env.ACS_ENDPOINT } }, 400, "InvalidRequest");
    await reject({ retryPolicy: { maxDeliveryAttempts: 99 } }, 400, "InvalidRequest");
    await reject({ filter: { includedEventTypes: ["Microsoft.Storage.BlobCreated"] } }, 400, "InvalidRequest");
    await assert.rejects(
      subscriptions.beginCreateOrUpdateAndWait(`${scope}x`, fresh(), { destination: queue }),
      refused(404, "ResourceNotFound"),
    );
    assert.equal((await all(subscriptions.listGlobalBySubscription())).length, before);
  });

  test("a failed delivery is seen, and the event delivered again, in the terminal", async () => {
    const picky = await listen();
    // After a 404 the next attempt is minutes away, however slow this machine is.
    picky.answer = () => 404;
    const { name } = await subscribe({
      destination: { endpointType: "WebHook", endpointUrl: picky.url },
      filter: { includedEventTypes: ["Microsoft.Communication.ChatMessageReceivedInThread"] },
    });
    const ann = await someone(sdk);
    const { thread, clients } = await threadOf(sdk, [ann]);
    await clients[0].sendMessage({ content: "Will it arrive?" });
    const [event] = await picky.wait(1, ({ data }) => data.threadId === thread.id);
    const attempts = async (count) => {
      const end = Date.now() + 60_000;
      while (Date.now() < end) {
        const lines = (await parley("events", "attempts", name)).trim().split("\n").filter(Boolean);
        if (lines.length >= count) return lines;
      }
      throw new Error("no attempts are shown");
    };
    assert.match((await attempts(1))[0], new RegExp(`\tFailed\t404\t.*${event.id}`));
    picky.answer = () => 200;
    await parley("events", "redeliver", name, event.id);
    await picky.wait(2, ({ id }) => id === event.id);
    assert.match((await attempts(2))[0], /\tDelivered\t200\t/);
    assert.match(await parley("events", "list", "--subject", thread.id), new RegExp(`${event.id}\tMicrosoft.Communication.ChatMessageReceivedInThread\tthread/`));
    const filter = '{"advancedFilters":[{"operatorType":"StringContains","key":"data.messageBody","values":["arrive"]}]}';
    assert.match(await parley("events", "try", filter), new RegExp(`${event.id}[^]*#matched`));
    assert.match(await parley("events", "subscriptions"), new RegExp(`${name}\tSucceeded\tdelivered=1\tfailed=1`));
    // A replay goes by the time of the commit, which may lie a little before the message's own.
    const since = new Date(Date.parse(event.eventTime) - 1000).toISOString();
    await parley("events", "replay", name, since);
    await picky.wait(3, ({ id }) => id === event.id);
  });
});
