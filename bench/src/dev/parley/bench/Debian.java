package dev.parley.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Peers come from Debian: what is missing is installed where that is allowed. */
final class Debian {
  private Debian() {}

  /**
   * Makes sure that these programs are there, which those packages hold; packages' own services are
   * not started.
   *
   * @throws IllegalStateException when one is missing and cannot be installed, with what to do
   */
  static void need(List<Path> programs, String... packages)
      throws IOException, InterruptedException {
    if (programs.stream().allMatch(Files::isExecutable)) {
      return;
    }
    install(packages);
    for (var program : programs) {
      if (!Files.isExecutable(program)) {
        throw new IllegalStateException(
            "There is no " + program + " after " + String.join(", ", packages) + " was installed.");
      }
    }
  }

  static void install(String... packages) throws IOException, InterruptedException {
    if (!"root".equals(System.getProperty("user.name"))) {
      throw new IllegalStateException(
          "Install the packages " + String.join(", ", packages) + ", or run this as root.");
    }
    run(List.of("apt-get", "update", "-q"));
    var command =
        new ArrayList<>(List.of("apt-get", "install", "-y", "-q", "--no-install-recommends"));
    command.addAll(List.of(packages));
    run(command);
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    // A package would start a service of its own otherwise.
    builder.environment().putAll(Map.of("DEBIAN_FRONTEND", "noninteractive", "RUNLEVEL", "1"));
    if (builder.start().waitFor() != 0) {
      throw new IllegalStateException("Failed: " + String.join(" ", command));
    }
  }
}
