package dev.parley.base.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is acknowledged is on the disk and not only in the page cache, seen in the system calls. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SqliteFsyncTest {
  private static final int UNITS = 100;
  private static final Pattern CALL = Pattern.compile("^(\\d+) +(\\w+)\\((\\d+)<([^>]*)>(.*)$");
  private static final Pattern RESUMED =
      Pattern.compile("^(\\d+) +<\\.\\.\\. (\\w+) resumed>(.*)$");

  @TempDir private Path folder;

  @Test
  void everyAcknowledgementHasAnFsyncOfItsOwnBeforeIt() throws Exception {
    var strace = SenderProgram.canRunUnder("strace");
    if (!strace) {
      System.out.println("SqliteFsyncTest is skipped: strace is not on the path.");
    }
    assumeTrue(strace);
    var trace = folder.resolve("trace");
    var calls = "trace=write,writev,pwrite64,pwritev,fsync,fdatasync";
    var under = List.of("strace", "-f", "-y", "-s", "64", "-o", trace.toString(), "-e", calls);
    var process = SenderProgram.start(under, folder.resolve("parley.db"), 1, UNITS);
    try (var out = process.inputReader()) {
      assertEquals(UNITS, out.lines().filter(line -> line.startsWith("acknowledged ")).count());
    } finally {
      process.destroyForcibly();
    }
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    var order = new Order();
    Files.readAllLines(trace).forEach(order::line);
    assertEquals(UNITS, order.acknowledged);
  }

  /** Follows the calls: what is written to the log must be synced before the next line. */
  private static final class Order {
    private final HashSet<String> syncing = new HashSet<>();
    private boolean written;
    private boolean synced;
    private int acknowledged;

    void line(String line) {
      var call = CALL.matcher(line);
      var resumed = RESUMED.matcher(line);
      if (call.matches()) {
        call(line, call.group(1), call.group(2), call.group(4), call.group(5));
      } else if (resumed.matches() && syncing.remove(resumed.group(1))) {
        assertTrue(resumed.group(3).endsWith("= 0"), line);
        synced = written;
      }
    }

    private void call(String line, String thread, String name, String file, String rest) {
      if (rest.startsWith(", \"acknowledged ")) {
        assertTrue(written && synced, () -> "acknowledged before it was on the disk: " + line);
        written = false;
        synced = false;
        acknowledged++;
      } else if (file.endsWith("-wal") && name.endsWith("sync")) {
        if (rest.endsWith("<unfinished ...>")) {
          syncing.add(thread);
        } else {
          assertTrue(rest.endsWith("= 0"), line);
          synced = written;
        }
      } else if (file.endsWith("-wal")) {
        written = true;
        synced = false;
      }
    }
  }
}
