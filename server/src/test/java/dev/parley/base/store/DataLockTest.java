package dev.parley.base.store;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One process at a time on a data folder. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DataLockTest {
  @TempDir private Path folder;

  @Test
  void aSecondProcessIsTurnedAwayUntilTheFirstIsGone() throws Exception {
    var process = SenderProgram.start(List.of(), folder.resolve("parley.db"), 1, Integer.MAX_VALUE);
    try (var out = process.inputReader()) {
      assertTrue(out.readLine().startsWith("acknowledged"));
      var thrown = assertThrows(IllegalStateException.class, () -> DataLock.take(folder));
      assertTrue(thrown.getMessage().contains(folder.toString()), thrown.getMessage());
    } finally {
      process.destroyForcibly();
    }
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    DataLock.take(folder).close();
  }

  @Test
  void theSameProcessIsTurnedAwayToo() {
    try (var _ = DataLock.take(folder)) {
      assertThrows(IllegalStateException.class, () -> DataLock.take(folder));
    }
    DataLock.take(folder).close();
  }

  @Test
  void aFolderThatIsNotThereIsSaidSo() {
    assertThrows(IllegalStateException.class, () -> DataLock.take(folder.resolve("missing")));
  }
}
