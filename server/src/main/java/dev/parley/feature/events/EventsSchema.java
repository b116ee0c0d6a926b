package dev.parley.feature.events;

import dev.parley.base.store.Migration;
import java.util.List;

/** The tables of events. None of them holds content: that is read from its feature when needed. */
final class EventsSchema {
  /** Tables that a copy of a resource leaves behind: its endpoints are not the copy's. */
  static final List<String> TABLES =
      List.of(
          "event_subscription",
          "event_cursor",
          "event_retry",
          "event_replay",
          "event_attempt",
          "event_count",
          "event_dead_letter",
          "event_system_topic");

  static final List<Migration> MIGRATIONS =
      List.of(
          new Migration(
              "events",
              1,
              List.of(
                  // Sealed as a whole: addresses and headers hold secrets.
                  """
                  CREATE TABLE event_subscription (
                    resource_id TEXT NOT NULL, name TEXT NOT NULL, sealed TEXT NOT NULL,
                    state TEXT NOT NULL, code TEXT, until_ms BIGINT, created_on BIGINT NOT NULL,
                    created_by TEXT NOT NULL, changed_on BIGINT NOT NULL, changed_by TEXT NOT NULL,
                    PRIMARY KEY (resource_id, name))\
                  """,
                  // Everything up to the position is delivered, unwanted, or has a row below.
                  """
                  CREATE TABLE event_cursor (
                    resource_id TEXT NOT NULL, name TEXT NOT NULL, shard BIGINT NOT NULL,
                    position BIGINT NOT NULL, PRIMARY KEY (resource_id, name, shard))\
                  """,
                  """
                  CREATE TABLE event_retry (
                    resource_id TEXT NOT NULL, name TEXT NOT NULL, event_id TEXT NOT NULL,
                    attempts BIGINT NOT NULL, due_ms BIGINT NOT NULL, published_ms BIGINT NOT NULL,
                    last_ms BIGINT NOT NULL, last TEXT NOT NULL, doomed TEXT NOT NULL,
                    PRIMARY KEY (resource_id, name, event_id))\
                  """,
                  """
                  CREATE TABLE event_replay (
                    resource_id TEXT NOT NULL, name TEXT NOT NULL, shard BIGINT NOT NULL,
                    position BIGINT NOT NULL, until_position BIGINT NOT NULL,
                    PRIMARY KEY (resource_id, name, shard))\
                  """,
                  """
                  CREATE TABLE event_attempt (
                    resource_id TEXT NOT NULL, name TEXT NOT NULL, attempt_id BIGINT NOT NULL,
                    duration_ms BIGINT NOT NULL, status BIGINT NOT NULL, outcome TEXT NOT NULL,
                    delivery_count BIGINT NOT NULL, events BIGINT NOT NULL, ids TEXT NOT NULL,
                    request TEXT NOT NULL, answer TEXT NOT NULL,
                    PRIMARY KEY (resource_id, name, attempt_id))\
                  """,
                  """
                  CREATE TABLE event_count (
                    resource_id TEXT NOT NULL, name TEXT NOT NULL, delivered BIGINT NOT NULL,
                    failed BIGINT NOT NULL, uncertain BIGINT NOT NULL, dead BIGINT NOT NULL,
                    dropped BIGINT NOT NULL, PRIMARY KEY (resource_id, name))\
                  """,
                  """
                  CREATE TABLE event_dead_letter (
                    resource_id TEXT NOT NULL, name TEXT NOT NULL, event_id TEXT NOT NULL,
                    thread_id TEXT NOT NULL, user_id TEXT NOT NULL, message_id TEXT NOT NULL,
                    reason TEXT NOT NULL, at_ms BIGINT NOT NULL, file TEXT NOT NULL,
                    PRIMARY KEY (resource_id, name, event_id))\
                  """,
                  "CREATE INDEX event_dead_letter_by_thread ON event_dead_letter (resource_id,"
                      + " thread_id)",
                  "CREATE INDEX event_dead_letter_by_user ON event_dead_letter (resource_id,"
                      + " user_id)",
                  """
                  CREATE TABLE event_lease (
                    resource_id TEXT NOT NULL, node TEXT NOT NULL, until_ms BIGINT NOT NULL,
                    PRIMARY KEY (resource_id))\
                  """)),
          new Migration(
              "events",
              2,
              List.of(
                  """
                  CREATE INDEX event_dead_letter_by_time
                    ON event_dead_letter (resource_id, at_ms)\
                  """,
                  """
                  CREATE TABLE event_system_topic (
                    resource_id TEXT NOT NULL, detail TEXT NOT NULL,
                    PRIMARY KEY (resource_id))\
                  """)),
          // The lease lies with those of the other works of the house.
          new Migration("events", 3, List.of("DROP TABLE event_lease")));

  private EventsSchema() {}
}
