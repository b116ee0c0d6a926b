// A webhook for tests.

import { createServer } from "node:http";

/** A webhook that keeps what it gets, and answers a delivery with the status that `answer` gives. */
export class Receiver {
  got = [];
  answer = () => 200;

  static async start() {
    const receiver = new Receiver();
    receiver.server = createServer((request, response) => receiver.take(request, response));
    await new Promise((done) => receiver.server.listen(0, "127.0.0.1", done));
    receiver.url = `http://127.0.0.1:${receiver.server.address().port}/hook?code=s3cret`;
    return receiver;
  }

  async take(request, response) {
    let body = "";
    for await (const part of request) body += part;
    const type = request.headers["aeg-event-type"];
    this.got.push({ method: request.method, headers: request.headers, body, type });
    if (request.method === "OPTIONS") {
      response.setHeader("WebHook-Allowed-Origin", request.headers["webhook-request-origin"]).end();
    } else if (type === "SubscriptionValidation" && !this.silent) {
      const [{ data }] = JSON.parse(body);
      response.end(JSON.stringify({ validationResponse: data.validationCode }));
    } else {
      response.statusCode = type === "Notification" ? this.answer() : 200;
      response.end();
    }
  }

  get events() {
    return this.got.filter(({ type }) => type === "Notification").flatMap(({ body }) => JSON.parse(body));
  }

  /** The events that fulfil the condition, as soon as there are so many. */
  async wait(count, wanted = () => true) {
    const end = Date.now() + 30_000;
    for (;;) {
      const found = this.events.filter(wanted);
      if (found.length >= count) return found;
      if (Date.now() > end) throw new Error(`${found.length} of ${count} events came: ${JSON.stringify(this.events)}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}
