package dev.parley.feature.relay;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real coturn on a free port of loopback, with the configuration that Parley wrote for it. */
final class Coturn implements AutoCloseable {
  private static final int MAGIC_COOKIE = 0x2112A442;
  private static final int BINDING_REQUEST = 0x0001;

  /** What the client program said, and how it ended. */
  record Said(int exit, String text) {
    boolean relayed() {
      return exit == 0 && text.contains("Total lost packets 0 ");
    }
  }

  private final Process process;
  private final File log;
  final int port;

  private Coturn(Process process, File log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /** Starts in a folder of its own, and waits until it answers. */
  static Coturn start(Path folder, String configuration, int port) throws IOException {
    // Files that coturn would otherwise put into folders of the system.
    var own =
        "pidfile=%s%nuserdb=%s%nno-tls%nno-dtls%n"
            .formatted(folder.resolve("turn.pid"), folder.resolve("turn.db"));
    var file = folder.resolve("turnserver.conf");
    Files.writeString(file, configuration + own);
    var log = folder.resolve("turn.log").toFile();
    var process =
        new ProcessBuilder("turnserver", "-c", file.toString(), "--log-file", "stdout")
            .redirectErrorStream(true)
            .redirectOutput(log)
            .start();
    var coturn = new Coturn(process, log, port);
    try {
      coturn.awaitAnswer();
      return coturn;
    } catch (IOException | RuntimeException | Error e) {
      coturn.close();
      throw e;
    }
  }

  /** Asks for its own address (RFC 5389 section 7.1) until somebody answers. */
  private void awaitAnswer() throws IOException {
    var request =
        ByteBuffer.allocate(20)
            .putShort((short) BINDING_REQUEST)
            .putShort((short) 0)
            .putInt(MAGIC_COOKIE)
            .array();
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    try (var socket = new DatagramSocket()) {
      socket.setSoTimeout(100);
      while (System.nanoTime() < end && process.isAlive()) {
        try {
          socket.send(
              new DatagramPacket(
                  request,
                  request.length,
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
          socket.receive(new DatagramPacket(new byte[1_500], 1_500));
          return;
        } catch (SocketTimeoutException _) {
          // Not yet.
        }
      }
    }
    throw new AssertionError("coturn does not answer: " + said());
  }

  String said() throws IOException {
    return Files.readString(log.toPath());
  }

  /** Two clients with the credential send each other packets through the relay. */
  Said relay(String username, String credential) throws IOException, InterruptedException {
    var client =
        new ProcessBuilder(
                List.of(
                    "turnutils_uclient",
                    "-y",
                    "-n",
                    "5",
                    "-m",
                    "1",
                    "-u",
                    username,
                    "-w",
                    credential,
                    "-p",
                    Integer.toString(port),
                    "127.0.0.1"))
            .redirectErrorStream(true)
            .start();
    try {
      // A client that hangs is ended, and its output with it.
      var watch = Thread.ofVirtual().start(() -> endAfterAMinute(client));
      var text = new StringBuilder();
      try (var lines =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
          text.append(line).append('\n');
        }
      }
      var exit = client.waitFor();
      watch.interrupt();
      return new Said(exit, text.toString());
    } finally {
      client.destroyForcibly();
    }
  }

  private static void endAfterAMinute(Process client) {
    try {
      if (!client.waitFor(60, TimeUnit.SECONDS)) {
        client.destroyForcibly();
      }
    } catch (InterruptedException _) {
      // It ended by itself.
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
