// A bad network between one page and the media port, as a UDP relay: loss, delay, jitter, a limited rate with a queue before it.

import { createSocket } from "node:dgram";
import { once } from "node:events";

/** What happens to packets: loss 0 to 1, times in milliseconds, bits per second of the direction to the page (0 for no limit). */
const CLEAN = { loss: 0, delay: 0, jitter: 0, rate: 0 };

/** A queue longer than this drops what comes, as a home router's does. */
const QUEUE_MILLISECONDS = 300;

export class Link {
  static #all = new Set();
  #near = createSocket("udp4");
  #far = createSocket("udp4");
  #page;
  #port;
  #random;
  #free = 0;
  #due = [];
  #timer;
  trouble = CLEAN;
  /** Packets and bytes to the page, and packets dropped on the way there. */
  sent = 0;
  bytes = 0;
  dropped = 0;

  /** @param port the media port */
  static async open(port, seed = Date.now() % 0x7fffffff) {
    const link = new Link();
    Link.#all.add(link);
    console.log(`link seed ${seed}`);
    link.#random = generator(seed);
    link.#port = port;
    link.#near.bind(0);
    link.#far.bind(0, "127.0.0.1");
    await Promise.all([once(link.#near, "listening"), once(link.#far, "listening")]);
    link.#near.on("message", (bytes, from) => {
      link.#page = from;
      link.#pass(bytes, () => link.#far.send(bytes, link.#port, "127.0.0.1"), false);
    });
    link.#far.on("message", (bytes) => {
      const to = link.#page;
      link.#pass(bytes, () => link.#near.send(bytes, to.port, to.address), true);
    });
    return link;
  }

  /** The port that stands for the server's. */
  get port() {
    return this.#near.address().port;
  }

  static closeAll() {
    for (const link of Link.#all) {
      clearTimeout(link.#timer);
      link.#near.close();
      link.#far.close();
    }
    Link.#all.clear();
  }

  #pass(bytes, send, down) {
    const { loss, delay, jitter, rate } = this.trouble;
    const now = performance.now();
    let at = now + delay + jitter * this.#random();
    if (down) {
      if (rate > 0) {
        this.#free = Math.max(this.#free, now);
        if (this.#free - now > QUEUE_MILLISECONDS) {
          this.dropped++;
          return;
        }
        // IP and UDP have headers as well.
        this.#free += ((bytes.length + 28) * 8000) / rate;
        at += this.#free - now;
      }
      this.sent++;
      this.bytes += bytes.length;
    }
    if (this.#random() < loss) {
      this.dropped += down ? 1 : 0;
      return;
    }
    if (at - now < 0.5) {
      send();
      return;
    }
    let place = this.#due.length;
    while (place > 0 && this.#due[place - 1].at > at) place--;
    this.#due.splice(place, 0, { at, send });
    if (place === 0) this.#plan();
  }

  #plan() {
    clearTimeout(this.#timer);
    if (this.#due.length > 0) this.#timer = setTimeout(() => this.#deliver(), Math.max(0, this.#due[0].at - performance.now()));
  }

  #deliver() {
    const now = performance.now() + 0.5;
    while (this.#due.length > 0 && this.#due[0].at <= now) this.#due.shift().send();
    this.#plan();
  }
}

/** Numbers from 0 to 1 that are the same for the same seed (a 32-bit multiply with carry). */
function generator(seed) {
  let low = (seed & 0xffff) || 1;
  let high = (seed >>> 16) || 1;
  return () => {
    low = 36969 * (low & 0xffff) + (low >>> 16);
    high = 18000 * (high & 0xffff) + (high >>> 16);
    return (((high << 16) + (low & 0xffff)) >>> 0) / 0x100000000;
  };
}
