package dev.parley.base.store;

import java.util.List;

/**
 * One step of the schema, forwards only. Every room lists its own; each is applied once, in the
 * order of versions.
 *
 * @param room the feature or base room that owns the tables
 * @param version from 1, without gaps per room
 * @param readerMin the oldest version of the room whose program can still work on this schema
 * @param statements DDL in the common subset: BIGINT, TEXT, BYTEA, PRIMARY KEY, indexes. Every
 *     table has {@code resource_id} as the first part of its primary key, then its partition's id.
 *     SQLite makes such tables clustered (WITHOUT ROWID).
 */
public record Migration(String room, int version, int readerMin, List<String> statements) {
  /** A step that no older program understands, which is the safe assumption. */
  public Migration(String room, int version, List<String> statements) {
    this(room, version, version, statements);
  }
}
