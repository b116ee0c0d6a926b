// Makes users and opens their windows.

import { give } from "./given.js";

const NAMES = ["Ann", "Bob"];

async function answered(response) {
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
}

/** Fresh users with tokens, by the server's own operation for these pages; an application's backend asks the identity SDK. */
async function makePeople() {
  const { endpoint, users } = await answered(
    await fetch("/samples/:users", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ count: NAMES.length }),
    }),
  );
  return { endpoint, people: users.map(({ id, token }, i) => ({ id, token, name: NAMES[i] })) };
}

/** A chat thread of all, made by the first. */
async function makeThread(endpoint, people) {
  const participants = people.map(({ id, name }) => ({
    communicationIdentifier: { rawId: id, communicationUser: { id } },
    displayName: name,
  }));
  const { chatThread } = await answered(
    await fetch(`${endpoint}/chat/threads?api-version=2025-03-15`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${people[0].token}` },
      body: JSON.stringify({ topic: "Sample", participants }),
    }),
  );
  return chatThread.id;
}

function openWindow(page, place, value) {
  give(value);
  const { availWidth, availHeight } = screen;
  const width = Math.floor(availWidth / NAMES.length);
  const features = `popup,width=${width},height=${Math.floor(availHeight * 0.8)},left=${place * width},top=0`;
  if (window.open(`/samples/${page}.html`, "_blank", features) === null) {
    // A browser lets through one window a click, perhaps none: this one serves as well.
    location.assign(`/samples/${page}.html`);
  }
}

async function open(page) {
  const { endpoint, people } = await makePeople();
  const threadId = page === "chat" || page === "call-with-chat" ? await makeThread(endpoint, people) : undefined;
  const groupId = crypto.randomUUID();
  people.forEach((me, place) => {
    const others = people.filter((one) => one !== me).map(({ id, name }) => ({ id, name }));
    openWindow(page, place, { endpoint, me, others, groupId, threadId });
  });
}

for (const button of document.querySelectorAll("button[data-page]")) {
  button.addEventListener("click", async () => {
    const problem = document.getElementById("problem");
    problem.textContent = "";
    try {
      await open(button.dataset.page);
    } catch (error) {
      problem.textContent = String(error.message ?? error);
    }
  });
}
