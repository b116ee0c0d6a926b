// A name server that knows what a test publishes in it, and nothing else.

import { createSocket } from "node:dgram";
import { once } from "node:events";
import packet from "dns-packet";

export class Nameserver {
  #socket = createSocket("udp4");
  /** The texts of each name. */
  texts = new Map();

  static async open() {
    const server = new Nameserver();
    server.#socket.on("message", (bytes, from) => server.#answer(packet.decode(bytes), from));
    server.#socket.bind(0, "127.0.0.1");
    await once(server.#socket, "listening");
    return server;
  }

  get address() {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  #answer({ id, questions }, from) {
    const [{ name, type }] = questions;
    const texts = this.texts.get(name.toLowerCase()) ?? [];
    const answers = type === "TXT" ? texts.map((text) => ({ name, type, ttl: 1, data: text.match(/.{1,255}/g) })) : [];
    const flags = packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE | (texts.length ? 0 : 3);
    this.#socket.send(packet.encode({ type: "response", id, flags, questions, answers }), from.port, from.address);
  }

  publish(name, text) {
    const at = name.toLowerCase();
    this.texts.set(at, [...(this.texts.get(at) ?? []), text]);
  }

  close() {
    this.#socket.close();
  }
}
