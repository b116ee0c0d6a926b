package dev.parley;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which room may know which: arrows go down only, and what is not listed here is not allowed. */
class ArrowsTest {
  /** What the rooms of the base know; every other room of the base is a stranger to them. */
  private static final Map<String, Set<String>> BASE =
      Map.of(
          "base.words", Set.of("base.kit"),
          "base.kit", Set.of(),
          "base.event", Set.of("base.words"),
          "base.store", Set.of("base.event", "base.words", "base.kit"),
          "base.bus", Set.of("base.store", "base.event", "base.words", "base.kit"),
          "base.blob", Set.of("base.words", "base.kit"),
          "base.wire", Set.of("base.store", "base.words", "base.kit"),
          "base.arm", Set.of("base.wire", "base.words", "base.kit"));

  /** Features that may call another one's front door. Adding one is a design decision. */
  private static final Map<String, Set<String>> SIDEWAYS =
      Map.of(
          "feature.email.delivery", Set.of("feature.email", "feature.email.dns"),
          "feature.email.mailbox", Set.of("feature.email", "feature.email.delivery"),
          "feature.email.arm", Set.of("feature.email", "feature.email.dns"),
          "feature.email.smtp", Set.of("feature.email"),
          // Whether somebody may join a room's call is known to rooms alone, and asked at each
          // join.
          "feature.calling", Set.of("feature.rooms"),
          // The users of a sample page are as real as any other.
          "feature.samples", Set.of("feature.identity"),
          "feature.sms", Set.of("feature.sms.carrier", "feature.numbers"));

  /** Code from outside that only one place may touch. */
  private record Fence(String what, Pattern code, Pattern allowed) {
    Fence(String what, String code, String allowed) {
      this(what, Pattern.compile(code), Pattern.compile(allowed));
    }
  }

  private static final List<Fence> FENCES =
      List.of(
          // One door out keeps every outbound address behind one check.
          new Fence(
              "outbound HTTP",
              "\\borg\\.apache\\.hc\\b|\\bjava\\.net\\.http\\b|\\bHttps?URLConnection\\b"
                  + "|\\bURLConnection\\b|\\bopenConnection\\s*\\(|\\bopenStream\\s*\\(",
              "base/wire/OutboundHttp\\w*\\.java"),
          new Fence(
              "outbound TCP",
              "\\bnew\\s+(?:java\\.net\\.)?Socket\\s*\\(|\\bSocketChannel\\b|\\bSocketFactory\\b",
              "base/wire/OutboundTcp\\.java"),
          new Fence("DNS", "\\borg\\.xbill\\b", "feature/email/dns/\\w+\\.java"),
          new Fence("SQL", "\\bjavax?\\.sql\\b", "base/store/\\w+\\.java"),
          new Fence("Netty", "\\bio\\.netty\\b", "base/wire/\\w+\\.java"));

  private static final Pattern PACKAGE = Pattern.compile("(?m)^package\\s+dev\\.parley([\\w.]*);");
  private static final Pattern USE = Pattern.compile("\\bdev\\.parley((?:\\.[a-z]\\w*)*)\\.[A-Z*]");
  private static final Pattern SILENT =
      Pattern.compile(
          "(?s)\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\])*+\"|'(?:\\\\.|[^'\\\\])+'|//[^\\n]*|/\\*.*?\\*/");

  /** A source file; {@code path} is below the root package's folder. */
  private record Source(String path, String text) {
    /** The room, without the root: {@code base.wire}, {@code feature.chat}, or empty text. */
    String room() {
      var found = PACKAGE.matcher(text);
      assertTrue(found.find(), path + " is outside of the house.");
      return below(found.group(1));
    }

    /** The code alone: what stands in comments and strings is no arrow. */
    String code() {
      return SILENT.matcher(text).replaceAll(" ");
    }

    /** The rooms that it names, by import or in full. */
    Set<String> uses() {
      var rooms = new TreeSet<String>();
      var use = USE.matcher(code());
      while (use.find()) {
        rooms.add(below(use.group(1)));
      }
      rooms.remove(room());
      return rooms;
    }

    private static String below(String dotted) {
      return dotted.isEmpty() ? "" : dotted.substring(1);
    }
  }

  @Test
  void everyArrowGoesDown() throws IOException {
    var sources = sources();
    assertTrue(sources.size() > 100, "The scan found " + sources.size() + " files only.");
    assertEquals(List.of(), violations(sources));
  }

  @ParameterizedTest
  @CsvSource({
    "base.words, base.store.Store",
    "base.kit, base.words.Caller",
    "base.event, base.kit.Json",
    "base.store, base.wire.Route",
    "base.store, base.bus.Bus",
    "base.blob, base.store.Store",
    "base.wire, base.event.Event",
    "base.wire, base.bus.Bus",
    "base.wire, feature.chat.Chat",
    "feature.chat, feature.identity.Identity",
    "feature.manage, feature.identity.Identity",
    "feature.chat, House",
    "base.kit, Main",
    "base.attic, base.kit.Json",
    "protocol.sdp, base.words.Caller",
    "protocol.sdp, media.Sfu",
    "media, feature.chat.Chat",
  })
  void aPlantedArrowIsFound(String room, String target) {
    var imported = source(room, "import dev.parley." + target + ";\nclass Planted {}");
    assertEquals(1, violations(List.of(imported)).size());
    var named = source(room, "class Planted { dev.parley." + target + " field; }");
    assertEquals(1, violations(List.of(named)).size());
    var constant = source(room, "import static dev.parley." + target + ".NAME;\nclass Planted {}");
    assertEquals(1, violations(List.of(constant)).size());
  }

