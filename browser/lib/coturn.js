// Debian's coturn on a free port of loopback, with the configuration that Parley writes for it.

import { execFile, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { signed } from "../../contract/js/lib/signed.js";

const START_MILLISECONDS = 60_000;
const launcher = new URL("../../parley", import.meta.url).pathname;

export class Coturn {
  #process;
  #folder;
  port;

  /** Where it is installed, or undefined. */
  static path() {
    for (const folder of (process.env.PATH ?? "").split(":")) {
      const path = join(folder, "turnserver");
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not here.
      }
    }
    return undefined;
  }

  /** Starts one for the running server. */
  static async start() {
    const coturn = new Coturn();
    coturn.#folder = await mkdtemp(join(tmpdir(), "coturn-"));
    coturn.port = await freePort();
    const { stdout } = await promisify(execFile)(launcher, ["turn-config", "--data", process.env.PARLEY_DATA]);
    const own = ["no-tls", "no-dtls", `pidfile=${join(coturn.#folder, "pid")}`, `userdb=${join(coturn.#folder, "db")}`];
    const file = join(coturn.#folder, "turnserver.conf");
    const text = `${stdout.replace(/listening-port=\d+/, `listening-port=${coturn.port}`)}${own.join("\n")}\n`;
    await writeFile(file, text, { mode: 0o600 });
    coturn.#process = spawn(Coturn.path(), ["-c", file, "--log-file", "stdout"], { stdio: "ignore" });
    await coturn.#answers();
    return coturn;
  }

  /** Asks for its own address (RFC 8489 section 6.1) until it answers. */
  async #answers() {
    const request = Buffer.alloc(20);
    request.writeUInt16BE(1, 0);
    request.writeUInt32BE(0x2112a442, 4);
    const socket = createSocket("udp4");
    let answered = false;
    socket.on("message", () => (answered = true));
    for (const end = Date.now() + START_MILLISECONDS; !answered; ) {
      if (Date.now() > end || this.#process.exitCode !== null) throw new Error("coturn does not answer");
      socket.send(request, this.port, "127.0.0.1");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    socket.close();
  }

  /** What a page needs to go through it and no other way, with a credential that Parley made. */
  async peerConnection(transport) {
    const path = "/networkTraversal/:issueRelayConfiguration?api-version=2022-02-01";
    const { status, body } = await signed(process.env.ACS_CONNECTION_STRING, "POST", path, {});
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
    const { username, credential } = body.iceServers[0];
    return {
      iceServers: [{ urls: `turn:127.0.0.1:${this.port}?transport=${transport}`, username, credential }],
      iceTransportPolicy: "relay",
    };
  }

  async stop() {
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await ended;
    await rm(this.#folder, { recursive: true });
  }
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
