package dev.parley.feature.email.mailbox;

import dev.parley.base.store.Migration;
import java.util.List;

/** The tables of the mailbox for tests; all rows of a resource are one partition. */
final class MailboxSchema {
  static final List<Migration> MIGRATIONS =
      List.of(
          new Migration(
              "email_mailbox",
              1,
              List.of(
                  """
                  CREATE TABLE mailbox_mail (
                    resource_id TEXT NOT NULL, number BIGINT NOT NULL, address TEXT NOT NULL,
                    message_id TEXT NOT NULL, recipient_number BIGINT NOT NULL,
                    recipient TEXT NOT NULL, sender TEXT NOT NULL, subject TEXT NOT NULL,
                    outcome TEXT NOT NULL, received_ms BIGINT NOT NULL, raw BYTEA,
                    content_key TEXT NOT NULL DEFAULT '', PRIMARY KEY (resource_id, number))\
                  """,
                  "CREATE INDEX mailbox_mail_by_address ON mailbox_mail (resource_id, address, number)",
                  "CREATE INDEX mailbox_mail_by_message ON mailbox_mail (resource_id, message_id, recipient_number)",
                  """
                  CREATE TABLE mailbox_rule (
                    resource_id TEXT NOT NULL, pattern TEXT NOT NULL, outcome TEXT NOT NULL,
                    PRIMARY KEY (resource_id, pattern))\
                  """)));

  private MailboxSchema() {}
}
