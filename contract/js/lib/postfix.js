// Debian's postfix as the mail server of other people, on a folder of its own. It needs root: it gives up its rights by itself.

import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "./signed.js";

const NOBODY = 65534;

/** Why it cannot run here; empty when it can. */
export const missing = existsSync("/usr/sbin/postfix") ? (process.getuid() === 0 ? "" : "postfix needs root") : "Debian's package postfix is not installed";

export class Postfix {
  /**
   * Takes everything for `taking`, knows nobody at `strict` but Ann, and for `late` finds out after it has taken a mail that there
   * is no such user. Mail for `reports` goes to a port here.
   */
  constructor({ port, certificate, taking, strict, late, reports, reportsPort }) {
    this.port = port;
    this.folder = mkdtempSync(join(tmpdir(), "parley-postfix-"));
    chmodSync(this.folder, 0o755);
    for (const name of ["etc", "spool", "data", "mail"]) mkdirSync(join(this.folder, name));
    chownSync(join(this.folder, "mail"), NOBODY, NOBODY);
    execFileSync("chown", ["postfix", join(this.folder, "data")]);
    const etc = (name, text) => writeFileSync(join(this.folder, "etc", name), text);
    const escaped = (domain) => domain.replaceAll(".", "\\.");
    etc("users", `${taking.map((domain) => `/@${escaped(domain)}$/ all/\n`).join("")}/^ann@${escaped(strict)}$/ all/\n`);
    etc("transport", `${reports} smtp:[127.0.0.1]:${reportsPort}\n`);
    etc(
      "main.cf",
      `compatibility_level = 3.6
queue_directory = ${this.folder}/spool
data_directory = ${this.folder}/data
myhostname = mx.postfix.test
mydestination = ${late}
local_recipient_maps =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1, ::1
inet_protocols = all
mynetworks = 127.0.0.0/8, [::1]/128
smtpd_peername_lookup = no
virtual_mailbox_domains = ${[...taking, strict].join(", ")}
virtual_mailbox_maps = regexp:${this.folder}/etc/users
virtual_mailbox_base = ${this.folder}/mail
virtual_uid_maps = static:${NOBODY}
virtual_gid_maps = static:${NOBODY}
transport_maps = texthash:${this.folder}/etc/transport
smtpd_tls_cert_file = ${certificate.files.cert}
smtpd_tls_key_file = ${certificate.files.key}
smtpd_tls_security_level = may
smtpd_tls_received_header = yes
smtp_tls_security_level = may
maillog_file = ${this.folder}/log
maillog_file_prefixes = ${this.folder}
`,
    );
    const services = readFileSync("/etc/postfix/master.cf", "utf8")
      .replace(/^smtp +inet.*$/m, `${port} inet n - n - - smtpd`)
      .replace(/^(\w+ +(?:unix|inet|fifo) +[-ny] +[-ny] +)y /gm, "$1n ");
    etc("master.cf", services);
    this.#run("start");
  }

  #run(command) {
    // It writes to its standard error what stands in its log too.
    execFileSync("postfix", ["-c", join(this.folder, "etc"), command], { stdio: "ignore", timeout: 60_000 });
  }

  async ready() {
    await eventually(
      () =>
        new Promise((resolve, reject) => {
          const socket = connect(this.port, "127.0.0.1", () => resolve(socket.end()));
          socket.on("error", reject);
        }),
    );
    return this;
  }

  /** The mails that it has put into mailboxes. */
  get mails() {
    const where = join(this.folder, "mail", "all", "new");
    return existsSync(where) ? readdirSync(where).map((name) => readFileSync(join(where, name))) : [];
  }

  /** The mail to an address, as soon as it is there. */
  got(to, seconds) {
    return eventually(() => this.mails.find((mail) => mail.includes(`Delivered-To: ${to}\n`)), seconds);
  }

  get log() {
    return readFileSync(join(this.folder, "log"), "utf8");
  }

  close() {
    try {
      this.#run("stop");
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }
}
