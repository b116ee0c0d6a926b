package dev.parley.bench;

import java.io.IOException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Clients that send mail to a server under load, by its API and by SMTP. */
final class EmailClients {
  static final String TEXT =
      "This is a message of a benchmark, of some two hundred bytes.\r\n".repeat(3);
  static final String TO = "reader@outside.example";

  private EmailClients() {}

  /** So many clients of the API, each with one connection. */
  static List<Load.Client> api(Server server, int count) throws IOException {
    var body =
        "{\"senderAddress\":\"%s\",\"content\":{\"subject\":\"bench\",\"plainText\":\"%s\"},\"recipients\":{\"to\":[{\"address\":\"%s\"}]}}"
            .formatted(server.environment("ACS_EMAIL_SENDER"), TEXT.replace("\r\n", "\\r\\n"), TO);
    var clients = new ArrayList<Load.Client>();
    for (var i = 0; i < count; i++) {
      clients.add(api(server, body));
    }
    return clients;
  }

  /** One client of the API that sends the same request again and again. */
  static Load.Client api(Server server, String body) throws IOException {
    var connection = new Connection(server.httpPort, null);
    return new Load.Client() {
      @Override
      public boolean next() throws IOException {
        try {
          return connection
                  .exchange(server.signed("/emails:send?api-version=2025-09-01", body))
                  .status()
              == 202;
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
    };
  }

  /** So many clients that submit over TLS, logged in. */
  static List<MailClient> smtp(Server server, int count) throws Exception {
    var connection = server.environment("ACS_CONNECTION_STRING");
    var key = connection.substring(connection.indexOf("accesskey=") + 10);
    var clients = new ArrayList<MailClient>();
    for (var i = 0; i < count; i++) {
      clients.add(
          new MailClient(
              Integer.parseInt(server.environment("PARLEY_SMTPS_PORT")),
              anybody(),
              server.environment("ACS_RESOURCE_NAME"),
              key,
              server.environment("ACS_EMAIL_SENDER"),
              TO,
              TEXT));
    }
    return clients;
  }

  /** So many clients of a relay that takes mail from this machine. */
  static List<MailClient> relay(int port, int count) throws Exception {
    var clients = new ArrayList<MailClient>();
    for (var i = 0; i < count; i++) {
      clients.add(new MailClient(port, null, "", "", "bench@relay.example", TO, TEXT));
    }
    return clients;
  }

  static void close(List<? extends Load.Client> clients) throws IOException {
    for (var client : clients) {
      client.close();
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
