// A page whose way to the server can be exchanged for another one in mid-call, as when a telephone leaves the Wi-Fi: its media goes
// and comes through links of its own, since the candidates of every SDP on its signalling name their ports.

import { Link } from "./link.js";

export class Roaming {
  /** The links that the media goes over now, by connection: what the page sends, what it is sent. */
  links = new Map();
  #sockets = new Set();

  /** To be called before the page opens its signalling. */
  static async of(page) {
    const roaming = new Roaming();
    await page.routeWebSocket(/\/calling\/v1\/connect/, (socket) => roaming.#carry(socket));
    return roaming;
  }

  /** Nothing comes through where the media went; whatever SDP comes from now on leads another way. */
  moveMedia() {
    for (const link of this.links.values()) link.trouble = { ...link.trouble, loss: 1 };
    this.links = new Map();
  }

  /** Signalling is cut besides: the page has to connect anew. */
  move() {
    this.moveMedia();
    for (const socket of this.#sockets) socket.close({ code: 1012, reason: "another network" });
    this.#sockets.clear();
  }

  #carry(socket) {
    const server = socket.connectToServer();
    this.#sockets.add(socket);
    // What comes stays in its order, though a link takes a moment to open.
    let last = Promise.resolve();
    server.onMessage((text) => (last = last.then(async () => socket.send(await this.#rerouted(text)))));
  }

  async #rerouted(text) {
    const port = /a=candidate:\S+ 1 udp \d+ \S+ (\d+)/.exec(text)?.[1];
    if (!port) return text;
    const { links } = this;
    const connection = JSON.parse(text).on === "media.offer" ? "subscribe" : "publish";
    if (!links.has(connection)) links.set(connection, await Link.open(Number(port)));
    return text
      .replace(/a=candidate:\S+ 1 tcp .*?\\r\\n/g, "")
      .replace(/(a=candidate:\S+ 1 udp \d+ \S+) \d+/g, `$1 ${links.get(connection).port}`);
  }
}
