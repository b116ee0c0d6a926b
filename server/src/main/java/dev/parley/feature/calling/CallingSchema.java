package dev.parley.feature.calling;

import dev.parley.base.store.Migration;
import java.util.List;

/** The tables of calls. A call's partition is {@code call:<id>}; all rows of a call are in it. */
final class CallingSchema {
  static final List<Migration> MIGRATIONS =
      List.of(
          new Migration(
              "calling",
              1,
              List.of(
                  """
                  CREATE TABLE calling_call (
                    resource_id TEXT NOT NULL, call_id TEXT NOT NULL, kind TEXT NOT NULL,
                    group_id TEXT NOT NULL, room_id TEXT NOT NULL, started_by TEXT NOT NULL,
                    role TEXT NOT NULL, started_ms BIGINT NOT NULL, alive_ms BIGINT NOT NULL,
                    ended_ms BIGINT, ended_by TEXT NOT NULL, code BIGINT NOT NULL,
                    sub_code BIGINT NOT NULL, category TEXT NOT NULL, phrase TEXT NOT NULL,
                    PRIMARY KEY (resource_id, call_id))\
                  """,
                  "CREATE INDEX calling_call_by_start ON calling_call (resource_id, started_ms,"
                      + " call_id)",
                  """
                  CREATE TABLE calling_participant (
                    resource_id TEXT NOT NULL, call_id TEXT NOT NULL, participant_id TEXT NOT NULL,
                    user_id TEXT NOT NULL, display_name TEXT NOT NULL, role TEXT NOT NULL,
                    client TEXT NOT NULL, endpoint_id TEXT NOT NULL, joined_ms BIGINT NOT NULL,
                    left_ms BIGINT, code BIGINT NOT NULL, sub_code BIGINT NOT NULL,
                    category TEXT NOT NULL,
                    PRIMARY KEY (resource_id, call_id, participant_id))\
                  """,
                  """
                  CREATE TABLE calling_stream (
                    resource_id TEXT NOT NULL, call_id TEXT NOT NULL, participant_id TEXT NOT NULL,
                    stream TEXT NOT NULL, body TEXT NOT NULL,
                    PRIMARY KEY (resource_id, call_id, participant_id, stream))\
                  """,
                  """
                  CREATE TABLE calling_ring (
                    resource_id TEXT NOT NULL, call_id TEXT NOT NULL, ring_id TEXT NOT NULL,
                    caller TEXT NOT NULL, display_name TEXT NOT NULL, callee TEXT NOT NULL,
                    context TEXT NOT NULL, custom TEXT NOT NULL, rang_ms BIGINT NOT NULL,
                    PRIMARY KEY (resource_id, call_id, ring_id))\
                  """,
                  """
                  CREATE TABLE calling_survey (
                    resource_id TEXT NOT NULL, call_id TEXT NOT NULL, survey_id TEXT NOT NULL,
                    participant_id TEXT NOT NULL, body TEXT NOT NULL, given_ms BIGINT NOT NULL,
                    PRIMARY KEY (resource_id, call_id, survey_id))\
                  """)));

  /** In the order in which a call is forgotten. */
  static final List<String> TABLES =
      List.of(
          "calling_survey",
          "calling_ring",
          "calling_stream",
          "calling_participant",
          "calling_call");

  private CallingSchema() {}
}
