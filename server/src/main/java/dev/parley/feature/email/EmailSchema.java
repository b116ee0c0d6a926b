package dev.parley.feature.email;

import dev.parley.base.store.Migration;
import java.util.List;

/**
 * The tables of email. Rows of domains carry the id of their email service as resource; links and
 * messages that of the communication resource.
 */
final class EmailSchema {
  static final List<Migration> MIGRATIONS =
      List.of(
          new Migration(
              "email",
              1,
              List.of(
                  """
                  CREATE TABLE email_message (
                    resource_id TEXT NOT NULL, message_id TEXT NOT NULL, body_hash TEXT NOT NULL,
                    sender TEXT NOT NULL, service_id TEXT NOT NULL, domain_name TEXT NOT NULL,
                    internet_id TEXT NOT NULL, accepted_ms BIGINT NOT NULL, status TEXT NOT NULL,
                    error_code TEXT, error_message TEXT, untried BIGINT NOT NULL,
                    open BIGINT NOT NULL, tracked BIGINT NOT NULL, size BIGINT NOT NULL,
                    blob TEXT, content_key TEXT NOT NULL DEFAULT '',
                    PRIMARY KEY (resource_id, message_id))\
                  """,
                  "CREATE INDEX email_message_by_time ON email_message (resource_id, accepted_ms)",
                  """
                  CREATE TABLE email_body (
                    resource_id TEXT NOT NULL, message_id TEXT NOT NULL, raw BYTEA NOT NULL,
                    content_key TEXT NOT NULL DEFAULT '', PRIMARY KEY (resource_id, message_id))\
                  """,
                  """
                  CREATE TABLE email_recipient (
                    resource_id TEXT NOT NULL, message_id TEXT NOT NULL, number BIGINT NOT NULL,
                    address TEXT NOT NULL, destination TEXT NOT NULL, state TEXT NOT NULL,
                    due_ms BIGINT, attempts BIGINT NOT NULL, host TEXT, reply TEXT, last_ms BIGINT,
                    content_key TEXT NOT NULL DEFAULT '',
                    PRIMARY KEY (resource_id, message_id, number))\
                  """,
                  """
                  CREATE INDEX email_recipient_due ON email_recipient
                    (resource_id, destination, due_ms) WHERE due_ms IS NOT NULL\
                  """,
                  """
                  CREATE TABLE email_link (
                    resource_id TEXT NOT NULL, domain TEXT NOT NULL, service_id TEXT NOT NULL,
                    name TEXT NOT NULL, PRIMARY KEY (resource_id, domain, service_id))\
                  """,
                  """
                  CREATE TABLE email_domain (
                    resource_id TEXT NOT NULL, name TEXT NOT NULL, domain TEXT NOT NULL,
                    verified BIGINT NOT NULL, tracking BIGINT NOT NULL, detail TEXT NOT NULL,
                    PRIMARY KEY (resource_id, name))\
                  """,
                  """
                  CREATE TABLE email_sender (
                    resource_id TEXT NOT NULL, name TEXT NOT NULL, username TEXT NOT NULL,
                    sender_id TEXT NOT NULL, display_name TEXT NOT NULL,
                    PRIMARY KEY (resource_id, name, username))\
                  """,
                  """
                  CREATE TABLE email_suppressed (
                    resource_id TEXT NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL,
                    list_id TEXT NOT NULL, username TEXT NOT NULL, address_id TEXT NOT NULL,
                    email TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL,
                    since_ms BIGINT NOT NULL, content_key TEXT NOT NULL DEFAULT '',
                    PRIMARY KEY (resource_id, name, address, list_id))\
                  """)),
          new Migration(
              "email",
              2,
              List.of(
                  """
                  CREATE TABLE email_secret (
                    resource_id TEXT NOT NULL, name TEXT NOT NULL, sealed TEXT NOT NULL,
                    PRIMARY KEY (resource_id, name))\
                  """,
                  """
                  CREATE TABLE email_domain_key (
                    resource_id TEXT NOT NULL, name TEXT NOT NULL, selector TEXT NOT NULL,
                    sealed TEXT NOT NULL, published TEXT NOT NULL,
                    PRIMARY KEY (resource_id, name, selector))\
                  """,
                  """
                  CREATE TABLE email_engagement (
                    resource_id TEXT NOT NULL, message_id TEXT NOT NULL, number BIGINT NOT NULL,
                    recipient BIGINT NOT NULL, engagement TEXT NOT NULL, context TEXT NOT NULL,
                    user_agent TEXT NOT NULL, at_ms BIGINT NOT NULL,
                    content_key TEXT NOT NULL DEFAULT '',
                    PRIMARY KEY (resource_id, message_id, number))\
                  """)),
          // A long queue is never looked through for what is old and done with.
          new Migration(
              "email",
              3,
              List.of(
                  "DROP INDEX email_message_by_time",
                  """
                  CREATE INDEX email_message_done ON email_message (resource_id, accepted_ms)
                    WHERE open = 0\
                  """)));

  private EmailSchema() {}
}
