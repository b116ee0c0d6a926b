package dev.parley.feature.chat;

import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Images as rows; their bytes are blobs. */
final class ImageStore {
  Optional<Image> find(Rows rows, ThreadKey thread, String id) {
    return rows.one(
        "SELECT uploader, name, media_type, small_type FROM chat_image"
            + " WHERE resource_id = ? AND thread_id = ? AND image_id = ?",
        row -> new Image(id, row.text(1), row.textIf(2).orElse(null), row.text(3), row.text(4)),
        thread.resource().value(),
        thread.id().value(),
        id);
  }

  void insert(Tx tx, ThreadKey thread, Image image, Instant now) {
    tx.add(
        "INSERT INTO chat_image (resource_id, thread_id, image_id, uploader, name, media_type,"
            + " small_type, uploaded_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        thread.resource().value(),
        thread.id().value(),
        image.id(),
        image.uploader(),
        image.name(),
        image.mediaType(),
        image.smallType(),
        now.toEpochMilli());
  }

  void delete(Tx tx, ThreadKey thread, String id) {
    tx.run(
        "DELETE FROM chat_image WHERE resource_id = ? AND thread_id = ? AND image_id = ?",
        thread.resource().value(),
        thread.id().value(),
        id);
  }

  void deleteAll(Tx tx, ThreadKey thread) {
    tx.run(
        "DELETE FROM chat_image WHERE resource_id = ? AND thread_id = ?",
        thread.resource().value(),
        thread.id().value());
  }

  /** Images that a user put into the thread. */
  List<String> uploadedBy(Rows rows, ThreadKey thread, String userId) {
    return rows.all(
        "SELECT image_id FROM chat_image WHERE resource_id = ? AND thread_id = ? AND uploader = ?",
        row -> row.text(1),
        thread.resource().value(),
        thread.id().value(),
        userId);
  }
}
