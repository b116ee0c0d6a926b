package dev.parley;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * How tests start servers in a third of the time: from a jar, with what a first start loaded kept
 * beside it (JEP 514), as the launcher does.
 *
 * <p>{@code -Dparley.server.jvm} has them run with other options, such as the launcher's.
 *
 * @param command the JVM with its options and the class path
 */
record QuickStart(List<String> command) {
  /** A server that lives for seconds gains nothing from the slower compiler. */
  private static final String FOR_SHORT = "-XX:TieredStopAtLevel=1 -Xmx256m";

  private static final Duration TRAINING_MAX = Duration.ofMinutes(2);

  /** Made when the first test wants a server. */
  static final QuickStart SHARED = make();

  private static QuickStart make() {
    try {
      var folder = Files.createTempDirectory("parley-start");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      var command = new ArrayList<String>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(
          List.of(
              "-XX:+UseSerialGC",
              "-Djava.awt.headless=true",
              "--enable-native-access=ALL-UNNAMED",
              "--sun-misc-unsafe-memory-access=allow",
              "-Dorg.sqlite.tmpdir=" + System.getProperty("org.sqlite.tmpdir"),
              "-cp",
              classPath(folder)));
      command.addAll(1, List.of(System.getProperty("parley.server.jvm", FOR_SHORT).split(" ")));
      var cache = folder.resolve("cache");
      train(command, folder, cache);
      if (Files.exists(cache)) {
        command.add(1, "-XX:AOTCache=" + cache);
      }
      return new QuickStart(List.copyOf(command));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The class path of this test, its classes in a jar, since the cache knows no folders. */
  private static String classPath(Path folder) throws IOException {
    var path = new ArrayList<String>();
    for (var entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      var place = Path.of(entry);
      if (!Files.isDirectory(place)) {
        path.add(entry);
      } else if (Files.exists(place.resolve("dev/parley/Main.class"))) {
        var jar = folder.resolve("server.jar");
        pack(place, jar);
        path.add(jar.toString());
      }
    }
    return String.join(File.pathSeparator, path);
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        var files = Files.walk(classes)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, out);
      }
    }
  }

  private static void train(List<String> command, Path folder, Path cache) throws IOException {
    var first = new ArrayList<>(command);
    first.add(1, "-XX:AOTCacheOutput=" + cache);
    var data = folder.resolve("data");
    first.addAll(List.of(Main.class.getName(), "up", "--data", data.toString(), "--port", "0"));
    var process =
        new ProcessBuilder(first)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    try {
      ServerProcess.until(
          TRAINING_MAX,
          "the first start",
          () -> Files.exists(data.resolve("dev.env")) || !process.isAlive());
      process.destroy();
      if (!process.waitFor(TRAINING_MAX.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void delete(Path folder) {
    try (var files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException _) {
      // The system tidies its temporary folder by itself.
    }
  }
}
