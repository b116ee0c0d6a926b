package dev.parley.feature.chat;

import dev.parley.base.store.PostgresConfig;
import dev.parley.base.store.PostgresServer;
import dev.parley.base.store.PostgresStore;
import dev.parley.base.store.StoreOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract on PostgreSQL, each unit of work run twice; receipts in larger threads, as a setting
 * allows.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ChatPostgresTest implements ChatContract {
  @TempDir private static Path folder;
  private ChatHouse house;

  @BeforeAll
  void start() {
    house = open();
  }

  private static ChatHouse open() {
    var database = PostgresServer.shared().newDatabase();
    return new ChatHouse(
        ChatWorld.LARGE_RECEIPTS,
        folder.resolve("blobs"),
        migrations ->
            PostgresStore.open(PostgresConfig.of(database), migrations, StoreOptions.TWICE));
  }

  @AfterAll
  void stop() {
    house.close();
  }

  @Override
  public ChatHouse house() {
    return house;
  }
}
