// A server process of its own, for tests that set it up in their own way, or end it.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventually, signed } from "./signed.js";

const launcher = fileURLToPath(new URL("../../../parley", import.meta.url));

export class ServerProcess {
  /** The port of its first start is that of every later one. */
  #port = 0;

  constructor(data, settings) {
    this.data = data;
    this.settings = { "http.port": 0, ...settings };
  }

  /** A server on data of its own, which go with it. */
  static async open(settings) {
    const folder = await mkdtemp(join(tmpdir(), "parley-house-"));
    const house = new this(join(folder, "data"), settings);
    house.folder = folder;
    try {
      return await house.up();
    } catch (error) {
      await house.close();
      throw error;
    }
  }

  /** Stops it, and takes its data away. */
  async close() {
    if (this.process) await this.kill("SIGTERM");
    if (this.folder) await rm(this.folder, { recursive: true, force: true });
  }

  async up() {
    // What an earlier start wrote must not be taken for this one's.
    await rm(join(this.data, "dev.env"), { force: true });
    const options = Object.entries(this.settings).flatMap(([key, value]) => ["--set", `${key}=${value}`]);
    this.process = spawn(launcher, ["up", "--data", this.data, "--port", `${this.#port}`, ...options], { stdio: ["ignore", "ignore", "pipe"] });
    let errors = "";
    this.process.stderr.on("data", (chunk) => (errors += chunk));
    this.exited = new Promise((resolve) => this.process.once("exit", resolve));
    const environment = await eventually(async () => {
      if (this.process.exitCode !== null) throw new Error(errors);
      return Object.fromEntries(
        (await readFile(join(this.data, "dev.env"), "utf8")).trim().split("\n").map((line) => /^([A-Z_]+)=(.*)$/.exec(line).slice(1)),
      );
    }, 180);
    this.environment = environment;
    // An address that the settings say need not be where it listens.
    if (!this.settings["resource.url"]) this.#port = new URL(environment.ACS_ENDPOINT).port;
    // Plain HTTP on loopback: Node reads the certificate authorities of its environment at its own start only.
    this.connectionString = environment.ACS_CONNECTION_STRING.replace(/endpoint=[^;]*/, `endpoint=${environment.PARLEY_HTTP_ENDPOINT}/`);
    return this;
  }

  async kill(signal) {
    this.process.kill(signal);
    await this.exited;
  }

  /** A request signed with the access key. */
  ask(method, path, body, headers) {
    return signed(this.connectionString, method, path, body, headers);
  }
}
