// Debian's bind9 as the name server of other people, its zones signed where a test wants it, on a folder of its own.

import { execFileSync, spawn } from "node:child_process";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./ports.js";
import { eventually } from "./signed.js";

const NAMED = "/usr/sbin/named";

/** Why it cannot run here; empty when it can. */
export const missing = existsSync(NAMED) && existsSync("/usr/bin/dnssec-signzone") ? "" : "Debian's package bind9 is not installed";

/** A program under another path: AppArmor keeps the packaged one from the folders of tests. */
export function copied(program, folder) {
  const copy = join(folder, program.split("/").at(-1));
  copyFileSync(program, copy);
  return copy;
}

export class Bind {
  #zones = new Map();
  #serial = 1;

  /** Zones that are not signed, and some that are; all are empty at first. */
  static async open({ plain, signed }) {
    const bind = new Bind();
    bind.folder = mkdtempSync(join(tmpdir(), "parley-bind-"));
    bind.port = await freePort();
    mkdirSync(join(bind.folder, "keys"));
    for (const zone of plain) bind.#zones.set(zone, { records: [] });
    for (const zone of signed) bind.#zones.set(zone, { records: [], key: bind.#newKey(zone) });
    for (const zone of bind.#zones.keys()) bind.#write(zone);
    bind.#start();
    await bind.#loaded();
    return bind;
  }

  get address() {
    return `127.0.0.1:${this.port}`;
  }

  #run(program, ...options) {
    return execFileSync(program, options, { cwd: this.folder, stdio: ["ignore", "pipe", "ignore"], encoding: "utf8" });
  }

  #newKey(zone) {
    return this.#run("dnssec-keygen", "-q", "-a", "ECDSAP256SHA256", "-f", "KSK", "-K", "keys", zone).trim();
  }

  /** What a resolver has to trust to believe a signed zone. */
  anchor(zone) {
    return this.#run("dnssec-dsfromkey", "-2", join("keys", `${this.#zones.get(zone).key}.key`)).trim();
  }

  #start() {
    const zones = [...this.#zones].map(([zone, { key }]) => `zone "${zone}" { type primary; file "${zone}${key ? ".signed" : ""}"; };\n`);
    writeFileSync(
      join(this.folder, "named.conf"),
      `options {
  directory "${this.folder}";
  pid-file "named.pid";
  session-keyfile "session.key";
  listen-on port ${this.port} { 127.0.0.1; };
  listen-on-v6 { none; };
  recursion no;
  dnssec-validation no;
  notify no;
};
controls { };
${zones.join("")}`,
    );
    this.process = spawn(copied(NAMED, this.folder), ["-g", "-n", "1", "-c", join(this.folder, "named.conf")], { stdio: "ignore" });
  }

  #write(zone) {
    const { records, key, expired, forged } = this.#zones.get(zone);
    const lines = ["$TTL 1", `@ SOA ns hostmaster ${this.#serial} 3600 600 86400 0`, "@ NS ns", "ns A 127.0.0.1", ...records];
    writeFileSync(join(this.folder, zone), lines.map((line) => `${line}\n`).join(""));
    if (key) {
      // -P: it would not sign what nobody believes any more.
      const when = expired ? ["-P", "-s", "20200101000000", "-e", "20200201000000"] : [];
      this.#run("dnssec-signzone", "-q", "-z", "-S", "-K", "keys", "-O", "full", ...when, "-o", zone, "-f", `${zone}.signed`, zone);
      if (forged) {
        const file = join(this.folder, `${zone}.signed`);
        const text = readFileSync(file, "utf8");
        const changed = text.replace(...forged);
        if (changed === text) throw new Error(`there is nothing to forge in ${text}`);
        writeFileSync(file, changed);
      }
    }
  }

  /** Writes a zone anew, and waits until it is served. */
  async #change(zone, change) {
    Object.assign(this.#zones.get(zone), change);
    this.#serial++;
    for (const one of this.#zones.keys()) this.#write(one);
    this.process.kill("SIGHUP");
    await this.#loaded();
  }

  async #loaded() {
    const resolver = new Resolver();
    resolver.setServers([this.address]);
    for (const zone of this.#zones.keys()) {
      await eventually(async () => (await resolver.resolveSoa(zone)).serial === this.#serial);
    }
  }

  #zoneOf(name) {
    return [...this.#zones.keys()].find((zone) => name === zone || name.endsWith(`.${zone}`));
  }

  /** Adds records to a zone, as its file writes them. */
  add(zone, ...records) {
    return this.#change(zone, { records: [...this.#zones.get(zone).records, ...records] });
  }

  /** Publishes a text. */
  publish(name, text) {
    const strings = text.match(/.{1,255}/g).map((part) => `"${part}"`);
    return this.add(this.#zoneOf(name.toLowerCase()), `${name}. TXT ${strings.join(" ")}`);
  }

  /** The signatures of a zone have ended. */
  expire(zone) {
    return this.#change(zone, { expired: true });
  }

  /** Changes what is signed without signing it again, as `String.replace` does. */
  forge(zone, ...what) {
    return this.#change(zone, { forged: what });
  }

  /** Signs a zone as it should be. */
  mend(zone) {
    return this.#change(zone, { expired: false, forged: undefined });
  }

  async close() {
    this.process.kill("SIGTERM");
    if (this.process.exitCode === null) await once(this.process, "exit");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
