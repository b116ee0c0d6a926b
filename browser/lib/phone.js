// A person in a window with the calling package, and what can be seen and heard there.

import assert from "node:assert/strict";
import { PATIENCE } from "./browser.js";
import { signed } from "../../contract/js/lib/signed.js";
import { someone } from "./parley.js";

/** Keeps the page's peer connections, so that what is decoded can be counted below the package. */
function keepConnections() {
  window.connections = [];
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(...rest) {
      super(...rest);
      window.connections.push(this);
    }
  };
}

export class Phone {
  constructor(page, person) {
    this.page = page;
    this.person = person;
    this.name = person.name;
    this.id = person.user.communicationUserId;
  }

  /**
   * A fresh person in a window of their own, or a person's other window.
   *
   * @param prepare what is done with the page before it connects
   */
  static async open(browser, who, { window, network, prepare } = {}) {
    const person = typeof who === "string" ? await someone(who) : who;
    const page = await (window ?? (await browser.window(network))).newPage();
    const phone = new Phone(page, person);
    phone.failures = [];
    page.on("pageerror", (error) => phone.failures.push(error.message));
    await page.addInitScript(keepConnections);
    await prepare?.(page);
    await page.goto(`${browser.origin}/calls`);
    await page.evaluate(({ token, name }) => phone.signIn(token, name), person);
    return phone;
  }

  /** Runs a function in the page, `phone` being its own. */
  run(action, argument) {
    return this.page.evaluate(action, argument);
  }

  dial(others, options) {
    return this.run(([ids, options]) => phone.dial(ids, options), [others.map((one) => one.id), options]);
  }

  join(locator, options) {
    return this.run(([locator, options]) => phone.join(locator, options), [locator, options]);
  }

  async rings() {
    await this.until(() => phone.incoming !== undefined && phone.missed === undefined, "rings");
  }

  accept(options) {
    return this.run((options) => phone.accept(options), options);
  }

  hangUp(options) {
    return this.run((options) => phone.call.hangUp(options), options);
  }

  state() {
    return this.run(() => phone.call?.state);
  }

  people() {
    return this.run(() => phone.people());
  }

  pictures() {
    return this.run(() => phone.pictures());
  }

  endReason() {
    return this.run(() => ({ code: phone.call.callEndReason?.code, subCode: phone.call.callEndReason?.subCode }));
  }

  /** Waits until a condition holds in the page. */
  async until(condition, what, argument, patience = PATIENCE) {
    try {
      await this.page.waitForFunction(condition, argument, { timeout: patience, polling: 50 });
    } catch (error) {
      const now = await this.run(() => ({
        states: phone.states,
        people: phone.call ? phone.people() : [],
        pictures: phone.pictures(),
        noted: phone.noted,
        missed: phone.missed,
        reason: phone.call?.callEndReason,
      })).catch(() => "page gone");
      assert.fail(`${this.name}: not in time: ${what} (${error.message.split("\n")[0]}); now ${JSON.stringify(now)}; page errors ${this.failures}`);
    }
  }

  reaches(state, patience) {
    return this.until((state) => phone.call?.state === state, state, state, patience);
  }

  /** Waits until so many others are connected. */
  meets(count, patience) {
    return this.until(
      (count) => phone.people().filter((one) => one.state === "Connected").length === count,
      `${count} others`,
      count,
      patience,
    );
  }

  /** Waits until a picture of the other moves: it goes on by frames that are counted from now. */
  async sees(other, type = "Video", patience = 2 * PATIENCE) {
    const frames = ([id, type]) => phone.pictures().find((one) => one.id === id && one.type === type)?.frames ?? 0;
    const before = await this.run(frames, [other.id, type]);
    await this.until(
      ([id, type, before]) => (phone.pictures().find((one) => one.id === id && one.type === type)?.frames ?? 0) > before + 10,
      `a moving ${type} of ${other.name}`,
      [other.id, type, before],
      patience,
    );
  }

  /** Waits until no picture of that kind is left of the other. */
  seesNo(other, type = "Video") {
    return this.until(
      ([id, type]) => !phone.pictures().some((one) => one.id === id && one.type === type),
      `no ${type} of ${other.name}`,
      [other.id, type],
    );
  }

  /** What comes in, summed up over all connections. */
  incomingMedia() {
    return this.run(async () => {
      const sum = { framesDecoded: 0, audioPackets: 0, audioEnergy: 0 };
      for (const connection of window.connections) {
        for (const one of (await connection.getStats()).values()) {
          if (one.type !== "inbound-rtp") continue;
          sum.framesDecoded += one.framesDecoded ?? 0;
          if (one.kind !== "audio") continue;
          sum.audioPackets += one.packetsReceived;
          sum.audioEnergy += one.totalAudioEnergy ?? 0;
        }
      }
      return sum;
    });
  }

  /** Waits until something audible comes in: the fake microphone beeps once a second. */
  async hears(patience = 2 * PATIENCE) {
    const before = await this.incomingMedia();
    const end = Date.now() + patience;
    for (;;) {
      const now = await this.incomingMedia();
      if (now.audioPackets > before.audioPackets + 20 && now.audioEnergy > before.audioEnergy + 1e-6) return;
      assert.ok(Date.now() < end, `${this.name} hears nothing: ${JSON.stringify({ before, now })}`);
      await this.page.waitForTimeout(100);
    }
  }
}

/** Asserts that nobody's page had an error that nobody caught. */
export function noFailures(...phones) {
  for (const phone of phones) assert.deepEqual(phone.failures, [], phone.name);
}

const ROOMS = "api-version=2025-03-13";

/** A room that is open now; roles by phone. */
export async function makeRoom(roles) {
  const participants = Object.fromEntries([...roles].map(([phone, role]) => [phone.id, { role }]));
  const hour = 3_600_000;
  const { status, body } = await signed(process.env.ACS_CONNECTION_STRING, "POST", `/rooms?${ROOMS}`, {
    validFrom: new Date(Date.now() - hour).toISOString(),
    validUntil: new Date(Date.now() + hour).toISOString(),
    participants,
  });
  assert.equal(status, 201, JSON.stringify(body));
  return body.id;
}