  @ParameterizedTest
  @CsvSource({
    "feature.chat, base.store.Store",
    "feature.calling, media.Sfu",
    "feature.calling, protocol.sdp.Sdp",
    "media, protocol.rtp.Packet",
    "media, base.kit.Json",
    "protocol.dtls, base.kit.Secret",
    "base.store, base.event.Event",
  })
  void anArrowDownIsFine(String room, String target) {
    var source = source(room, "import dev.parley." + target + ";\nclass Planted {}");
    assertEquals(List.of(), violations(List.of(source)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import java.sql.Connection;",
        "import javax.sql.DataSource;",
        "import io.netty.buffer.ByteBuf;",
        "import org.apache.hc.core5.http.HttpHost;",
        "import java.net.http.HttpClient;",
        "import java.net.HttpURLConnection;",
        "class Planted { Object open(java.net.URL url) { return url.openConnection(); } }",
        "class Planted { Object open(java.net.URL url) { return url.openStream(); } }",
      })
  void aPlantedClimbOverAFenceIsFound(String code) {
    assertEquals(1, violations(List.of(source("feature.chat", code))).size());
  }

  @Test
  void theEdgeItselfMayNotCallOutBesidesItsOneDoor() {
    var code = "package dev.parley.base.wire;\nimport org.apache.hc.core5.http.HttpHost;";
    assertEquals(1, violations(List.of(new Source("base/wire/Gate.java", code))).size());
    assertEquals(List.of(), violations(List.of(new Source("base/wire/OutboundHttp.java", code))));
  }

  @Test
  void aPlantedCycleIsFound() {
    var one = source("protocol.rtp", "import dev.parley.protocol.srtp.Srtp;");
    var two = source("protocol.srtp", "import dev.parley.protocol.ice.Ice;");
    var three = source("protocol.ice", "import dev.parley.protocol.rtp.Rtp;");
    assertEquals(List.of(), violations(List.of(one, two)));
    assertEquals(1, violations(List.of(one, two, three)).size());
  }

  @Test
  void commentsAndStringsAreNoArrows() {
    var source =
        source(
            "base.kit",
            """
            /** See {@link dev.parley.base.wire.Route}. */
            class Planted {
              // dev.parley.base.store.Store
              String text = "dev.parley.base.bus.Bus \\" java.sql.Connection";
              char quote = '"';
              char escaped = '\\'';
              Object after = "io.netty.buffer.ByteBuf";
            }
            """);
    assertEquals(List.of(), violations(List.of(source)));
  }

  private static Source source(String room, String code) {
    return new Source(
        room.replace('.', '/') + "/Planted.java", "package dev.parley." + room + ";\n" + code);
  }

  private static List<Source> sources() throws IOException {
    var root = Path.of("src", "main", "java", "dev", "parley");
    var sources = new ArrayList<Source>();
    try (var files = Files.walk(root)) {
      for (var file : files.filter(file -> file.toString().endsWith(".java")).sorted().toList()) {
        sources.add(new Source(root.relativize(file).toString(), Files.readString(file)));
      }
    }
    return sources;
  }

  /** What the sources do that they may not, one sentence each. */
  private static List<String> violations(List<Source> sources) {
    var violations = new ArrayList<String>();
    var arrows = new TreeMap<String, Set<String>>();
    for (var source : sources) {
      var room = source.room();
      for (var used : source.uses()) {
        arrows.computeIfAbsent(room, _ -> new TreeSet<>()).add(used);
        if (!allowed(room, used)) {
          violations.add(source.path() + ": " + name(room) + " may not see " + name(used));
        }
      }
      for (var fence : FENCES) {
        if (fence.code().matcher(source.code()).find()
            && !fence.allowed().matcher(source.path()).matches()) {
          violations.add(source.path() + ": " + fence.what() + " has no place here");
        }
      }
    }
    if (violations.isEmpty()) {
      cycle(arrows).ifPresent(cycle -> violations.add("a cycle: " + String.join(" -> ", cycle)));
    }
    return violations;
  }

  private static boolean allowed(String room, String used) {
    if (room.isEmpty()) {
      return true;
    }
    return switch (floor(room)) {
      case "base" -> BASE.getOrDefault(room, Set.of()).contains(used);
      case "protocol" -> used.equals("base.kit") || floor(used).equals("protocol");
      case "media" -> used.equals("base.kit") || Set.of("protocol", "media").contains(floor(used));
      case "feature" ->
          Set.of("base", "protocol", "media").contains(floor(used))
              || SIDEWAYS.getOrDefault(room, Set.of()).contains(used);
      default -> false;
    };
  }

  private static String floor(String room) {
    var dot = room.indexOf('.');
    return dot < 0 ? room : room.substring(0, dot);
  }

  private static String name(String room) {
    return room.isEmpty() ? "the root package" : room;
  }

  /** A way that leads back to where it began. */
  private static Optional<List<String>> cycle(Map<String, Set<String>> arrows) {
    var clear = new TreeSet<String>();
    for (var room : arrows.keySet()) {
      var way = new ArrayList<String>();
      if (returns(room, arrows, way, clear)) {
        return Optional.of(way);
      }
    }
    return Optional.empty();
  }

  private static boolean returns(
      String room, Map<String, Set<String>> arrows, List<String> way, Set<String> clear) {
    if (clear.contains(room)) {
      return false;
    }
    var returned = way.contains(room);
    way.add(room);
    if (returned) {
      return true;
    }
    for (var next : arrows.getOrDefault(room, Set.of())) {
      if (returns(next, arrows, way, clear)) {
        return true;
      }
    }
    way.removeLast();
    clear.add(room);
    return false;
  }
}
