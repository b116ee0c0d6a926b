// A server of its own, for tests that set it up in their own way, or end it.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SmsClient } from "@azure/communication-sms";
import { eventually, signed } from "./signed.js";

const launcher = fileURLToPath(new URL("../../../parley", import.meta.url));

export class House {
  constructor(data, settings) {
    this.data = data;
    this.settings = { "http.port": 0, ...settings };
  }

  /** A house on data of its own, which go with it. */
  static async open(settings) {
    const folder = await mkdtemp(join(tmpdir(), "parley-house-"));
    const house = new House(join(folder, "data"), settings);
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
    this.process = spawn(launcher, ["up", "--data", this.data, "--port", "0", ...options], { stdio: ["ignore", "ignore", "pipe"] });
    let errors = "";
    this.process.stderr.on("data", (chunk) => (errors += chunk));
    this.exited = new Promise((resolve) => this.process.once("exit", resolve));
    const environment = await eventually(async () => {
      if (this.process.exitCode !== null) throw new Error(errors);
      return Object.fromEntries(
        (await readFile(join(this.data, "dev.env"), "utf8")).trim().split("\n").map((line) => /^([A-Z_]+)=(.*)$/.exec(line).slice(1)),
      );
    }, 60);
    this.environment = environment;
    this.from = environment.ACS_SMS_FROM;
    // Plain HTTP on loopback: Node reads the certificate authorities of its environment at its own start only.
    this.connectionString = environment.ACS_CONNECTION_STRING.replace(/endpoint=[^;]*/, `endpoint=${environment.PARLEY_HTTP_ENDPOINT}/`);
    this.client = new SmsClient(this.connectionString, { allowInsecureConnection: true });
    return this;
  }

  async kill(signal) {
    this.process.kill(signal);
    await this.exited;
  }

  async send(recipients, message, options = { enableDeliveryReport: true }) {
    return this.client.send({ from: this.from, to: recipients, message }, options);
  }

  /** A request signed with the access key. */
  ask(method, path, body, headers) {
    return signed(this.connectionString, method, path, body, headers);
  }

  async report(id) {
    const { status, body } = await this.ask("GET", `/deliveryReports/${id}?api-version=2026-01-23`);
    return status === 200 ? body : undefined;
  }
}
