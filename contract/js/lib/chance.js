// Chance that can be had again: its seed is printed, and taken from PARLEY_SEED.

import { randomInt } from "node:crypto";

export class Chance {
  #state;

  constructor(what) {
    const seed = Number(process.env.PARLEY_SEED ?? randomInt(2 ** 32));
    console.log(`seed of ${what}: ${seed} (PARLEY_SEED=${seed})`);
    this.#state = seed >>> 0;
  }

  /** A whole number from `from` to below `to`. */
  number(from, to) {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return from + Math.floor((this.#state / 2 ** 32) * (to - from));
  }

  /** One of them. */
  of(all) {
    return all[this.number(0, all.length)];
  }
}
