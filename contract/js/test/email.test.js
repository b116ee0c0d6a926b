import { test, describe } from "node:test";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { connectionString, emailGenerations, refused } from "../lib/sdk.js";
import { inbox, signed } from "../lib/inbox.js";

const { ACS_EMAIL_SENDER, ACS_EMAIL_TO } = process.env;
const fresh = (tag = "") => ACS_EMAIL_TO.replace("@", `+${tag ? tag + "+" : ""}${randomUUID()}@`);
const hello = (to, more = {}) => ({
  senderAddress: ACS_EMAIL_SENDER,
  content: { subject: "Hello", plainText: "Hello, world" },
  recipients: { to: [{ address: to }] },
  ...more,
});
const options = { updateIntervalInMs: 50 };

for (const sdk of emailGenerations) {
  describe(`email with ${sdk.name}`, () => {
    const client = new sdk.EmailClient(connectionString);

    async function send(message, more = {}) {
      const poller = await client.beginSend(message, { ...options, ...more });
      return poller.pollUntilDone();
    }

    test("a mail arrives as it was sent, with every field", async () => {
      const to = fresh();
      const sent = await send({
        senderAddress: ACS_EMAIL_SENDER,
        headers: { "X-Campaign": "Grüße", Importance: "high" },
        content: {
          subject: "Grüße aus Köln \u{1F44B}",
          plainText: "Your verification code is 482913.\nhttps://example.com/verify?token=abc",
          html: '<p>Your code is <b>482913</b> <img src="cid:logo"><a href="https://example.com/a?b=1&amp;c=2">go</a></p>',
        },
        recipients: {
          to: [{ address: to, displayName: "Zoë Ångström" }],
          cc: [{ address: "cc@mailbox.localhost" }],
          bcc: [{ address: "bcc@mailbox.localhost" }],
        },
        replyTo: [{ address: "support@example.com", displayName: "Support" }],
        attachments: [
          { name: "Übersicht.txt", contentType: "text/plain", contentInBase64: Buffer.from("a file").toString("base64") },
          { name: "logo.png", contentType: "image/png", contentInBase64: "iVBORw0KGgo=", contentId: "logo" },
        ],
        userEngagementTrackingDisabled: true,
      });
      assert.equal(sent.status, "Succeeded");
      const [mail] = await inbox({ to, wait: 20 });
      assert.equal(mail.messageId, sent.id);
      assert.equal(mail.subject, "Grüße aus Köln \u{1F44B}");
      assert.deepEqual(mail.to, [{ address: to, displayName: "Zoë Ångström" }]);
      assert.deepEqual(mail.cc, [{ address: "cc@mailbox.localhost", displayName: "" }]);
      assert.equal(mail.from.address, ACS_EMAIL_SENDER);
      assert.match(mail.plainText, /482913/);
      assert.match(mail.html, /cid:logo/);
      assert.equal(mail.code, "482913");
      assert.equal(mail.link, "https://example.com/verify?token=abc");
      assert.ok(mail.links.includes("https://example.com/a?b=1&c=2"));
      assert.deepEqual(
        mail.attachments.map(({ name, contentType, contentId, size }) => [name, contentType, contentId, size]).sort(),
        [["logo.png", "image/png", sdk.inlines ? "logo" : "", 8], ["Übersicht.txt", "text/plain", "", 6]].sort(),
      );
      const header = (name) => mail.headers.find((one) => one.name === name)?.value;
      assert.equal(header("X-Campaign"), "Grüße");
      assert.equal(header("Importance"), "high");
      assert.equal(header("Reply-To"), "Support <support@example.com>");
      assert.equal(header("Bcc"), undefined);
      const raw = await (await signed("GET", `/parley/inbox/email/${mail.id}/raw`)).text();
      assert.match(raw, /^Message-ID: </m);
      assert.ok(raw.includes("\r\n\r\n"));
    });

    test("an operation id is one operation", async () => {
      const operationId = randomUUID();
      const to = fresh();
      const message = hello(to);
      assert.equal((await send(message, { operationId })).id, operationId);
      assert.equal((await send(message, { operationId })).id, operationId);
      assert.equal((await inbox({ to, wait: 20 })).length, 1);
      const other = hello(to, { content: { subject: "Other", plainText: "x" } });
      await assert.rejects(client.beginSend(other, { operationId }), refused(400, "BadRequest"));
    });

    test("addresses ask for outcomes", async () => {
      for (const [tag, status] of [
        ["bounce", "Bounced"],
        ["spam", "FilteredSpam"],
        ["quarantine", "Quarantined"],
        ["fail", "Failed"],
        ["delay", "Delivered"],
      ]) {
        const to = fresh(tag);
        assert.equal((await send(hello(to))).status, "Succeeded");
        const [mail] = await inbox({ to, wait: 20 });
        assert.equal(mail.status, status, tag);
      }
    });

    test("who bounced gets nothing more", async () => {
      const to = fresh("bounce");
      await send(hello(to));
      const upper = to.replace(/^[^@]+/, (local) => local.toUpperCase());
      for (let tries = 0; ; tries++) {
        const failed = await send(hello(upper)).then(
          () => undefined,
          (error) => error,
        );
        if (failed) {
          assert.match(failed.message, /EmailDroppedAllRecipientsSuppressed/);
          break;
        }
        assert.ok(tries < 50, "never suppressed");
      }
    });

    test("what cannot be sent is refused", async () => {
      const to = fresh();
      const domain = ACS_EMAIL_SENDER.split("@")[1];
      const cases = [
        [hello(to, { senderAddress: "a@not-linked.example" }), 404, "DomainNotLinked"],
        [hello(to, { senderAddress: `nobody@${domain}` }), 400, "InvalidSenderUserName"],
        [hello(to, { senderAddress: '"Ann" <DoNotReply@x.example>' }), 400, "BadRequest"],
        [hello("no address"), 400, "InvalidEmailAddress"],
        [hello("a@b.example\r\nBcc: c@d.example"), 400, "InvalidEmailAddress"],
        [hello(to, { headers: { "X-A": "1\r\nBcc: c@d.example" } }), 400, "BadRequest"],
        [hello(to, { headers: { From: "a@b.example" } }), 400, "BadRequest"],
        [hello(to, { content: { subject: "a\r\nBcc: c@d.example", plainText: "x" } }), 400, "BadRequest"],
        [hello(to, { content: { subject: "a" } }), 400, "BadRequest"],
        [hello(to, { recipients: { to: [] } }), 400, "BadRequest"],
        [
          hello(to, { recipients: { to: Array.from({ length: 51 }, (_, i) => ({ address: `a${i}@b.example` })) } }),
          400,
          "EmailRecipientLimitExceeded",
        ],
        [hello(to, { recipients: { to: [{ address: to, displayName: "a\r\nBcc: c@d.example" }] } }), 400, "BadRequest"],
        [
          hello(to, {
            recipients: Object.fromEntries(["to", "cc", "bcc"].map((kind) => [kind, Array.from({ length: 17 }, (_, i) => ({ address: `${kind}${i}@b.example` }))])),
          }),
          400,
          "EmailRecipientLimitExceeded",
        ],
        ...["***", "YWJ", "YW-_", "YQ=", "ä"].map((contentInBase64) => [
          hello(to, { attachments: [{ name: "a", contentType: "text/plain", contentInBase64 }] }),
          400,
          "BadRequest",
        ]),
        ...["text/plain;\r\nX-Evil: 1", "text/plain; =", "multipart/mixed", "text"].map((contentType) => [
          hello(to, { attachments: [{ name: "a", contentType, contentInBase64: "YWJj" }] }),
          400,
          "BadRequest",
        ]),
        [
          hello(to, {
            attachments: [{ name: "a", contentType: "text/plain", contentInBase64: Buffer.alloc(8 << 20).toString("base64") }],
          }),
          413,
          "RequestEntityTooLarge",
        ],
      ];
      for (const [message, status, code] of cases) {
        await assert.rejects(client.beginSend(message, options), refused(status, code));
      }
    });
  });
}
