package dev.parley.base.store;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The PostgreSQL programs of this machine, and the account that may run them. */
record PostgresBinaries(Path folder, Optional<Account> account) {
  /** An account of this machine, by name and by the numbers that the kernel knows. */
  record Account(String name, String uid, String gid) {}

  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
  private static final String MISSING =
      "These tests need PostgreSQL: install the package \"postgresql\", put its programs on the"
          + " PATH, or set PARLEY_WITHOUT_POSTGRES=1 to leave these tests out.";

  static boolean installed() {
    return search().isPresent();
  }

  static PostgresBinaries find() {
    var folder = search().orElseThrow(() -> new IllegalStateException(MISSING));
    var root = "root".equals(System.getProperty("user.name"));
    return new PostgresBinaries(folder, root ? Optional.of(unprivileged()) : Optional.empty());
  }

  /** An empty folder that belongs to the account. */
  Path newFolder() {
    try {
      var folder = Files.createTempDirectory("parley-postgres");
      if (account.isPresent()) {
        var owners = folder.getFileSystem().getUserPrincipalLookupService();
        Files.setOwner(folder, owners.lookupPrincipalByName(account.get().name()));
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a program to its end; it must succeed. */
  void run(String program, String... arguments) {
    try {
      var log = Files.createTempFile("parley-" + program, ".log");
      var process = start(log, program, List.of(arguments));
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(program + " failed:\n" + Files.readString(log));
      }
      Files.delete(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts a program as the account; its process id is the returned process's. */
  Process start(Path log, String program, List<String> arguments) throws IOException {
    var command = new ArrayList<String>();
    account.ifPresent(who ->
        command.addAll(
            List.of(
                "setpriv",
                "--reuid=" + who.uid(),
                "--regid=" + who.gid(),
                "--clear-groups",
                "--")));
    command.add(folder.resolve(program).toString());
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .directory(new File("/"))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  private static Optional<Path> search() {
    var path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.concat(
            debianFolders().stream(), Arrays.stream(path.split(File.pathSeparator)).map(Path::of))
        .filter(folder -> Files.isExecutable(folder.resolve("initdb")))
        .filter(folder -> Files.isExecutable(folder.resolve("postgres")))
        .findFirst();
  }

  /** Debian keeps one folder per major version; the newest comes first. */
  private static List<Path> debianFolders() {
    if (!Files.isDirectory(DEBIAN)) {
      return List.of();
    }
    try (var versions = Files.list(DEBIAN)) {
      return versions
          .filter(version -> version.getFileName().toString().matches("\\d{1,4}"))
          .sorted(
              Comparator.comparing(
                      (Path version) -> Integer.valueOf(version.getFileName().toString()))
                  .reversed())
          .map(version -> version.resolve("bin"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Debian's package makes the account {@code postgres}; every Unix has {@code nobody}. */
  private static Account unprivileged() {
    try (var lines = Files.lines(Path.of("/etc/passwd"))) {
      return lines
          .map(line -> line.split(":", -1))
          .filter(parts -> parts[0].equals("postgres") || parts[0].equals("nobody"))
          .max(Comparator.comparing(parts -> parts[0]))
          .map(parts -> new Account(parts[0], parts[2], parts[3]))
          .orElseThrow(() -> new IllegalStateException("No account to run PostgreSQL with."));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
