// Debian's Chromium, and tabs in it that hold a chat client.

import { chromium } from "playwright-core";
import { endpoint, publicKeyHash } from "./parley.js";
import { servePages } from "./pages.js";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A camera with a picture that moves, slowly so that four windows fit on two cores, and a microphone that beeps; nobody is asked for permission.
  `--use-fake-device-for-media-stream=fps=${process.env.PARLEY_CAMERA_RATE ?? 5}`,
  "--use-fake-ui-for-media-stream",
  "--autoplay-policy=no-user-gesture-required",
];

/** How long anything may take that should take milliseconds: a loaded machine must not fail a test. */
export const PATIENCE = Number(process.env.PARLEY_PATIENCE ?? 60_000);

export class Browser {
  #chromium;
  #pages;

  static async launch(...pages) {
    return Browser.launchTrusting(await publicKeyHash(), ...pages);
  }

  /** A browser for another server than that of the suite, known by the hash of its key. */
  static async launchTrusting(keyHash, ...pages) {
    const browser = new Browser();
    browser.#pages = await servePages(...pages);
    browser.#chromium = await chromium.launch({
      executablePath: process.env.PARLEY_CHROMIUM ?? "/usr/bin/chromium",
      args: [...FLAGS, `--ignore-certificate-errors-spki-list=${keyHash}`],
    });
    return browser;
  }

  get origin() {
    return this.#pages.origin;
  }

  /** A window with nothing in common with other windows; behind a network of its own when one is given. */
  async window(network, options = {}) {
    const opened = await this.#chromium.newContext({ ...(network ? { proxy: network.proxy } : {}), ...options });
    opened.setDefaultTimeout(PATIENCE);
    return opened;
  }

  /** Opens a page in a window. */
  async page(window, name) {
    const page = await window.newPage();
    page.on("pageerror", (error) => console.error(`page error: ${error.message}`));
    await page.goto(`${this.origin}/${name}`);
    return page;
  }

  /**
   * A tab of this person's with a chat client that hears everything.
   *
   * @param next the token that the client gets when its first one has ended
   * @param prepare what is done with the page before the client is there
   */
  async tab(person, { window, network, page = "newest", at = endpoint, next, prepare } = {}) {
    const opened = await this.page(window ?? (await this.window(network)), page);
    const tab = new Tab(opened, person);
    opened.on("websocket", (socket) => tab.sockets.push(new URL(socket.url())));
    await prepare?.(opened);
    await tab.attach(at, next);
    return tab;
  }

  /** Closes every window and the tabs in it. */
  async closeWindows() {
    await Promise.all(this.#chromium.contexts().map((window) => window.close()));
  }

  async close() {
    await this.#chromium.close();
    this.#pages.close();
  }
}

/** A page with a chat client, and everything it has heard. */
export class Tab {
  heard = [];
  /** The address of each WebSocket so far. */
  sockets = [];
  #waiting = new Set();

  constructor(page, person) {
    this.page = page;
    this.person = person;
  }

  async attach(at, next) {
    await this.page.exposeFunction("heard", (name, event) => {
      this.heard.push({ name, event, at: Date.now() });
      for (const check of this.#waiting) check();
    });
    const token = this.person.token;
    await this.page.evaluate(({ at, token, next }) => connectChat(at, token, next), { at, token, next });
  }

  /** Starts listening; answers when the page says that it is connected. */
  async start() {
    const connected = this.count("realTimeNotificationConnected");
    await this.page.evaluate(() => startChat());
    await this.until(() => this.count("realTimeNotificationConnected") > connected, "connected");
    return this;
  }

  stop() {
    return this.page.evaluate(() => chat.stopRealtimeNotifications());
  }

  /** Calls a method of ChatClient in the page. */
  call(method, ...rest) {
    return this.page.evaluate(([method, rest]) => callChat(method, rest), [method, rest]);
  }

  /** Calls a method of ChatThreadClient in the page. */
  callThread(thread, method, ...rest) {
    return this.page.evaluate(([thread, method, rest]) => callThread(thread, method, rest), [thread, method, rest]);
  }

  events(name) {
    return this.heard.filter((one) => one.name === name).map((one) => one.event);
  }

  count(name) {
    return this.events(name).length;
  }

  /** The texts of the messages received, in the order in which they came. */
  texts() {
    return this.events("chatMessageReceived").map((event) => event.message);
  }

  /** Waits for the number-th event of a name. */
  async next(name, number = 1) {
    await this.until(() => this.count(name) >= number, `${number} x ${name}`);
    return this.events(name)[number - 1];
  }

  until(condition, what, patience = PATIENCE) {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (condition()) {
          finish();
          resolve();
        }
      };
      const timer = setTimeout(() => {
        finish();
        const names = this.heard.map((one) => one.name + (one.event?.message ? `(${one.event.message.slice(0, 20)})` : ""));
        reject(new Error(`${this.person.name} waited for ${what}; heard ${names.slice(-20).join(", ")}`));
      }, patience);
      const finish = () => {
        clearTimeout(timer);
        this.#waiting.delete(check);
      };
      this.#waiting.add(check);
      check();
    });
  }
}
