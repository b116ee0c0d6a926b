package dev.parley.bench;

import dev.parley.base.kit.FreePort;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Debian's kannel: a bearerbox with a spool on the disk and one SMPP bind, and a smsbox that takes
 * requests over HTTP.
 */
final class Kannel implements AutoCloseable {
  private final Process bearerbox;
  private final Process smsbox;
  private final int port;
  private final HttpServer sink;

  private Kannel(Process bearerbox, Process smsbox, int port) throws IOException {
    // Takes the delivery reports, as an application would.
    this.sink = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    sink.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    sink.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    sink.start();
    this.bearerbox = bearerbox;
    this.smsbox = smsbox;
    this.port = port;
  }

  /** Starts it on a folder of its own; installs it where it is missing and may be installed. */
  static Kannel start(Path folder, int carrier) throws Exception {
    Debian.need(List.of(Path.of("/usr/sbin/bearerbox"), Path.of("/usr/sbin/smsbox")), "kannel");
    var spool = folder.resolve("spool");
    Files.createDirectories(spool);
    var admin = FreePort.find();
    var box = FreePort.find();
    var http = FreePort.find();
    var config = folder.resolve("kannel.conf");
    Files.writeString(
        config,
        """
        group = core
        admin-port = %d
        admin-password = bench
        smsbox-port = %d
        log-level = 4
        store-type = spool
        store-location = "%s"
        dlr-storage = internal
        sms-outgoing-queue-limit = 10000000
        sms-incoming-queue-limit = 10000000

        group = smsc
        smsc = smpp
        smsc-id = far
        host = 127.0.0.1
        port = %d
        transceiver-mode = true
        smsc-username = parley
        smsc-password = secret
        system-type = ""
        max-pending-submits = 100
        msg-id-type = 0x03

        group = smsbox
        bearerbox-host = 127.0.0.1
        sendsms-port = %d
        log-level = 4
        immediate-sendsms-reply = false

        group = sendsms-user
        username = bench
        password = bench
        max-messages = 10
        default-smsc = far

        group = sms-service
        keyword = default
        text = "none"
        """
            .formatted(admin, box, spool, carrier, http));
    var bearerbox = run(folder, "bearerbox", config);
    await(admin);
    var smsbox = run(folder, "smsbox", config);
    await(http);
    var kannel = new Kannel(bearerbox, smsbox, http);
    TimeUnit.SECONDS.sleep(2);
    return kannel;
  }

  private static Process run(Path folder, String program, Path config) throws IOException {
    return new ProcessBuilder("/usr/sbin/" + program, "-v", "4", config.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(program + ".log").toFile())
        .start();
  }

  private static void await(int port) throws Exception {
    for (var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20); System.nanoTime() < end; ) {
      try (var _ = new Connection(port, null)) {
        return;
      } catch (IOException _) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
    throw new IOException("kannel does not listen on " + port);
  }

  /** Processor time of both of its processes. */
  double cpuSeconds() {
    return Cpu.seconds(bearerbox.pid()) + Cpu.seconds(smsbox.pid());
  }

  /** Messages a second that it accepts. */
  double accept(int clients, int batch, double seconds) throws Exception {
    var all = clients(clients, batch);
    Load.run(all, seconds / 2);
    var result = Load.run(all, seconds);
    if (result.failures() > 0) {
      throw new IOException("kannel refused " + result.failures());
    }
    return result.count() * batch / result.seconds();
  }

  void send(int count, int batch) throws Exception {
    var left = new AtomicLong(count / batch);
    var threads = new ArrayList<Thread>();
    for (var client : clients(2, batch)) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try (client) {
                  while (left.getAndDecrement() > 0) {
                    client.next();
                  }
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              }));
    }
    for (var thread : threads) {
      thread.join();
    }
  }

  private List<Load.Client> clients(int count, int batch) throws IOException {
    var clients = new ArrayList<Load.Client>();
    for (var i = 0; i < count; i++) {
      var to = new StringBuilder();
      for (var j = 0; j < batch; j++) {
        to.append(j == 0 ? "" : "+").append("4915%03d%05d".formatted(i, 10_000 + j));
      }
      var request =
          Connection.request(
              "GET",
              "/cgi-bin/sendsms?username=bench&password=bench&from=18005550100&text=%s&dlr-mask=3&dlr-url=%s&to=%s"
                  .formatted(
                      "x".repeat(100),
                      "http%3A%2F%2F127.0.0.1%3A" + sink.getAddress().getPort() + "%2F",
                      to),
              "none",
              "");
      clients.add(new KannelClient(port, request));
    }
    return clients;
  }

  /** Opens a connection again where kannel closes it. */
  private static final class KannelClient implements Load.Client {
    private final int port;
    private final byte[] request;
    private Connection connection;

    KannelClient(int port, byte[] request) throws IOException {
      this.port = port;
      this.request = request;
      this.connection = new Connection(port, null);
    }

    @Override
    public boolean next() throws IOException {
      try {
        return connection.exchange(request).status() == 202;
      } catch (IOException _) {
        connection.close();
        connection = new Connection(port, null);
        return connection.exchange(request).status() == 202;
      }
    }

    @Override
    public void close() throws IOException {
      connection.close();
    }
  }

  @Override
  public void close() throws InterruptedException {
    smsbox.destroy();
    sink.stop(0);
    bearerbox.destroy();
    if (!bearerbox.waitFor(10, TimeUnit.SECONDS)) {
      bearerbox.destroyForcibly();
    }
  }
}
