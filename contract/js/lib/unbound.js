// Debian's unbound as the resolver that checks DNSSEC, on a folder of its own; it knows the zones of one name server.

import { spawn } from "node:child_process";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copied } from "./bind.js";
import { freePort } from "./ports.js";
import { eventually } from "./signed.js";

const UNBOUND = "/usr/sbin/unbound";

/** Why it cannot run here; empty when it can. */
export const missing = existsSync(UNBOUND) ? "" : "Debian's package unbound is not installed";

export class Unbound {
  #resolver = new Resolver();

  /** Asks `bind` for these zones, and trusts the signatures of some of them. */
  static async open(bind, { zones, trusted }) {
    const unbound = new Unbound();
    unbound.folder = mkdtempSync(join(tmpdir(), "parley-unbound-"));
    const port = await freePort();
    unbound.address = `127.0.0.1:${port}`;
    const file = join(unbound.folder, "unbound.conf");
    writeFileSync(
      file,
      `server:
  directory: "${unbound.folder}"
  chroot: ""
  username: ""
  pidfile: "${unbound.folder}/pid"
  interface: 127.0.0.1
  port: ${port}
  do-ip6: no
  do-not-query-localhost: no
  module-config: "validator iterator"
  use-syslog: no
  cache-max-ttl: 0
  cache-max-negative-ttl: 0
  val-bogus-ttl: 0
${trusted.map((zone) => `  trust-anchor: "${bind.anchor(zone)}"\n`).join("")}remote-control:
  control-enable: no
${zones.map((zone) => `stub-zone:\n  name: "${zone}"\n  stub-addr: 127.0.0.1@${bind.port}\n`).join("")}`,
    );
    unbound.process = spawn(copied(UNBOUND, unbound.folder), ["-d", "-c", file], { stdio: "ignore" });
    unbound.#resolver.setServers([unbound.address]);
    await eventually(() => unbound.resolve(zones[0], "SOA"));
    return unbound;
  }

  /** As `dns.resolve` answers. */
  resolve(name, type) {
    return this.#resolver.resolve(name, type);
  }

  async close() {
    this.process.kill("SIGTERM");
    if (this.process.exitCode === null) await once(this.process, "exit");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
