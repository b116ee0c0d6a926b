package dev.parley.feature.numbers;

import dev.parley.base.store.Migration;
import java.util.List;

/**
 * The tables of numbers. The inventory belongs to the house, since a number goes from resource to
 * resource; searches, reservations and operations belong to the resource that made them.
 */
final class NumbersSchema {
  static final List<Migration> MIGRATIONS =
      List.of(
          new Migration(
              "numbers",
              1,
              List.of(
                  """
                  CREATE TABLE number_offer (
                    resource_id TEXT NOT NULL, offer_id TEXT NOT NULL, country TEXT NOT NULL,
                    number_type TEXT NOT NULL, assignment TEXT NOT NULL, calling TEXT NOT NULL,
                    sms TEXT NOT NULL, amount TEXT NOT NULL, currency TEXT NOT NULL,
                    PRIMARY KEY (resource_id, offer_id))\
                  """,
                  """
                  CREATE TABLE number_area (
                    resource_id TEXT NOT NULL, country TEXT NOT NULL, number_type TEXT NOT NULL,
                    area_code TEXT NOT NULL, locality TEXT NOT NULL, division TEXT NOT NULL,
                    division_code TEXT NOT NULL,
                    PRIMARY KEY (resource_id, country, number_type, area_code, locality, division))\
                  """,
                  // Owner, hold and what the number may be used for are empty text while it is
                  // free.
                  """
                  CREATE TABLE phone_number (
                    resource_id TEXT NOT NULL, number TEXT NOT NULL, offer_id TEXT NOT NULL,
                    state TEXT NOT NULL, owner TEXT NOT NULL, hold_id TEXT NOT NULL,
                    purchase_id TEXT NOT NULL, assignment TEXT NOT NULL, calling TEXT NOT NULL,
                    sms TEXT NOT NULL, purchased_on BIGINT NOT NULL,
                    PRIMARY KEY (resource_id, number))\
                  """,
                  "CREATE INDEX phone_number_by_offer ON phone_number (resource_id, offer_id, state, number)",
                  "CREATE INDEX phone_number_by_owner ON phone_number (resource_id, owner, state, number)",
                  "CREATE INDEX phone_number_by_hold ON phone_number (resource_id, hold_id, number)",
                  """
                  CREATE TABLE number_seed (
                    resource_id TEXT NOT NULL, target_id TEXT NOT NULL, number TEXT NOT NULL,
                    PRIMARY KEY (resource_id, target_id))\
                  """,
                  """
                  CREATE TABLE number_operation (
                    resource_id TEXT NOT NULL, operation_id TEXT NOT NULL, type TEXT NOT NULL,
                    status TEXT NOT NULL, intent TEXT NOT NULL, created_on BIGINT NOT NULL,
                    changed_on BIGINT NOT NULL, fault TEXT,
                    PRIMARY KEY (resource_id, operation_id))\
                  """,
                  """
                  CREATE TABLE number_search (
                    resource_id TEXT NOT NULL, search_id TEXT NOT NULL, state TEXT NOT NULL,
                    wish TEXT NOT NULL, found TEXT NOT NULL, expires_on BIGINT NOT NULL,
                    PRIMARY KEY (resource_id, search_id))\
                  """,
                  """
                  CREATE TABLE number_reservation (
                    resource_id TEXT NOT NULL, reservation_id TEXT NOT NULL, hold_id TEXT NOT NULL,
                    state TEXT NOT NULL, items TEXT NOT NULL, expires_on BIGINT NOT NULL,
                    PRIMARY KEY (resource_id, reservation_id))\
                  """)));

  /** Rows that a copy of a resource leaves behind, since the numbers in them stay the source's. */
  static final List<String> TABLES_NOT_COPIED =
      List.of("number_operation", "number_search", "number_reservation");

  private NumbersSchema() {}
}
