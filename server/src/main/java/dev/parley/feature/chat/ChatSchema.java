package dev.parley.feature.chat;

import dev.parley.base.store.Migration;
import java.util.List;

/**
 * The tables of chat. Columns with people's words have a {@code content_key} beside them, so that
 * they can be encrypted and erased by key without another schema.
 */
final class ChatSchema {
  static final List<Migration> MIGRATIONS =
      List.of(
          new Migration(
              "chat",
              1,
              List.of(
                  """
                  CREATE TABLE chat_thread (
                    resource_id TEXT NOT NULL, thread_id TEXT NOT NULL, topic TEXT NOT NULL,
                    created_on BIGINT NOT NULL, created_by TEXT NOT NULL, metadata TEXT NOT NULL,
                    retention_days BIGINT, membership BIGINT NOT NULL, deleted_on BIGINT,
                    content_key TEXT NOT NULL DEFAULT '', PRIMARY KEY (resource_id, thread_id))\
                  """,
                  """
                  CREATE TABLE chat_participant (
                    resource_id TEXT NOT NULL, thread_id TEXT NOT NULL, user_id TEXT NOT NULL,
                    display_name TEXT, metadata TEXT NOT NULL, shared_on BIGINT,
                    share_from BIGINT NOT NULL, joined_version BIGINT NOT NULL,
                    left_version BIGINT, removed_at BIGINT, read_id BIGINT, read_on BIGINT,
                    content_key TEXT NOT NULL DEFAULT '',
                    PRIMARY KEY (resource_id, thread_id, user_id))\
                  """,
                  """
                  CREATE TABLE chat_message (
                    resource_id TEXT NOT NULL, thread_id TEXT NOT NULL, message_id BIGINT NOT NULL,
                    sequence BIGINT NOT NULL, version BIGINT NOT NULL, type TEXT NOT NULL,
                    sender TEXT NOT NULL, display_name TEXT, body TEXT, detail TEXT,
                    edited_on BIGINT, deleted_on BIGINT, content_key TEXT NOT NULL DEFAULT '',
                    PRIMARY KEY (resource_id, thread_id, message_id))\
                  """,
                  """
                  CREATE TABLE chat_image (
                    resource_id TEXT NOT NULL, thread_id TEXT NOT NULL, image_id TEXT NOT NULL,
                    uploader TEXT NOT NULL, name TEXT, media_type TEXT NOT NULL,
                    small_type TEXT NOT NULL, uploaded_on BIGINT NOT NULL,
                    content_key TEXT NOT NULL DEFAULT '',
                    PRIMARY KEY (resource_id, thread_id, image_id))\
                  """,
                  // Also of threads that the user has left: they hold the user's messages.
                  """
                  CREATE TABLE chat_user_thread (
                    resource_id TEXT NOT NULL, user_id TEXT NOT NULL, thread_id TEXT NOT NULL,
                    since BIGINT NOT NULL, PRIMARY KEY (resource_id, user_id, thread_id))\
                  """,
                  "CREATE INDEX chat_user_thread_by_since ON chat_user_thread (resource_id, user_id, since, thread_id)")));

  private ChatSchema() {}
}
