package dev.parley.bench;

import dev.parley.base.blob.FileBlobs;
import dev.parley.base.bus.Bus;
import dev.parley.base.bus.Hearer;
import dev.parley.base.bus.Signal;
import dev.parley.base.event.Event;
import dev.parley.base.kit.Settings;
import dev.parley.base.store.DueJobRows;
import dev.parley.base.store.Migration;
import dev.parley.base.store.PostgresConfig;
import dev.parley.base.store.PostgresStore;
import dev.parley.base.store.RepeatRows;
import dev.parley.base.store.StoreOptions;
import dev.parley.base.words.ServiceClock;
import dev.parley.feature.chat.ChatConfig;
import dev.parley.feature.chat.ChatFeature;
import dev.parley.feature.identity.Identity;
import dev.parley.feature.manage.Resources;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * All of Parley's chat on PostgreSQL as it is usually used: one transaction per request, on a pool
 * of 16 connections.
 */
public final class PoolServer {
  private PoolServer() {}

  /** Arguments: those of {@code parley up}, {@code postgres.url} among the settings. */
  public static void main(String[] arguments) throws Exception {
    PeerServer.start(
        arguments,
        (_, settings) -> {
          var migrations = new ArrayList<Migration>(Resources.migrations());
          migrations.addAll(Identity.migrations());
          migrations.addAll(ChatFeature.migrations());
          var postgres = PostgresConfig.of(settings).orElseThrow();
          // The real store makes the schema.
          PostgresStore.open(postgres, migrations, StoreOptions.DEFAULT).close();
          return new PoolStore(postgres.url(), 16);
        },
        (store, identity, random) -> {
          ServiceClock clock = _ -> Instant.now();
          try {
            var blobs = new FileBlobs(Files.createTempDirectory("parley-bench-blobs"));
            return new ChatFeature(
                    ChatConfig.of(new Settings(Map.of())),
                    _ -> store,
                    identity::exists,
                    new RepeatRows(clock),
                    new DueJobRows(store, clock),
                    NOBODY,
                    blobs,
                    clock,
                    random)
                .routes();
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
    new CountDownLatch(1).await();
  }

  /** Nobody hears events here, which spares the peer that work. */
  private static final Bus NOBODY =
      new Bus() {
        @Override
        public long signalsDropped() {
          return 0;
        }

        @Override
        public void live(String name, List<Class<? extends Event>> events, Hearer hearer) {}

        @Override
        public void durable(String name, List<Class<? extends Event>> events, Hearer hearer) {}

        @Override
        public boolean caughtUp(String name) {
          return true;
        }

        @Override
        public void signal(Signal signal) {}

        @Override
        public void onSignal(String name, Consumer<Signal> hearer) {}

        @Override
        public void close() {}
      };
}
