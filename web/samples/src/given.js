// Who this window acts as. The page with the buttons puts it into the session storage, which a window gets a copy of when it is opened.

const KEY = "parley-sample";

/**
 * What a window is given: `endpoint`, `me` and `others` (each `{id, token, name}`, others without a token), `groupId` and, for a chat, `threadId`.
 * Undefined when the page was opened by hand.
 */
export function given() {
  const text = sessionStorage.getItem(KEY);
  return text === null ? undefined : JSON.parse(text);
}

export function give(value) {
  sessionStorage.setItem(KEY, JSON.stringify(value));
}
