// An SMPP server that is not ours: npm smpp, with the moods of real carriers.

import smpp from "smpp";

export class Smsc {
  submits = [];
  sessions = new Set();
  /** Called for each submit_sm; may answer itself and return false. */
  mood = () => true;
  #next = 0x1000;

  /** With a key and a certificate it speaks TLS. */
  async listen(port = 0, tls = undefined) {
    const serve = (session) => this.#serve(session);
    this.server = tls ? smpp.createServer(tls, serve) : smpp.createServer(serve);
    await new Promise((resolve) => this.server.listen(port, "127.0.0.1", resolve));
    this.port = this.server.address().port;
    return this;
  }

  #serve(session) {
    session.on("error", () => {});
    session.on("close", () => this.sessions.delete(session));
    for (const bind of ["bind_transceiver", "bind_transmitter", "bind_receiver"]) {
      session.on(bind, (pdu) => {
        session.receives = bind !== "bind_transmitter";
        session.transmits = bind !== "bind_receiver";
        this.sessions.add(session);
        session.send(pdu.response({ system_id: "smsc" }));
      });
    }
    session.on("enquire_link", (pdu) => session.send(pdu.response()));
    session.on("unbind", (pdu) => {
      session.send(pdu.response());
      session.close();
    });
    session.on("submit_sm", (pdu) => {
      if (this.mood(pdu, session) === false) return;
      this.take(pdu, session);
    });
  }

  /** Answers a submit with an id, hexadecimal as some carriers do. */
  take(pdu, session, id = (this.#next++).toString(16)) {
    this.submits.push({ id, pdu, to: pdu.destination_addr, text: pdu.short_message?.message });
    session.send(pdu.response({ message_id: id }));
    return id;
  }

  get receiver() {
    return [...this.sessions].find((session) => session.receives);
  }

  deliver(pdu) {
    return new Promise((resolve, reject) => {
      const receiver = this.receiver;
      if (!receiver) return reject(new Error("nobody is bound"));
      receiver.deliver_sm(pdu, (answer) => resolve(answer.command_status));
    });
  }

  receipt(id, to, state = "DELIVRD") {
    return this.deliver({
      esm_class: 4,
      source_addr: to,
      destination_addr: "18005550100",
      short_message: `id:${id} sub:001 dlvrd:001 submit date:2611261500 done date:2611261500 stat:${state} err:000 text:`,
    });
  }

  /** Cuts every connection in the middle of whatever happens. */
  cut() {
    for (const session of this.sessions) session.socket.destroy();
    this.sessions.clear();
  }

  async close() {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
