package dev.parley.feature.chat;

import dev.parley.base.blob.Blobs;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Stores;
import dev.parley.base.words.Caller;
import dev.parley.base.words.ServiceClock;
import dev.parley.base.words.ThreadId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The front door of inline images: uploaded to a thread, named by messages, seen by those in the
 * thread. Only the uploader deletes one.
 */
public final class ChatImages {
  private static final int ID_BYTES = 16;
  private static final String ORIGINAL = "original";
  private static final String SMALL = "small";

  private final Stores stores;
  private final Blobs blobs;
  private final ServiceClock clock;
  private final SecureRandom random;
  private final ThreadStore threads = new ThreadStore();
  private final ImageStore rows = new ImageStore();

  public ChatImages(Stores stores, Blobs blobs, ServiceClock clock, SecureRandom random) {
    this.stores = stores;
    this.blobs = blobs;
    this.clock = clock;
    this.random = random;
  }

  /** The bytes of a view, and what they are. */
  record View(String mediaType, byte[] bytes) {}

  /** Blobs of a thread. */
  static String folder(ThreadKey thread) {
    // Thread ids hold colons, which no blob name does.
    return "chat/"
        + HexFormat.of().formatHex(thread.id().value().getBytes(StandardCharsets.UTF_8))
        + "/";
  }

  /** Blobs of one image. */
  static String folder(ThreadKey thread, String imageId) {
    return folder(thread) + imageId + "/";
  }

  /** Stores an image; its bytes are durable before its row is. */
  Image upload(Caller.User caller, ThreadId id, @Nullable String name, byte[] bytes) {
    if (name != null && name.length() > Chat.NAME_CHARACTERS_MAX) {
      throw ChatProblems.tooLong("image-filename", Chat.NAME_CHARACTERS_MAX);
    }
    var thread = new ThreadKey(caller.resource(), id);
    var store = stores.of(caller.resource());
    store.read(all -> member(all, thread, caller));
    var original = ImageFormat.of(bytes).orElseThrow(ChatProblems::badImage);
    var small = SmallView.of(original, bytes);
    var image =
        new Image(newId(), caller.id().rawId(), name, original.mediaType(), small.mediaType());
    blobs.put(caller.resource(), folder(thread, image.id()) + ORIGINAL, bytes);
    blobs.put(caller.resource(), folder(thread, image.id()) + SMALL, small.bytes());
    store.write(
        thread.partition(),
        tx -> {
          member(tx, thread, caller);
          rows.insert(tx, thread, image, clock.now(caller.resource()));
          return true;
        });
    return image;
  }

  /** One view of an image, {@code original} or {@code small}. */
  View view(Caller.User caller, ThreadId id, String imageId, String view) {
    if (!view.equals(ORIGINAL) && !view.equals(SMALL)) {
      throw ChatProblems.badImageView();
    }
    var thread = new ThreadKey(caller.resource(), id);
    var image =
        stores
            .of(caller.resource())
            .read(all -> {
              member(all, thread, caller);
              return rows.find(all, thread, imageId);
            })
            .orElseThrow(() -> ChatProblems.imageNotFound(imageId));
    var bytes =
        blobs
            .get(caller.resource(), folder(thread, image.id()) + view)
            .orElseThrow(() -> ChatProblems.imageNotFound(imageId));
    return new View(view.equals(SMALL) ? image.smallType() : image.mediaType(), bytes);
  }

  /** Takes an own image away; again without harm. */
  void delete(Caller.User caller, ThreadId id, String imageId) {
    var thread = new ThreadKey(caller.resource(), id);
    var deleted =
        stores
            .of(caller.resource())
            .write(
                thread.partition(),
                tx -> {
                  member(tx, thread, caller);
                  var image = rows.find(tx, thread, imageId);
                  if (image.isEmpty()) {
                    return false;
                  }
                  if (!image.get().uploader().equals(caller.id().rawId())) {
                    throw ChatProblems.notUploader(imageId);
                  }
                  rows.delete(tx, thread, imageId);
                  return true;
                });
    if (deleted) {
      blobs.deleteAll(caller.resource(), folder(thread, imageId));
    }
  }

  private boolean member(Rows all, ThreadKey thread, Caller.User caller) {
    if (threads.thread(all, thread).isEmpty() || !threads.isIn(all, thread, caller.id().rawId())) {
      throw ChatProblems.notMember(thread.id());
    }
    return true;
  }

  private String newId() {
    var bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return "0-" + HexFormat.of().formatHex(bytes);
  }
}
