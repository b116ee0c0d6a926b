package dev.parley.base.store;

import dev.parley.base.event.ChatEvent;
import dev.parley.base.kit.Fsync;
import dev.parley.base.words.MessageId;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ThreadId;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A process of its own that sends notes and prints each after the store acknowledged it. It holds
 * the lock of the data folder.
 */
final class SenderProgram {
  private static final int THREADS = 16;

  // Straight to the pipe: a line is one system call, and so whole or not there at all.
  private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

  private SenderProgram() {}

  public static void main(String[] args) throws Exception {
    var file = Path.of(args[0]);
    var units = Integer.parseInt(args[2]);
    try (var _ = DataLock.take(Fsync.folderOf(file));
        var store = new SqliteStore(file, Ledger.MIGRATIONS, StoreOptions.DEFAULT)) {
      Crowd.each(Integer.parseInt(args[1]), number -> send(store, thread(number), units));
    }
  }

  /**
   * Starts the program with this program's class path.
   *
   * @param before a command to run it under, or nothing
   * @param units that each sender sends; the program is killed before if there are many
   */
  static Process start(List<String> before, Path file, int senders, int units) throws IOException {
    var command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Dorg.sqlite.tmpdir=" + System.getProperty("org.sqlite.tmpdir"));
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(SenderProgram.class.getName(), file.toString()));
    command.addAll(List.of(Integer.toString(senders), Integer.toString(units)));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Whether the command is on the path. */
  static boolean canRunUnder(String command) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(part -> Files.isExecutable(Path.of(part, command)));
  }

  /** The partitions that senders share. */
  static List<PartitionKey> threads() {
    var all = new ArrayList<PartitionKey>();
    for (var i = 0; i < THREADS; i++) {
      all.add(thread(i));
    }
    return all;
  }

  private static PartitionKey thread(int number) {
    return new PartitionKey(Opening.CONTOSO, "thread:" + number % THREADS);
  }

  private static boolean send(Store store, PartitionKey thread, int units) {
    for (var i = 0; i < units; i++) {
      var id =
          store.write(
              thread,
              tx -> {
                Ledger.count(tx, thread);
                var given = Ledger.append(tx, thread, 1, "note");
                tx.publish(
                    new ChatEvent.MessageReceived(
                        new ThreadId(thread.value()), 1, new MessageId(given)),
                    Origin.service("sender"));
                return given;
              });
      print("acknowledged " + thread.value() + " " + id + "\n");
    }
    return true;
  }

  private static void print(String line) {
    try {
      OUT.write(line.getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) {
      // Nobody listens any more, so nobody would end this process.
      Runtime.getRuntime().halt(1);
    }
  }
}
