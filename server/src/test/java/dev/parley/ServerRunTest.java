package dev.parley;

import static dev.parley.ServerProcess.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.ServerProcess.Person;
import dev.parley.ServerProcess.Tenant;
import dev.parley.base.kit.FreePort;
import dev.parley.base.store.PostgresServer;
import dev.parley.base.wire.RawClient;
import dev.parley.base.wire.RawRequest;
import dev.parley.base.wire.TestCertificates;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server as operators meet it: started, stopped, started again, turned away. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerRunTest {
  @TempDir private Path folder;

  private Path data() {
    return folder.resolve("data");
  }

  @Test
  void aSecondStartKeepsKeysUsersAndMessages() throws Exception {
    Person user;
    String thread;
    String connection;
    try (var server = ServerProcess.start(data())) {
      connection = server.connectionString();
      user = server.home().person();
      thread = user.thread();
      user.send(thread, "kept");
      for (var file : List.of("dev.env", "control", "master.key", "parley.db")) {
        var permissions = Files.getPosixFilePermissions(data().resolve(file));
        assertEquals("rw-------", PosixFilePermissions.toString(permissions), file);
      }
    }
    assertFalse(Files.exists(data().resolve("control")));
    try (var server = ServerProcess.start(data())) {
      assertEquals(
          connection.substring(connection.indexOf("accesskey")),
          server.connectionString().replaceAll(".*accesskey", "accesskey"));
      assertTrue(user.at(server).written(thread).getFirst().endsWith("kept"));
      var names = server.environment().keySet();
      for (var name :
          List.of(
              "ACS_CONNECTION_STRING",
              "ACS_ENDPOINT",
              "ACS_RESOURCE_NAME",
              "NODE_EXTRA_CA_CERTS",
              "ACS_JAVA_TRUSTSTORE",
              "ACS_JAVA_TRUSTSTORE_PASSWORD",
              "PARLEY_HTTP_ENDPOINT")) {
        assertTrue(names.contains(name), name);
      }
      assertEquals(200, server.ask(RawRequest.get("/health/live")).status());
      assertEquals(200, server.ask(RawRequest.get("/health/ready")).status());
      var metrics = server.ask(RawRequest.get("/metrics")).text();
      assertTrue(metrics.contains("ChatThread_ListChatMessages"), metrics);
      assertTrue(server.log().contains("request="), server::log);
    }
  }

  @Test
  void anOpenRequestFinishesWhenTheServerIsToldToStop() throws Exception {
    Person user;
    String thread;
    try (var server = ServerProcess.start(data())) {
      user = server.home().person();
      thread = user.thread();
      var path = thread + "/messages";
      var bytes = user.request("POST", path, "{\"content\":\"the last one\"}").bytes();
      var port = server.plainPort();
      try (var busy = RawClient.plain(port);
          var idle = RawClient.plain(port)) {
        idle.send(user.request("GET", path, "").bytes());
        assertEquals(200, idle.reply().status());
        busy.send(Arrays.copyOf(bytes, bytes.length - 9));
        server.terminate();
        // Who is idle is closed, and nobody is let in any more.
        assertEquals(RawClient.End.CLEAN, idle.end());
        ServerProcess.until(Duration.ofSeconds(10), "closing", () -> !listens(port));
        busy.send(Arrays.copyOfRange(bytes, bytes.length - 9, bytes.length));
        var reply = busy.reply();
        assertEquals(201, reply.status(), reply::text);
        assertEquals("close", reply.header("connection"));
      }
      assertEquals(143, server.exit());
    }
    try (var server = ServerProcess.start(data())) {
      assertTrue(user.at(server).written(thread).getFirst().endsWith("the last one"));
    }
  }

  private static boolean listens(int port) {
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  @Test
  void oneServerHasADataFolder() throws Exception {
    try (var _ = ServerProcess.start(data());
        var second = ServerProcess.launch(data(), List.of(), List.of())) {
      assertEquals(1, second.exit());
      assertTrue(second.log().contains("parley: "), second::log);
    }
  }

  @Test
  void aWrongSettingStopsTheStartWithOneSentence() throws Exception {
    for (var setting :
        List.of(
            "htp.port=1 Did you mean \"http.port\"?",
            "http.port=x off or a port",
            "profile=x developer or production")) {
      var key = setting.substring(0, setting.indexOf(' '));
      try (var server = ServerProcess.launch(data(), List.of(), List.of(key))) {
        assertEquals(2, server.exit());
        var words = setting.substring(setting.indexOf(' ') + 1);
        assertTrue(server.log().contains(words), server::log);
        assertFalse(server.log().contains("Exception"), server::log);
      }
    }
  }

  @Test
  void withoutNativeLibrariesEverythingWorksTheSame() throws Exception {
    var options =
        List.of("-Dio.netty.transport.noNative=true", "-Dio.netty.handler.ssl.noOpenSsl=true");
    try (var server = ServerProcess.start(data(), options, List.of())) {
      assertTrue(server.log().contains("nio"), server::log);
      chat(server);
    }
  }

  @Test
  void withoutTheSettingsOfNativeLibrariesEverythingWorksTheSame() throws Exception {
    try (var server = ServerProcess.start(data(), "native.transport=false", "native.tls=false")) {
      chat(server);
    }
  }

  /** Two users chat over TLS with the development CA, as an SDK does. */
  private static void chat(ServerProcess server) throws Exception {
    var one = server.home().person();
    var other = server.home().person();
    var thread = one.thread(other);
    one.send(thread, "over plain http");
    var trust = TestCertificates.trusting(Path.of(server.value("ACS_JAVA_TRUSTSTORE")));
    try (var client = RawClient.tls(server.tlsPort(), trust)) {
      for (var i = 0; i < 20; i++) {
        var body = "{\"content\":\"over TLS " + i + "\"}";
        client.send(other.request("POST", thread + "/messages", body).bytes());
        json(201, client.reply());
      }
      client.send(one.request("GET", thread + "/messages", "").bytes());
      assertEquals(23, json(200, client.reply()).path("value").size());
      client.send(server.home().signed("POST", "/identities", "{}").bytes());
      json(201, client.reply());
    }
  }

  @Test
  void thePlainListenerIsOnLoopbackAndOffByDefault() throws Exception {
    try (var server = ServerProcess.start(data())) {
      var port = server.plainPort();
      for (var network : NetworkInterface.networkInterfaces().toList()) {
        for (var address : network.inetAddresses().toList()) {
          if (!address.isLoopbackAddress() && !address.isLinkLocalAddress()) {
            assertThrows(
                IOException.class, () -> new Socket(address, port).close(), address::toString);
          }
        }
      }
    }
    try (var server = ServerProcess.start(data(), "http.port=off")) {
      assertEquals("", server.value("PARLEY_HTTP_ENDPOINT"));
    }
  }

  @Test
  void productionInsistsOnItsSettingsAndRefusesNamesItDoesNotKnow() throws Exception {
    try (var server = ServerProcess.launch(data(), List.of(), List.of("profile=production"))) {
      assertEquals(2, server.exit());
      assertTrue(server.log().contains("needs tls.certificate and tls.key"), server::log);
    }
    var files = TestCertificates.SHARED.material();
    var port = FreePort.find();
    try (var server =
        ServerProcess.start(
            folder.resolve("production"),
            "profile=production",
            "email.capture=true",
            "https.host=127.0.0.1",
            "tls.certificate=" + files.certificateChain(),
            "tls.key=" + files.privateKey(),
            "resource.url=https://chat.example.com",
            "resource.domain=acs.example.com",
            "http.port=" + port)) {
      assertFalse(Files.exists(server.data.resolve("dev.env")));
      var created = server.control("POST", "/parley/resources", "{\"name\":\"acme\"}");
      assertEquals(201, created.status(), created::text);
      assertTrue(
          created.text().startsWith("endpoint=https://acme.acs.example.com/;"), created::text);
      try (var client = RawClient.plain(port)) {
        var tenant = new Tenant(server, "acme.acs.example.com", created.text().strip());
        client.send(tenant.signed("POST", "/identities", "{}").bytes());
        json(201, client.reply());
        for (var host :
            List.of(
                "localhost",
                "127.0.0.1",
                "other.acs.example.com",
                "evil.example",
                "chat.example.com")) {
          client.send(tenant.signed("POST", "/identities", "{}").host(host).bytes());
          var reply = client.reply();
          assertEquals(404, reply.status(), host);
          assertEquals("ResourceNotFound", reply.code());
        }
        // Captured mail is for tests, whatever the settings say.
        for (var path : List.of("/parley/mail", "/parley/mail/1/html", "/parley/inbox/email")) {
          client.send(RawRequest.get(path).host("acme.acs.example.com").bytes());
          assertEquals(404, client.reply().status(), path);
        }
        client.send(RawRequest.get("/metrics").bytes());
        assertEquals(401, client.reply().status());
        client.send(RawRequest.get("/health/live").bytes());
        var live = client.reply();
        assertEquals(200, live.status());
      }
    }
  }

  @Test
  void aResourceIsClonedWithEverythingAndResetToNothing() throws Exception {
    try (var server = ServerProcess.start(data())) {
      var source = created(server, "source");
      var user = source.person();
      var friend = source.person();
      var thread = user.thread(friend);
      user.send(thread, "to be copied");
      var picture = png();
      var upload = user.request("POST", thread + "/images", "");
      var image = json(201, server.ask(upload.body(picture))).path("id").asText();

      var reply = server.control("POST", "/parley/resources/source/:clone", "{\"name\":\"copy\"}");
      assertEquals(201, reply.status(), reply::text);
      var copy = new Tenant(server, "copy.communication.localhost", reply.text().strip());
      assertFalse(copy.connectionString().equals(source.connectionString()));
      var there = again(copy, server, user, "copy");
      assertTrue(there.written(thread).getFirst().endsWith("to be copied"));
      var view =
          server.ask(there.request("GET", thread + "/images/" + image + "/view/original", ""));
      assertEquals(200, view.status(), view::text);
      assertTrue(Arrays.equals(picture, view.body()));
      // The copy goes its own way.
      there.send(thread, "only in the copy");
      assertEquals(1, user.written(thread).size());
      assertEquals(401, new Person(copy, user.id(), user.token()).ask("GET", thread, "").status());

      var reset = server.control("POST", "/parley/resources/source/:reset", "{}");
      assertEquals(source.connectionString(), reset.text().strip());
      assertEquals(401, user.ask("GET", thread, "").status());
      assertEquals(404, source.key("GET", "/identities/" + user.id(), "").status());
      json(201, source.key("POST", "/identities", "{}"));
      assertEquals(2, there.written(thread).size());
      for (var name : List.of("source", "copy")) {
        assertEquals(204, server.control("DELETE", "/parley/resources/" + name, "").status());
      }
      assertEquals(404, there.ask("GET", thread, "").status());
      assertFalse(server.control("GET", "/parley/resources", "").text().contains("copy"));
      assertEquals(409, server.control("DELETE", "/parley/resources/parley", "").status());
      try (var blobs = Files.walk(data().resolve("blobs"))) {
        assertEquals(0, blobs.filter(Files::isRegularFile).count());
      }
    }
  }

  private static Tenant created(ServerProcess server, String name) {
    var reply = server.control("POST", "/parley/resources", "{\"name\":\"" + name + "\"}");
    assertEquals(201, reply.status(), reply::text);
    return new Tenant(server, name + ".communication.localhost", reply.text().strip());
  }

  /** The user as the copy has it, with a token of the copy. */
  private static Person again(Tenant copy, ServerProcess server, Person user, String name)
      throws IOException {
    var listed = server.control("GET", "/parley/resources/" + name, "");
    assertEquals(copy.connectionString(), listed.text().strip());
    var fresh = json(201, copy.key("POST", "/identities", "{}")).at("/identity/id").asText();
    var id =
        fresh.substring(0, fresh.lastIndexOf('_'))
            + user.id().substring(user.id().lastIndexOf('_'));
    var token =
        json(
            200,
            copy.key(
                "POST", "/identities/" + id + "/:issueAccessToken", "{\"scopes\":[\"chat\"]}"));
    return new Person(copy, id, token.path("token").asText());
  }

  private static byte[] png() throws IOException {
    var out = new ByteArrayOutputStream();
    var picture = new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB);
    javax.imageio.ImageIO.write(picture, "png", out);
    return out.toByteArray();
  }

  @Test
  void aBackupOfARunningServerIsRestoredElsewhere() throws Exception {
    backedUpAndRestored(new String[0], new String[0]);
  }

  @Test
  void aBackupOfARunningServerOnPostgresIsRestoredIntoAnotherDatabase() throws Exception {
    var postgres = PostgresServer.shared();
    backedUpAndRestored(
        new String[] {"postgres.url=" + postgres.newDatabase()},
        new String[] {"postgres.url=" + postgres.newDatabase()});
  }

  private void backedUpAndRestored(String[] settings, String[] settingsElsewhere) throws Exception {
    var backup = folder.resolve("backup");
    Person user;
    String thread;
    String image;
    String before;
    try (var server = ServerProcess.start(data(), settings);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      user = server.home().person();
      thread = user.thread();
      var path = thread;
      image =
          json(201, server.ask(user.request("POST", thread + "/images", "").body(png())))
              .path("id")
              .asText();
      before = user.send(thread, "before") + " before";
      var sender = user;
      var stop = new AtomicBoolean();
      var sending =
          threads.submit(() -> {
            var i = 0;
            while (!stop.get()) {
              sender.send(path, "meanwhile " + i++);
            }
            return i;
          });
      ServerProcess.until(Duration.ofSeconds(20), "sending", () -> sender.written(path).size() > 5);
      var reply = server.control("POST", "/parley/:backup", "{\"folder\":\"" + backup + "\"}");
      assertEquals(200, reply.status(), reply::text);
      var check = server.control("POST", "/parley/:check", "{}");
      assertEquals("The store is sound.\n", check.text());
      stop.set(true);
      assertTrue(sending.get() > 0);
      assertEquals(
          409,
          server.control("POST", "/parley/:backup", "{\"folder\":\"" + backup + "\"}").status());
      assertEquals(
          400, server.control("POST", "/parley/:backup", "{\"folder\":\"here\"}").status());
    }
    var elsewhere = folder.resolve("restored");
    assertEquals(0, restore(backup, elsewhere, settingsElsewhere));
    assertEquals(1, restore(backup, elsewhere, settingsElsewhere), "it wants an empty folder");
    try (var server = ServerProcess.start(elsewhere, settingsElsewhere)) {
      var again = user.at(server);
      var written = again.written(thread);
      assertTrue(written.contains(before), written::toString);
      assertTrue(written.size() > 5);
      assertEquals(
          200, again.ask("GET", thread + "/images/" + image + "/view/original", "").status());
      again.send(thread, "afterwards");
      assertEquals("The store is sound.\n", server.control("POST", "/parley/:check", "{}").text());
    }
  }

  private int restore(Path backup, Path target, String... settings) throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.sqlite.tmpdir=" + System.getProperty("org.sqlite.tmpdir"),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "restore",
                backup.toString(),
                "--data",
                target.toString()));
    for (var setting : settings) {
      command.addAll(List.of("--set", setting));
    }
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("restore.log").toFile())
            .start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    return process.exitValue();
  }

  @Test
  void ourOwnOperationsNeedTheOperator() throws Exception {
    try (var server = ServerProcess.start(data())) {
      var user = server.home().person();
      for (var path : List.of("/parley/resources", "/parley/resources/parley")) {
        assertEquals(401, server.ask(RawRequest.get(path)).status());
        assertTrue(user.ask("GET", path, "").status() >= 401);
        var text = new String(RawRequest.get(path).bytes(), StandardCharsets.UTF_8);
        assertFalse(text.isEmpty());
      }
      assertEquals(401, server.home().key("DELETE", "/parley/resources/other", "").status());
    }
  }
}
