package dev.parley.feature.manage;

import dev.parley.base.store.Migration;
import java.util.List;

/** The tables of resources and of the places they lie in. */
final class ManageSchema {
  static final List<Migration> MIGRATIONS =
      List.of(
          new Migration(
              "manage",
              1,
              List.of(
                  """
                  CREATE TABLE resource_name (
                    resource_id TEXT NOT NULL, name TEXT NOT NULL, target_id TEXT NOT NULL,
                    PRIMARY KEY (resource_id, name))\
                  """,
                  """
                  CREATE TABLE resource (
                    resource_id TEXT NOT NULL, name TEXT NOT NULL, port BIGINT NOT NULL,
                    created_on BIGINT NOT NULL, PRIMARY KEY (resource_id))\
                  """,
                  """
                  CREATE TABLE resource_key (
                    resource_id TEXT NOT NULL, slot TEXT NOT NULL, generation BIGINT NOT NULL,
                    sealed TEXT NOT NULL, PRIMARY KEY (resource_id, slot))\
                  """)),
          new Migration(
              "manage",
              2,
              List.of(
                  """
                  CREATE TABLE resource_setting (
                    resource_id TEXT NOT NULL, detail TEXT NOT NULL, state TEXT NOT NULL,
                    deleted_on BIGINT NOT NULL, purge_on BIGINT NOT NULL,
                    PRIMARY KEY (resource_id))\
                  """,
                  """
                  CREATE TABLE place_subscription (
                    resource_id TEXT NOT NULL, subscription_id TEXT NOT NULL, name TEXT NOT NULL,
                    made_on BIGINT NOT NULL, PRIMARY KEY (resource_id, subscription_id))\
                  """,
                  """
                  CREATE TABLE place_group (
                    resource_id TEXT NOT NULL, group_key TEXT NOT NULL, detail TEXT NOT NULL,
                    PRIMARY KEY (resource_id, group_key))\
                  """,
                  """
                  CREATE TABLE place_lock (
                    resource_id TEXT NOT NULL, lock_key TEXT NOT NULL, detail TEXT NOT NULL,
                    PRIMARY KEY (resource_id, lock_key))\
                  """,
                  """
                  CREATE TABLE arm_status (
                    resource_id TEXT NOT NULL, status_id TEXT NOT NULL, target TEXT NOT NULL,
                    state TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL,
                    started_on BIGINT NOT NULL, ended_on BIGINT NOT NULL,
                    PRIMARY KEY (resource_id, status_id))\
                  """,
                  "CREATE INDEX arm_status_by_time ON arm_status (resource_id, started_on)")));

  /** Tables that a copy of a resource leaves alone: they are about it, and not in it. */
  static final List<String> NOT_COPIED =
      List.of("resource", "resource_key", "resource_name", "resource_setting");

  private ManageSchema() {}
}
