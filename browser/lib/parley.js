// The server under test: where it listens, how its connections are recognised, and people who may use it.

import { createHash, createHmac } from "node:crypto";
import { connect } from "node:tls";
import { CommunicationIdentityClient } from "@azure/communication-identity";
import { AzureCommunicationTokenCredential } from "@azure/communication-common";
import { ChatClient } from "@azure/communication-chat";

const { ACS_CONNECTION_STRING, ACS_ENDPOINT } = process.env;
if (!ACS_CONNECTION_STRING || !ACS_ENDPOINT) {
  throw new Error("Run ./parley test browser, or set what ./parley env prints");
}

export const endpoint = ACS_ENDPOINT.replace(/\/$/, "");
export const address = { host: new URL(endpoint).hostname, port: Number(new URL(endpoint).port || 443) };
export const identity = new CommunicationIdentityClient(ACS_CONNECTION_STRING);

/** A fresh user with a token for chats and calls. */
export async function someone(name) {
  const { user, token } = await identity.createUserAndToken(["chat", "voip"]);
  return { name, user, token, mine: { kind: "communicationUser", communicationUserId: user.communicationUserId } };
}

/** A chat client outside the browser: it sends, and hears nothing. */
export function chatOf(person) {
  return new ChatClient(endpoint, new AzureCommunicationTokenCredential(person.token));
}

/** A thread of these people, made by the first; answers the first one's client of it. */
export async function threadOf(people, topic = "A thread") {
  const chat = chatOf(people[0]);
  const { chatThread } = await chat.createChatThread(
    { topic },
    { participants: people.map((one) => ({ id: one.user, displayName: one.name })) },
  );
  return chat.getChatThreadClient(chatThread.id);
}

/** The public key of the server's certificate, as Chromium wants it named: only this key is trusted, nothing else is let through. */
export function publicKeyHash() {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...address, servername: "localhost" }, () => {
      const hash = keyHash(socket.getPeerX509Certificate());
      socket.destroy();
      resolve(hash);
    });
    socket.on("error", reject);
  });
}

/** The hash of a certificate's public key. */
export function keyHash(certificate) {
  return createHash("sha256").update(certificate.publicKey.export({ type: "spki", format: "der" })).digest("base64");
}

/** The same user's token with another end, signed as this server signs: the API gives none that lives for less than an hour. */
export function tokenUntil(token, seconds) {
  const accessKey = Buffer.from(/accesskey=([^;]+)/i.exec(ACS_CONNECTION_STRING)[1], "base64");
  const secret = createHmac("sha256", accessKey).update("parley user access token 1").digest();
  const [header, payload] = token.split(".");
  const claims = { ...JSON.parse(Buffer.from(payload, "base64url")), exp: Math.floor(Date.now() / 1000) + seconds };
  const signed = `${header}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}
