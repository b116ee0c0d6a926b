// A page with the official chat client. The test hears through window.heard and speaks through the functions below.

import { ChatClient } from "chat";
import { AzureCommunicationTokenCredential } from "@azure/communication-common";

const CONNECTION = ["realTimeNotificationConnected", "realTimeNotificationDisconnected"];
const EVENTS = [
  "chatMessageReceived",
  "chatMessageEdited",
  "chatMessageDeleted",
  "typingIndicatorReceived",
  "readReceiptReceived",
  "chatThreadCreated",
  "chatThreadDeleted",
  "chatThreadPropertiesUpdated",
  "participantsAdded",
  "participantsRemoved",
];

const endOf = (token) => JSON.parse(atob(token.split(".")[1])).exp * 1000;

// With a next token the SDK may ask for one: it gets the next when the first has ended, and not before, though it asks early.
window.connectChat = (endpoint, token, next) => {
  const tokenRefresher = async () => (Date.now() < endOf(token) ? token : next);
  const credential = next ? { token, tokenRefresher, refreshProactively: false } : token;
  window.chat = new ChatClient(endpoint, new AzureCommunicationTokenCredential(credential));
};

window.startChat = async () => {
  // Connection events may be heard before the start; the SDK forgets all listeners at a stop.
  for (const name of CONNECTION) window.chat.on(name, () => window.heard(name, null));
  await window.chat.startRealtimeNotifications();
  for (const name of EVENTS) window.chat.on(name, (event) => window.heard(name, event));
};

// Pages come back whole, since an iterator cannot leave the page.
const whole = async (result) => {
  if (!result?.[Symbol.asyncIterator]) return result;
  const items = [];
  for await (const item of result) items.push(item);
  return items;
};

window.callChat = async (method, rest) => whole(await window.chat[method](...rest));

window.callThread = async (thread, method, rest) => whole(await window.chat.getChatThreadClient(thread)[method](...rest));
