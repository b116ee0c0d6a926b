package dev.parley.base.bus;

import dev.parley.base.kit.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A NATS of the tests' own, on a free loopback port; it can be away for a while. */
public final class NatsServer implements AutoCloseable {
  private final int port = FreePort.find();
  private Process process;

  public NatsServer() {
    start();
  }

  /** Where it is, as a setting. */
  public String url() {
    return "nats://127.0.0.1:" + port;
  }

  /** Comes back under the same address. */
  public void start() {
    try {
      process =
          new ProcessBuilder(binary(), "-a", "127.0.0.1", "-p", Integer.toString(port))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      while (!answers()) {
        if (!process.isAlive()) {
          throw new IllegalStateException("nats-server ended with " + process.exitValue());
        }
        Thread.onSpinWait();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean answers() {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return socket.getInputStream().read() >= 0;
    } catch (IOException _) {
      return false;
    }
  }

  /** Goes away without any warning. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  private static String binary() {
    var folders =
        Stream.concat(
            Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1)),
            List.of("/usr/sbin", "/usr/local/bin").stream());
    return folders
        .map(folder -> Path.of(folder, "nats-server"))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("nats-server is not installed."));
  }
}
