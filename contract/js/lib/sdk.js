// The SDK generations that every contract test runs with, and what a test needs to be somebody.

import "./localhost.js";

const { ACS_CONNECTION_STRING, ACS_ENDPOINT } = process.env;
if (!ACS_CONNECTION_STRING || !ACS_ENDPOINT) {
  throw new Error("Run ./parley test js, or set what ./parley env prints");
}

export const connectionString = ACS_CONNECTION_STRING;
export const endpoint = ACS_ENDPOINT;

/** Packages as applications mix them: everything newest, everything older. */
export const generations = [
  {
    name: "identity 1.3.1, chat 1.6.0, common 2.5.0",
    ...(await import("@azure/communication-common")),
    ...(await import("@azure/communication-identity")),
    ...(await import("@azure/communication-chat")),
  },
  {
    name: "identity 1.3.0, chat 1.5.4, common 2.3.1",
    ...(await import("common-older")),
    ...(await import("identity-older")),
    ...(await import("chat-older")),
  },
];

/** The email client by itself, newest and older. */
export const emailGenerations = [
  { name: "email 1.1.0", inlines: true, ...(await import("@azure/communication-email")) },
  { name: "email 1.0.0", inlines: false, ...(await import("email-older")) },
];

/** A fresh user with a token, and a chat client that uses it. */
export async function someone(sdk, scopes = ["chat"]) {
  const identity = new sdk.CommunicationIdentityClient(connectionString);
  const { user, token } = await identity.createUserAndToken(scopes);
  return { user, token, chat: chatWith(sdk, token) };
}

export function chatWith(sdk, token) {
  return new sdk.ChatClient(endpoint, new sdk.AzureCommunicationTokenCredential(token));
}

/** A thread of these people, made by the first; each gets its client of the thread. */
export async function threadOf(sdk, people, options = {}) {
  const { chatThread } = await people[0].chat.createChatThread(
    { topic: "A thread" },
    { participants: people.slice(1).map((one) => ({ id: one.user, displayName: one.name })), ...options },
  );
  return { thread: chatThread, clients: people.map((one) => one.chat.getChatThreadClient(chatThread.id)) };
}

export async function all(pages) {
  const items = [];
  for await (const item of pages) items.push(item);
  return items;
}

/** What assert.rejects takes: the refusal that the SDK makes of the service's answer. */
export function refused(statusCode, code) {
  return (error) => {
    if (error.statusCode !== statusCode || (code && error.code !== code)) {
      throw new Error(`expected ${statusCode} ${code ?? ""}, got ${error.statusCode} ${error.code}: ${error.message}`);
    }
    return true;
  };
}
