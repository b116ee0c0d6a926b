// A mail server that can hold a transaction where a test wants it held, and knows what it has got whole.

import { createServer } from "node:net";
import { once } from "node:events";

/** Where a transaction can be held: before its message, in the middle of it, and before the word that it was taken. */
export const STAGES = ["rcpt", "data", "end"];

export class HoldingSink {
  /** Every message that came whole, in order: to whom, what `life` was then, and whether it was told that it was taken. */
  whole = [];
  /** How many transactions are held at each stage. */
  held = { rcpt: 0, data: 0, end: 0 };
  /** Which of the sender's lives this is. */
  life = 0;
  /** The stage at which the next transaction is held, or none. */
  stage = () => undefined;
  #sockets = new Set();
  #server = createServer((socket) => this.#serve(socket));

  static async open() {
    const sink = new HoldingSink();
    sink.#server.listen(0, "127.0.0.1");
    await once(sink.#server, "listening");
    return sink;
  }

  get port() {
    return this.#server.address().port;
  }

  #serve(socket) {
    let unread = "";
    let to, stage;
    let inMessage = false;
    const say = (words) => socket.write(`${words}\r\n`);
    const hold = () => {
      this.held[stage]++;
      socket.pause();
      unread = "";
    };
    const answers = {
      EHLO: () => say("250-sink\r\n250-PIPELINING\r\n250 8BITMIME"),
      MAIL: () => say("250 2.1.0 Ok"),
      RCPT: (line) => {
        to = /<(.*)>/.exec(line)[1];
        stage = this.stage();
        if (stage === "rcpt") return hold();
        say("250 2.1.5 Ok");
      },
      DATA: () => {
        inMessage = true;
        say("354 Go ahead");
      },
      RSET: () => say("250 2.0.0 Ok"),
      QUIT: () => socket.end("221 2.0.0 Bye\r\n"),
    };
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.#sockets.delete(socket));
    socket.setEncoding("latin1");
    socket.on("data", (piece) => {
      unread += piece;
      for (;;) {
        const end = unread.indexOf(inMessage ? "\r\n.\r\n" : "\r\n");
        if (inMessage && stage === "data") return hold();
        if (end < 0) return;
        const text = unread.slice(0, end);
        unread = unread.slice(end + (inMessage ? 5 : 2));
        if (inMessage) {
          inMessage = false;
          const mail = { to, life: this.life, taken: stage !== "end" };
          this.whole.push(mail);
          if (!mail.taken) return hold();
          say("250 2.0.0 Taken");
        } else {
          answers[text.slice(0, 4).toUpperCase()](text);
        }
      }
    });
    say("220 sink ESMTP");
  }

  /** Ends all connections: whoever was held is gone. */
  drop() {
    this.#sockets.forEach((socket) => socket.destroy());
    this.held = { rcpt: 0, data: 0, end: 0 };
  }

  async close() {
    this.drop();
    this.#server.close();
    await once(this.#server, "close");
  }
}
