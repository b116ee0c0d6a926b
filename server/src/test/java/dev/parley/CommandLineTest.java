package dev.parley;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.kit.Settings;
import dev.parley.base.kit.SettingsProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was asked, and the settings of all rooms. */
class CommandLineTest {
  @TempDir private Path folder;

  /** Reading the settings sets the log up; other tests want theirs back. */
  @AfterEach
  void quieten() {
    LogSetup.configure(new Settings(Map.of("log.level", "warn")));
  }

  private static CommandLine parse(Map<String, String> environment, String... arguments) {
    return CommandLine.parse(List.of(arguments), environment);
  }

  private static HouseConfig config(Map<String, String> environment, String... arguments) {
    return HouseConfig.of(parse(environment, arguments).settings());
  }

  private static void assertProblem(String words, String... arguments) {
    var problem = assertThrows(SettingsProblem.class, () -> config(Map.of(), arguments));
    assertTrue(problem.getMessage().contains(words), problem::getMessage);
  }

  @Test
  void theCommandLineWinsOverTheFileAndTheFileOverTheEnvironment() throws IOException {
    var file = folder.resolve("settings");
    Files.writeString(file, "# a comment\nhttp.port=2\nchat.participants-max = 60\n");
    var environment =
        Map.of(
            "PARLEY_HTTP_PORT", "1",
            "PARLEY_CHAT_PARTICIPANTS_MAX", "50",
            "PARLEY_CHAT_RECEIPT_PARTICIPANTS_MAX", "30",
            "PATH", "/bin");
    var config = config(environment, "up", "--config", file.toString(), "--set", "http.port=3");
    assertEquals(3, config.wire().httpPort());
    assertEquals(60, config.chat().participantsMax());
    assertEquals(30, config.chat().receiptParticipantsMax());
    assertEquals(8443, config.wire().httpsPort());
    assertEquals(9, config(environment, "up", "--port", "9").wire().httpsPort());
    assertEquals(9, config(environment, "up", "--port=9").wire().httpsPort());
  }

  @Test
  void whatNobodyReadsIsRefusedWithAHint() {
    assertProblem("Did you mean \"http.port\"?", "--set", "http.prt=1");
    assertProblem("Did you mean \"chat.participants-max\"?", "--set", "chat.participant-max=9");
    assertProblem("Unknown option \"--dta\"", "--dta", "x");
    assertProblem("--set needs key=value", "--set", "x");
    assertProblem("--port needs a value", "--port");
    assertProblem("cannot be read", "--config", folder.resolve("none").toString());
    assertProblem("a whole number from", "--set", "chat.participants-max=1");
    assertProblem("a span such as", "--set", "http.idle-time=soon");
    assertProblem("true or false", "--set", "native.tls=maybe");
    assertProblem("go together", "--set", "tls.key=x");
    assertProblem("log.level must be", "--set", "log.level=loud");
    assertProblem("log.format must be", "--set", "log.format=xml");
  }

  @Test
  void everySettingIsPrintedInTheFormOfAFile() throws IOException {
    var asked =
        parse(
            Map.of(),
            "up",
            "--print-config",
            "--set",
            "master-key=c2VjcmV0",
            "--set",
            "postgres.password=secret-word",
            "--set",
            "chat.image-bytes-max=2000000");
    assertTrue(asked.printConfig());
    HouseConfig.of(asked.settings());
    var printed = asked.settings().print();
    assertFalse(printed.contains("c2VjcmV0"));
    assertFalse(printed.contains("secret-word"));
    assertTrue(printed.contains("chat.image-bytes-max=2000000"), printed);
    for (var key :
        List.of(
            "data",
            "profile",
            "https.port",
            "http.port",
            "master-key",
            "log.level",
            "postgres.url",
            "bus.poll",
            "store.readers",
            "resource.domain",
            "cors.origins",
            "chat.participants-max",
            "http.drain-time",
            "native.tls",
            "metrics.open")) {
      assertTrue(printed.lines().anyMatch(line -> line.startsWith(key + "=")), key);
    }
    // Each has its sentence, and the whole can be given again.
    var file = folder.resolve("printed");
    Files.writeString(file, printed.replace("(hidden)", ""));
    assertEquals(2_000_000, config(Map.of(), "--config", file.toString()).chat().imageBytesMax());
    assertEquals(
        printed.lines().filter(line -> line.startsWith("# ")).count(),
        printed.lines().filter(line -> !line.startsWith("#") && !line.isEmpty()).count());
  }

  @Test
  void aCommandComesWithItsWords() {
    var asked = parse(Map.of(), "restore", "/a/backup", "--data", "x");
    assertEquals("restore", asked.command());
    assertEquals(List.of("/a/backup"), asked.words());
    assertEquals("up", parse(Map.of()).command());
  }
}
