// A name server that knows what a test publishes in it, and nothing else.

import { createSocket } from "node:dgram";
import { once } from "node:events";
import packet from "dns-packet";

const SERVFAIL = 2;
const NXDOMAIN = 3;

export class Nameserver {
  #socket = createSocket("udp4");
  /** Of other types than TXT: what is at each name, as dns-packet writes it. */
  #records = new Map();
  /** The texts of each name. */
  texts = new Map();
  /** Names that it answers for as a resolver does that has checked the signatures of DNSSEC. */
  authentic = new Set();
  /** Names that it fails at. */
  broken = new Set();

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
    const [question] = questions;
    const name = question.name.toLowerCase();
    const texts = (this.texts.get(name) ?? []).map((text) => ({ type: "TXT", data: text.match(/.{1,255}/g) }));
    const known = [...texts, ...(this.#records.get(name) ?? [])];
    const answers = known.filter(({ type }) => type === question.type).map((record) => ({ name: question.name, ttl: 1, ...record }));
    const code = this.broken.has(name) ? SERVFAIL : known.length ? 0 : NXDOMAIN;
    const flags = packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE | (this.authentic.has(name) ? packet.AUTHENTIC_DATA : 0) | code;
    this.#socket.send(packet.encode({ type: "response", id, flags, questions, answers: code ? [] : answers }), from.port, from.address);
  }

  /** The texts of a name, as `dns.resolve` answers. */
  async resolve(name, type) {
    const texts = type === "TXT" && this.texts.get(name.toLowerCase());
    if (texts) return texts.map((text) => [text]);
    throw Object.assign(new Error(`no ${type} of ${name}`), { code: "ENOTFOUND" });
  }

  publish(name, text) {
    const at = name.toLowerCase();
    this.texts.set(at, [...(this.texts.get(at) ?? []), text]);
  }

  /** Publishes a record of another type. */
  record(name, type, data) {
    const at = name.toLowerCase();
    this.#records.set(at, [...(this.#records.get(at) ?? []), { type, data }]);
  }

  /** A domain whose mail goes to a host, and the host's addresses. */
  exchange(domain, host, ...addresses) {
    this.record(domain, "MX", { preference: 10, exchange: host });
    for (const address of addresses) this.record(host, address.includes(":") ? "AAAA" : "A", address);
  }

  close() {
    this.#socket.close();
  }
}
