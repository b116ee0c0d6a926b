package dev.parley.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * {@code ./parley bench email}: messages accepted per second by API and by SMTP, with nobody to deliver them to; then the same
 * queue delivered to a local sink after a restart, signed with both keys; and postfix as a relay to the same sink.
 */
public final class Email {
  private static final double SECONDS = Double.parseDouble(System.getProperty("parley.seconds", "8"));
  private static final int CLIENTS = 32;
  private static final String TEXT = "This is a message of a benchmark, of some two hundred bytes.\r\n".repeat(3);
  private static final String TO = "reader@outside.example";

  private Email() {}

  public static void main(String[] arguments) throws Exception {
    var home = Path.of(arguments[0]);
    var folder = Files.createTempDirectory("parley-bench");
    // Postfix gives up its rights, and has to reach its own folder all the same.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    var table = new Table();
    try (var sink = new MailSink()) {
      var accepted = accept(home, folder, table);
      var delivered = deliver(home, folder, sink, accepted, table);
      if (PostfixRelay.isThere()) {
        postfix(folder, sink, accepted, delivered, table);
      } else {
        table.row("postfix", "not there, or not root", "", "");
      }
    }
    table.print();
  }

  private static List<String> settings(String smarthost) {
    return List.of(
        "email.capture=false",
        "email.smarthost=" + smarthost,
        "email.smarthost-security=opportunistic",
        "smtp.submission-tls-port=0");
  }

  /** Nobody listens at port 1, so what is accepted stays in the queue. */
  private static long accept(Path home, Path folder, Table table) throws Exception {
    try (var server = Server.start(home, folder.resolve("data"), settings("127.0.0.1:1"))) {
      var from = server.environment("ACS_EMAIL_SENDER");
      var api = Load.run(apiClients(server, from), SECONDS);
      table.row("accepted by API, " + CLIENTS + " clients", "%.0f/s, p50 %.1f ms, p99 %.1f ms".formatted(api.perSecond(), api.millis(50), api.millis(99)), "", "");
      var clients = new ArrayList<MailClient>();
      var connection = server.environment("ACS_CONNECTION_STRING");
      var key = connection.substring(connection.indexOf("accesskey=") + 10);
      for (var i = 0; i < CLIENTS; i++) {
        clients.add(
            new MailClient(
                Integer.parseInt(server.environment("PARLEY_SMTPS_PORT")),
                anybody(),
                server.environment("ACS_RESOURCE_NAME"),
                key,
                from,
                TO,
                TEXT));
      }
      var smtp = Load.run(clients, SECONDS);
      for (var client : clients) {
        client.close();
      }
      table.row("accepted by SMTP over TLS, " + CLIENTS + " clients", "%.0f/s, p50 %.1f ms, p99 %.1f ms".formatted(smtp.perSecond(), smtp.millis(50), smtp.millis(99)), "", "");
      if (api.failures() + smtp.failures() > 0) {
        throw new IOException(api.failures() + " and " + smtp.failures() + " were refused.");
      }
      return api.count() + smtp.count();
    }
  }

  private static List<Load.Client> apiClients(Server server, String from) throws IOException {
    var body =
        "{\"senderAddress\":\"%s\",\"content\":{\"subject\":\"bench\",\"plainText\":\"%s\"},\"recipients\":{\"to\":[{\"address\":\"%s\"}]}}"
            .formatted(from, TEXT.replace("\r\n", "\\r\\n"), TO);
    var clients = new ArrayList<Load.Client>();
    for (var i = 0; i < CLIENTS; i++) {
      var connection = new Connection(server.httpPort, null);
      clients.add(
          new Load.Client() {
            @Override
            public boolean next() throws IOException {
              try {
                return connection.exchange(server.signed("/emails:send?api-version=2025-09-01", body)).status() == 202;
              } catch (IOException e) {
                throw e;
              } catch (Exception e) {
                throw new IOException(e);
              }
            }

            @Override
            public void close() throws IOException {
              connection.close();
            }
          });
    }
    return clients;
  }

  private static double deliver(Path home, Path folder, MailSink sink, long accepted, Table table) throws Exception {
    try (var server = Server.start(home, folder.resolve("data"), settings("127.0.0.1:" + sink.port()))) {
      table.row("start with " + accepted + " messages queued", "%.2f s".formatted(server.startSeconds), "", "");
      var rate = drained(sink, accepted);
      table.row("delivered to the sink, signed twice", "%.0f/s".formatted(rate), "", "");
      table.row("accepted and delivered", sink.messages.get() + " of " + accepted, "none missing", sink.messages.get() >= accepted ? "met" : "missed");
      return rate;
    }
  }

  /** Messages per second from the first one that arrives until all have. */
  private static double drained(MailSink sink, long wanted) throws InterruptedException {
    var end = System.nanoTime() + 300_000_000_000L;
    while (sink.messages.get() == 0 && System.nanoTime() < end) {
      Thread.sleep(5);
    }
    var start = System.nanoTime();
    var last = start;
    for (var seen = 0L; seen < wanted && System.nanoTime() < end; ) {
      Thread.sleep(5);
      var now = sink.messages.get();
      if (now > seen) {
        seen = now;
        last = System.nanoTime();
      }
    }
    return sink.messages.get() / ((last - start) / 1e9);
  }

  /** Takes what it is given as fast as it can while it relays, which is what a relay does. */
  private static void postfix(Path folder, MailSink sink, long accepted, double parley, Table table) throws Exception {
    sink.messages.set(0);
    try (var relay = new PostfixRelay(folder.resolve("postfix"), sink.port())) {
      relay.awaitReady();
      var clients = new ArrayList<MailClient>();
      for (var i = 0; i < CLIENTS; i++) {
        clients.add(new MailClient(relay.port, null, "", "", "bench@relay.example", TO, TEXT));
      }
      var start = System.nanoTime();
      var taken = Load.run(clients, SECONDS);
      for (var client : clients) {
        client.close();
      }
      drained(sink, taken.count());
      var rate = sink.messages.get() / ((System.nanoTime() - start) / 1e9);
      table.row("postfix: accepted by SMTP, " + CLIENTS + " clients", "%.0f/s".formatted(taken.perSecond()), "", "");
      table.row("postfix: relayed to the sink", "%.0f/s".formatted(rate), "", "");
      var ratio = parley / rate;
      table.row("Parley / postfix, delivered", "%.2f".formatted(ratio), "at least 0.5, aim 1", ratio >= 1 ? "aim met" : ratio >= 0.5 ? "met" : "missed");
    }
  }

  private static SSLSocketFactory anybody() throws Exception {
    var trust =
        new X509TrustManager() {
          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type) {}

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type) {}

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        };
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {trust}, new SecureRandom());
    return context.getSocketFactory();
  }
}
