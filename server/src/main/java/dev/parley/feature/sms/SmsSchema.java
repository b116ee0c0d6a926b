package dev.parley.feature.sms;

import dev.parley.base.store.Migration;
import java.util.List;

/**
 * The tables of SMS. A text is stored once for all recipients of one request. Columns with people's
 * words have a {@code content_key} beside them.
 */
final class SmsSchema {
  static final List<Migration> MIGRATIONS =
      List.of(
          new Migration(
              "sms",
              1,
              List.of(
                  """
                  CREATE TABLE sms_text (
                    resource_id TEXT NOT NULL, sender TEXT NOT NULL, text_id TEXT NOT NULL,
                    body TEXT NOT NULL, content_key TEXT NOT NULL DEFAULT '',
                    PRIMARY KEY (resource_id, sender, text_id))\
                  """,
                  // state: 0 open, 1 delivered, 2 failed.
                  """
                  CREATE TABLE sms_outgoing (
                    resource_id TEXT NOT NULL, sender TEXT NOT NULL, message_id TEXT NOT NULL,
                    recipient TEXT NOT NULL, text_id TEXT NOT NULL, tag TEXT, repeat_id TEXT,
                    origin TEXT NOT NULL, report BIGINT NOT NULL, segments BIGINT NOT NULL,
                    accepted_ms BIGINT NOT NULL, deadline_ms BIGINT NOT NULL, state BIGINT NOT NULL,
                    code BIGINT NOT NULL, done_ms BIGINT NOT NULL, succeeded BIGINT NOT NULL,
                    failed BIGINT NOT NULL, PRIMARY KEY (resource_id, sender, message_id))\
                  """,
                  "CREATE INDEX sms_outgoing_by_id ON sms_outgoing (resource_id, message_id)",
                  "CREATE INDEX sms_outgoing_by_deadline ON sms_outgoing (resource_id, sender, deadline_ms) WHERE state = 0",
                  "CREATE INDEX sms_outgoing_by_repeat ON sms_outgoing (resource_id, sender, repeat_id) WHERE repeat_id IS NOT NULL",
                  // Nothing but what waits to be handed over, so that a long history slows nobody.
                  """
                  CREATE TABLE sms_queue (
                    resource_id TEXT NOT NULL, sender TEXT NOT NULL, priority BIGINT NOT NULL,
                    due_ms BIGINT NOT NULL, message_id TEXT NOT NULL, claimed_ms BIGINT NOT NULL,
                    segment BIGINT NOT NULL, tried TEXT NOT NULL,
                    PRIMARY KEY (resource_id, sender, priority, due_ms, message_id))\
                  """,
                  """
                  CREATE TABLE sms_part (
                    resource_id TEXT NOT NULL, sender TEXT NOT NULL, message_id TEXT NOT NULL,
                    part BIGINT NOT NULL, carrier TEXT NOT NULL, carrier_id TEXT NOT NULL,
                    state BIGINT NOT NULL, PRIMARY KEY (resource_id, sender, message_id, part))\
                  """,
                  "CREATE INDEX sms_part_by_carrier ON sms_part (carrier, carrier_id)",
                  """
                  CREATE TABLE sms_optout (
                    resource_id TEXT NOT NULL, sender TEXT NOT NULL, recipient TEXT NOT NULL,
                    since_ms BIGINT NOT NULL, PRIMARY KEY (resource_id, sender, recipient))\
                  """,
                  "CREATE INDEX sms_optout_by_recipient ON sms_optout (resource_id, recipient)",
                  """
                  CREATE TABLE sms_optout_entry (
                    resource_id TEXT NOT NULL, sender TEXT NOT NULL, recipient TEXT NOT NULL,
                    entry_id TEXT NOT NULL, at_ms BIGINT NOT NULL, opted_out BIGINT NOT NULL,
                    reason TEXT NOT NULL, source TEXT NOT NULL, actor TEXT NOT NULL,
                    PRIMARY KEY (resource_id, sender, recipient, entry_id))\
                  """,
                  """
                  CREATE TABLE sms_incoming (
                    resource_id TEXT NOT NULL, sender TEXT NOT NULL, message_id TEXT NOT NULL,
                    handset TEXT NOT NULL, body TEXT NOT NULL, received_ms BIGINT NOT NULL,
                    content_key TEXT NOT NULL DEFAULT '',
                    PRIMARY KEY (resource_id, sender, message_id))\
                  """,
                  """
                  CREATE TABLE sms_incoming_part (
                    resource_id TEXT NOT NULL, sender TEXT NOT NULL, handset TEXT NOT NULL,
                    reference BIGINT NOT NULL, total BIGINT NOT NULL, part BIGINT NOT NULL,
                    body BYTEA NOT NULL, at_ms BIGINT NOT NULL,
                    PRIMARY KEY (resource_id, sender, handset, reference, total, part))\
                  """,
                  """
                  CREATE TABLE sms_handset (
                    resource_id TEXT NOT NULL, handset TEXT NOT NULL, behaviour TEXT NOT NULL,
                    PRIMARY KEY (resource_id, handset))\
                  """,
                  """
                  CREATE TABLE sms_handset_message (
                    resource_id TEXT NOT NULL, handset TEXT NOT NULL, message_id TEXT NOT NULL,
                    sender TEXT NOT NULL, body TEXT NOT NULL, segments BIGINT NOT NULL,
                    at_ms BIGINT NOT NULL, content_key TEXT NOT NULL DEFAULT '',
                    PRIMARY KEY (resource_id, handset, message_id))\
                  """,
                  // Receipts that an application bound to the SMPP server has not taken yet.
                  """
                  CREATE TABLE sms_submitter_receipt (
                    resource_id TEXT NOT NULL, sender TEXT NOT NULL, message_id TEXT NOT NULL,
                    submitter TEXT NOT NULL, PRIMARY KEY (resource_id, sender, message_id))\
                  """,
                  "CREATE INDEX sms_submitter_receipt_by_submitter ON sms_submitter_receipt (submitter, message_id)")));

  private SmsSchema() {}
}
