import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * {@code ./parley test}: runs every suite, also after one has failed, and ends with the line {@code
 * N passed, N failed}.
 *
 * <p>Suites: {@code unit} (format, compiler checks, unit tests), {@code js} and {@code java}
 * (unmodified official SDKs against the packaged server), {@code web} (the calling package: types,
 * size, tests without a browser), {@code browser} (both in Chromium). A suite that dies before it
 * can count is one failure.
 */
public final class TestRun {
  private static final Path HOME = Path.of("").toAbsolutePath();
  private static final Pattern SUREFIRE =
      Pattern.compile("Tests run: (\\d+), Failures: (\\d+), Errors: (\\d+), Skipped: (\\d+)\\s*$");
  private static final Pattern NODE =
      Pattern.compile("^\\S* ?(tests|pass|fail|cancelled|skipped) (\\d+)$");
  private static final Pattern VITEST =
      Pattern.compile("^Tests\\s+(?:(\\d+) failed)?[ |]*(?:(\\d+) passed)?.*\\(\\d+\\)$");
  private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-9;]*m");

  /** What a suite counted. */
  private record Count(int passed, int failed) {
    Count plus(Count other) {
      return new Count(passed + other.passed, failed + other.failed);
    }
  }

  /** How a command ended, and what it said. */
  private record Said(int exit, List<String> lines) {}

  private final Map<String, String> notes = new LinkedHashMap<>();

  public static void main(String[] wanted) throws Exception {
    var run = new TestRun();
    var suites =
        wanted.length == 0 ? List.of("unit", "js", "java", "web", "browser") : List.of(wanted);
    run.install();
    var total = new Count(0, 0);
    for (var suite : suites) {
      total = total.plus(run.suite(suite));
    }
    run.notes.forEach((suite, note) -> System.out.println(suite + ": " + note));
    System.out.println(total.passed() + " passed, " + total.failed() + " failed");
    System.exit(total.failed() == 0 && total.passed() > 0 ? 0 : 1);
  }

  private Count suite(String name) throws Exception {
    System.out.println("== " + name);
    var count =
        switch (name) {
          case "unit" -> unit();
          case "js" -> sdk("js", this::js);
          case "java" -> sdk("java", this::java);
          case "web" -> sdk("web", this::web);
          case "browser" -> sdk("browser", this::browser);
          default ->
              throw new IllegalArgumentException(
                  "Unknown suite " + name + "; known: unit, js, java, web, browser");
        };
    notes.put(
        name,
        count.passed() + " passed, " + count.failed() + " failed" + notes.getOrDefault(name, ""));
    return count;
  }

  private Count unit() throws Exception {
    var folder = HOME.resolve("server");
    var said = run(folder, Map.of(), 60, "mvn", "-B", "-ntp", "verify");
    var tests = surefire(said.lines());
    var complete = said.lines().stream().anyMatch(line -> line.contains(":test (alone)"));
    if (tests.failed() > 0 && !complete) {
      // Maven ended with the tests that ran side by side; the others count as well.
      var rest = run(folder, Map.of(), 60, "mvn", "-B", "-ntp", "surefire:test@alone");
      tests = tests.plus(counted("unit", rest, surefire(rest.lines())));
    }
    var count = counted("unit", said, tests);
    if (said.exit() != 0) {
      return count;
    }
    // The benchmarks stand outside of the server's build, and must keep up with it.
    var bench = run(HOME, Map.of(), 5, "bench/run", "compile");
    return count.plus(bench.exit() == 0 ? new Count(1, 0) : new Count(0, 1));
  }

  private interface Suite {
    Said run(Map<String, String> environment) throws Exception;
  }

  private Said js(Map<String, String> environment) throws Exception {
    return npm("contract/js", environment);
  }

  private Said web(Map<String, String> environment) throws Exception {
    return npm("web/calling", environment);
  }

  private Said browser(Map<String, String> environment) throws Exception {
    return npm("browser", environment);
  }

  private Said npm(String where, Map<String, String> environment) throws Exception {
    var folder = HOME.resolve(where);
    var installed = run(folder, Map.of(), 10, "npm", "ci", "--no-audit", "--no-fund");
    return installed.exit() == 0 ? run(folder, environment, 20, "npm", "test") : installed;
  }

  private Said java(Map<String, String> environment) throws Exception {
    return run(HOME.resolve("contract/java"), environment, 20, "mvn", "-B", "-ntp", "test");
  }

  /** Runs a suite of an official SDK against a packaged server on a fresh data folder. */
  private Count sdk(String name, Suite suite) throws Exception {
    if (!Files.exists(HOME.resolve("server/target/parley.jar"))) {
      var built = run(HOME, Map.of(), 20, "./parley", "build");
      if (built.exit() != 0) {
        return counted(name, built, new Count(0, 0));
      }
    }
    var folder = Files.createTempDirectory("parley-test");
    var data = folder.resolve("data");
    var log = folder.resolve("server.log").toFile();
    var server =
        new ProcessBuilder(
                HOME.resolve("parley").toString(),
                "up",
                "--data",
                data.toString(),
                "--port",
                freePort(),
                // A test that nobody answers waits this long.
                "--set",
                "calling.ring-time=15s")
            .redirectErrorStream(true)
            .redirectOutput(log)
            .start();
    try {
      var environment = ready(server, data);
      if (environment.isEmpty()) {
        System.out.println(Files.readString(log.toPath()));
        return counted(name, new Said(1, List.of()), new Count(0, 0));
      }
      // Codes for pages are printed there.
      environment.put("PARLEY_LOG", log.toString());
      var said = suite.run(environment);
      var count =
          switch (name) {
            case "java" -> surefire(said.lines());
            case "web" -> vitest(said.lines());
            default -> node(said.lines());
          };
      if (said.exit() != 0) {
        var lines = Files.readAllLines(log.toPath());
        lines.subList(Math.max(0, lines.size() - 60), lines.size()).forEach(System.out::println);
      }
      return counted(name, said, count);
    } finally {
      server.destroy();
      if (!server.waitFor(30, TimeUnit.SECONDS)) {
        server.destroyForcibly();
      }
      try (var files = Files.walk(folder)) {
        files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      }
    }
  }

  /**
   * Waits for {@code dev.env}, which the server writes when it answers; empty when it ended
   * instead.
   */
  private static Map<String, String> ready(Process server, Path data) throws Exception {
    var file = data.resolve("dev.env");
    var end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (System.nanoTime() < end && !Files.exists(file)) {
      if (server.waitFor(100, TimeUnit.MILLISECONDS)) {
        return Map.of();
      }
    }
    var environment = new LinkedHashMap<String, String>();
    if (Files.exists(file)) {
      for (var line : Files.readAllLines(file)) {
        environment.put(
            line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
      }
      environment.put("PARLEY_DATA", data.toString());
    }
    return environment;
  }

  /** A suite that failed without a failed test failed all the same. */
  private Count counted(String name, Said said, Count count) {
    if (said.exit() != 0 && count.failed() == 0) {
      notes.put(name, " (it ended with code " + said.exit() + " outside its tests)");
      return new Count(count.passed(), 1);
    }
    if (count.passed() == 0 && count.failed() == 0) {
      notes.put(name, " (it ran no test)");
      return new Count(0, 1);
    }
    return count;
  }

  /** Surefire's closing lines, one of each execution, have no elapsed time behind them. */
  private static Count surefire(List<String> lines) {
    var count = new Count(0, 0);
    for (var line : lines) {
      var match = SUREFIRE.matcher(line);
      if (match.find()) {
        var failed = Integer.parseInt(match.group(2)) + Integer.parseInt(match.group(3));
        var run = Integer.parseInt(match.group(1)) - Integer.parseInt(match.group(4));
        count = count.plus(new Count(run - failed, failed));
      }
    }
    return count;
  }

  private static Count node(List<String> lines) {
    var passed = 0;
    var failed = 0;
    for (var line : lines) {
      var match = NODE.matcher(line);
      if (match.find()) {
        var number = Integer.parseInt(match.group(2));
        switch (match.group(1)) {
          case "pass" -> passed = number;
          case "fail", "cancelled" -> failed += number;
          default -> {}
        }
      }
    }
    return new Count(passed, failed);
  }

  private static Count vitest(List<String> lines) {
    var count = new Count(0, 0);
    for (var line : lines) {
      var match = VITEST.matcher(line);
      if (match.find()) {
        count = new Count(number(match.group(2)), number(match.group(1)));
      }
    }
    return count;
  }

  private static int number(String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  /** Installs from Debian what tests need, as root; elsewhere it has to be there. */
  private void install() throws Exception {
    var missing = new ArrayList<String>();
    if (!Files.isDirectory(Path.of("/usr/lib/postgresql")) && !onPath("postgres")) {
      missing.add("postgresql");
    }
    if (!onPath("strace")) {
      missing.add("strace");
    }
    if (!onPath("turnserver")) {
      missing.add("coturn");
    }
    if (!onPath("chromium")) {
      missing.add("chromium");
    }
    // Debian puts them where only root looks.
    if (!Files.isExecutable(Path.of("/usr/sbin/postfix"))) {
      missing.add("postfix");
    }
    // With the zones and the resolver of other people.
    if (!Files.isExecutable(Path.of("/usr/sbin/named"))) {
      missing.add("bind9");
    }
    if (!Files.isExecutable(Path.of("/usr/sbin/unbound"))) {
      missing.add("unbound");
    }
    if (!onPath("openssl")) {
      missing.add("openssl");
    }
    if (!onPath("nats-server") && !Files.isExecutable(Path.of("/usr/sbin/nats-server"))) {
      missing.add("nats-server");
    }
    if (missing.isEmpty()) {
      return;
    }
    if (!"root".equals(System.getProperty("user.name")) || !onPath("apt-get")) {
      System.out.println("Not installed, and needed by some tests: " + String.join(", ", missing));
      return;
    }
    run(HOME, Map.of(), 10, "apt-get", "update", "-q");
    var command =
        new ArrayList<>(List.of("apt-get", "install", "-y", "-q", "--no-install-recommends"));
    command.addAll(missing);
    // Of the services that packages hold, none is to start by itself.
    run(
        HOME,
        Map.of("DEBIAN_FRONTEND", "noninteractive", "RUNLEVEL", "1"),
        15,
        command.toArray(String[]::new));
  }

  private static boolean onPath(String program) {
    for (var folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (Files.isExecutable(Path.of(folder.isEmpty() ? "." : folder, program))) {
        return true;
      }
    }
    return false;
  }

  private static String freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return Integer.toString(socket.getLocalPort());
    }
  }

  /** Runs a command, shows what it says, and keeps it; ended after so many minutes. */
  private static Said run(
      Path folder, Map<String, String> environment, int minutes, String... command)
      throws Exception {
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.environment().putAll(environment);
    var process = builder.start();
    var watch = Thread.ofVirtual().start(() -> endAfter(process, minutes));
    var lines = new ArrayList<String>();
    try (var out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (var line = out.readLine(); line != null; line = out.readLine()) {
        System.out.println(line);
        lines.add(COLOURS.matcher(line).replaceAll("").strip());
      }
    }
    var exit = process.waitFor();
    watch.interrupt();
    return new Said(exit, lines);
  }

  private static void endAfter(Process process, int minutes) {
    try {
      if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
        System.out.println(
            "Ended after " + minutes + " minutes: " + process.info().command().orElse(""));
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      // The command ended by itself.
    }
  }
}
