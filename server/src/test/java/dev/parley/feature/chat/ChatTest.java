package dev.parley.feature.chat;

import dev.parley.base.store.SqliteStore;
import dev.parley.base.store.StoreOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The contract on SQLite. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ChatTest implements ChatContract {
  @TempDir private static Path folder;
  private ChatHouse house;

  @BeforeAll
  void start() {
    house = open();
  }

  private static ChatHouse open() {
    return new ChatHouse(
        ChatWorld.SMALL_IMAGES,
        folder.resolve("blobs"),
        migrations ->
            new SqliteStore(folder.resolve("parley.db"), migrations, StoreOptions.DEFAULT));
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
