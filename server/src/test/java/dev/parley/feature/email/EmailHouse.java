package dev.parley.feature.email;

import dev.parley.base.blob.FileBlobs;
import dev.parley.base.bus.BusConfig;
import dev.parley.base.bus.LocalBus;
import dev.parley.base.event.EmailEvent;
import dev.parley.base.kit.LocalMasterKeys;
import dev.parley.base.kit.Sealer;
import dev.parley.base.kit.Settings;
import dev.parley.base.store.SqliteStore;
import dev.parley.base.store.Store;
import dev.parley.base.store.StoreOptions;
import dev.parley.base.words.AccessKey;
import dev.parley.base.words.Caller;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceDirectory;
import dev.parley.base.words.ResourceId;
import dev.parley.protocol.mime.MimeAddress;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The email room on a real store, with one resource that may send; time stands still at first. */
public final class EmailHouse implements AutoCloseable {
  public static final Resource CONTOSO =
      new Resource(
          new ResourceId("11111111-aaaa-4000-8000-000000000001"),
          "contoso",
          URI.create("https://contoso.communication.localhost:8443"));
  public static final Caller KEY =
      new Caller.KeyHolder(
          CONTOSO.id(), KeySlot.PRIMARY, new Origin("key:PRIMARY", "PRIMARY", "r"));
  public static final String SENDER = "DoNotReply@contoso.mail.localhost";

  /** One resource, whatever it is asked by. */
  private static final ResourceDirectory RESOURCES =
      new ResourceDirectory() {
        @Override
        public Optional<Resource> byHost(String host) {
          return Optional.of(CONTOSO);
        }

        @Override
        public Optional<Resource> byPort(int port) {
          return Optional.of(CONTOSO);
        }

        @Override
        public Optional<Resource> byId(ResourceId id) {
          return Optional.of(CONTOSO);
        }

        @Override
        public Optional<AccessKey> key(ResourceId id, KeySlot slot) {
          return Optional.empty();
        }
      };

  public final EmailFeature feature;
  final Store store;
  final LocalBus bus;
  final FileBlobs blobs;
  private volatile boolean running;
  volatile Instant now = Instant.parse("2026-11-24T10:00:00.250Z");

  /** On a store that has the schema of the room, with files below the folder. */
  EmailHouse(Store store, Path folder) {
    this.store = store;
    bus = new LocalBus(store, BusConfig.DEFAULT, InstantSource.system());
    blobs = new FileBlobs(folder.resolve("blobs"));
    var random = new SecureRandom();
    var sealer = new Sealer(LocalMasterKeys.of("", folder.resolve("master.key"), random), random);
    var config = EmailConfig.of(new Settings(Map.of("email.list-unsubscribe", "true")), true);
    feature =
        new EmailFeature(
            config,
            _ -> store,
            bus,
            blobs,
            sealer,
            RESOURCES,
            _ -> List.of(),
            _ -> Optional.of(CONTOSO.id()),
            _ -> time(),
            this::time,
            random);
    feature.start();
  }

  /** On a store of its own below the folder. */
  public static EmailHouse open(Path folder) {
    var file = folder.resolve("parley.db");
    return new EmailHouse(
        new SqliteStore(file, EmailFeature.migrations(), StoreOptions.DEFAULT), folder);
  }

  /** Time goes on as it does outside. */
  public void runClock() {
    running = true;
  }

  public Instant time() {
    return running ? Instant.now() : now;
  }

  static NewEmail email(Optional<String> id, String hash, String... to) {
    var addresses = new ArrayList<MimeAddress>();
    for (var one : to) {
      addresses.add(new MimeAddress(one, ""));
    }
    return new NewEmail(
        id, hash, SENDER, addresses, List.of(), List.of(), List.of(), "Hello", "text", "",
        List.of(), Map.of(), false);
  }

  SendOperation accept(String... to) {
    var hash = UUID.randomUUID().toString().replace("-", "");
    return feature.email().send(CONTOSO, KEY, email(Optional.empty(), hash, to));
  }

  /** Accepts a mail; its id. */
  public String send(String... to) {
    return accept(to).key().id();
  }

  /** What is known of the first recipient of a message: state, attempts and the server's words. */
  public record Known(RecipientState state, int attempts, String words) {}

  public Known known(String messageId) {
    var found =
        store.read(
            all -> new EmailStore().recipient(all, new MessageKey(CONTOSO.id(), messageId), 0));
    return found.map(one -> new Known(one.state(), one.attempts(), one.reply())).orElseThrow();
  }

  /** The first that waits, as it would leave. */
  public String outgoing() throws IOException {
    var place = feature.outbox().placeAfter(Outbox.Place.FIRST).orElseThrow();
    var due = feature.outbox().due(place, 1).getFirst();
    var item = feature.outbox().claim(due, Duration.ofMinutes(1)).orElseThrow();
    return new String(feature.outgoing().message(item).whole(), StandardCharsets.UTF_8);
  }

  /** Whether anything waits to be sent. */
  public boolean hasQueued() {
    return feature.outbox().placeAfter(Outbox.Place.FIRST).isPresent();
  }

  List<EmailEvent> events() {
    var events = new ArrayList<EmailEvent>();
    for (var shard : store.heads().keySet()) {
      for (var row : store.journal(shard, 0, 1000)) {
        if (row.event() instanceof EmailEvent event) {
          events.add(event);
        }
      }
    }
    return events;
  }

  @Override
  public void close() {
    feature.close();
    bus.close();
    store.close();
  }
}
