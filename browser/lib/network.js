// The network between one browser and the server, as a CONNECT proxy: it can be cut, stalled, taken down, or refuse WebSocket.

import { createServer } from "node:http";
import { connect } from "node:net";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import tls from "node:tls";
import { address } from "./parley.js";

export class Network {
  static #all = new Set();
  #server = createServer();
  #tunnels = new Set();
  #down = false;
  #stalled = false;
  #webSocketsRefused;
  /** How many WebSocket upgrades were refused. */
  refused = 0;

  /** @param webSocketsRefused whether to answer 503 to every WebSocket, which needs the server's own certificate */
  static async open({ webSocketsRefused = false } = {}) {
    const network = new Network();
    Network.#all.add(network);
    network.#webSocketsRefused = webSocketsRefused;
    network.#server.on("connect", (_request, socket) => network.#tunnel(socket));
    network.#server.listen(0, "127.0.0.1");
    await once(network.#server, "listening");
    return network;
  }

  get proxy() {
    return { server: `http://127.0.0.1:${this.#server.address().port}`, bypass: "<-loopback>,127.0.0.1" };
  }

  /** Connections that are open through it now. */
  get open() {
    return this.#tunnels.size;
  }

  /** Every connection is reset; new ones are let through. */
  cut() {
    for (const { client, upstream } of this.#tunnels) {
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    }
  }

  /** Every connection is reset and no new one is let through until {@link up}. */
  down() {
    this.#down = true;
    this.cut();
  }

  up() {
    this.#down = false;
  }

  /** Nothing the server sends is read any more, yet no connection ends: a reader that sleeps. */
  stall() {
    this.#stalled = true;
    for (const { client, upstream } of this.#tunnels) {
      upstream.unpipe(client);
      upstream.pause();
    }
  }

  /** Ends the stall; what was held back is lost with its connections, as after a long sleep. */
  wake() {
    this.#stalled = false;
    this.cut();
  }

  static closeAll() {
    for (const network of Network.#all) {
      network.cut();
      network.#server.close();
    }
    Network.#all.clear();
  }

  #tunnel(socket) {
    if (this.#down) {
      socket.resetAndDestroy();
      return;
    }
    socket.on("error", () => socket.destroy());
    socket.write("HTTP/1.1 200 Connected\r\n\r\n");
    if (this.#webSocketsRefused) this.#inspect(socket);
    else this.#join(socket, connect(address));
  }

  /** Reads the first request, to tell a WebSocket from the rest. */
  #inspect(socket) {
    const folder = join(process.env.PARLEY_DATA, "tls");
    const client = new tls.TLSSocket(socket, {
      isServer: true,
      key: readFileSync(join(folder, "server.key")),
      cert: readFileSync(join(folder, "server.pem")),
    });
    client.on("error", () => client.destroy());
    client.resetAndDestroy = () => socket.destroy();
    client.once("data", (first) => {
      if (/^GET \/socket\.io\/1\/websocket\//.test(first.toString("latin1"))) {
        this.refused++;
        client.end("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        return;
      }
      client.pause();
      const upstream = tls.connect({ ...address, servername: "localhost" });
      upstream.resetAndDestroy = () => upstream.destroy();
      upstream.write(first);
      this.#join(client, upstream);
    });
  }

  #join(client, upstream) {
    const tunnel = { client, upstream };
    this.#tunnels.add(tunnel);
    const end = () => {
      this.#tunnels.delete(tunnel);
      client.destroy();
      upstream.destroy();
    };
    for (const side of [client, upstream]) side.on("error", end).on("close", end);
    client.pipe(upstream);
    if (!this.#stalled) upstream.pipe(client);
  }
}
