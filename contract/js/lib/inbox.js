// Requests to this server's own operations, signed with the access key, and the mailbox for tests read by them.

import { createHash, createHmac } from "node:crypto";
import https from "node:https";
import { connectionString, endpoint } from "./sdk.js";

const key = Buffer.from(/accesskey=([^;]+)/i.exec(connectionString)[1], "base64");

/** A request signed with the access key; answers like fetch. */
export function signed(method, path, body) {
  const url = new URL(path, endpoint);
  const content = body === undefined ? "" : JSON.stringify(body);
  const date = new Date().toUTCString();
  const hash = createHash("sha256").update(content).digest("base64");
  const text = `${method}\n${url.pathname}${url.search}\n${date};${url.host};${hash}`;
  const signature = createHmac("sha256", key).update(text).digest("base64");
  const headers = {
    "x-ms-date": date,
    "x-ms-content-sha256": hash,
    Authorization: `HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=${signature}`,
  };
  if (content) headers["Content-Type"] = "application/json";
  return new Promise((resolve, reject) => {
    const request = https.request(url, { method, headers }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => {
        const bytes = Buffer.concat(chunks);
        resolve({ status: response.statusCode, bytes, text: () => bytes.toString(), json: () => JSON.parse(bytes) });
      });
    });
    request.on("error", reject);
    request.end(content);
  });
}

/** Captured mails that match, newest first; `wait` is in seconds. */
export async function inbox(question) {
  const answer = await signed("GET", `/parley/inbox/email?${new URLSearchParams(question)}`);
  if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.text()}`);
  return answer.json().value;
}
