package dev.parley.bench;

import dev.parley.base.kit.FreePort;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's postfix as a relay to the sink, on a folder of its own; needs root. */
final class PostfixRelay implements AutoCloseable {
  private final Path folder;
  final int port;

  PostfixRelay(Path folder, int sink) throws Exception {
    Debian.need(List.of(Path.of("/usr/sbin/postfix")), "postfix");
    this.folder = folder;
    this.port = FreePort.find();
    var etc = Files.createDirectories(folder.resolve("etc"));
    Files.createDirectories(folder.resolve("spool"));
    var data = Files.createDirectories(folder.resolve("data"));
    run("chown", "postfix", data.toString());
    Files.writeString(
        etc.resolve("main.cf"),
        """
        compatibility_level = 3.6
        queue_directory = %1$s/spool
        data_directory = %1$s/data
        myhostname = relay.example
        mydestination =
        inet_interfaces = 127.0.0.1
        mynetworks = 127.0.0.0/8
        relayhost = [127.0.0.1]:%2$d
        smtpd_peername_lookup = no
        smtpd_client_connection_count_limit = 0
        default_destination_concurrency_limit = 20
        maillog_file = %1$s/log
        maillog_file_prefixes = %1$s
        """
            .formatted(folder, sink));
    var master = Files.readString(Path.of("/etc/postfix/master.cf"));
    Files.writeString(
        etc.resolve("master.cf"),
        master
            .replaceFirst("(?m)^smtp +inet.*$", "127.0.0.1:" + port + " inet n - n - - smtpd")
            .replaceAll("(?m)^(\\w+ +(?:unix|inet|fifo) +[-ny] +[-ny] +)y ", "$1n "));
    run("postfix", "-c", etc.toString(), "start");
  }

  /** Waits until it takes connections. */
  void awaitReady() throws Exception {
    for (var tries = 0; ; tries++) {
      try (var socket = new Socket("127.0.0.1", port)) {
        return;
      } catch (IOException e) {
        if (tries == 300) {
          throw e;
        }
        Thread.sleep(100);
      }
    }
  }

  /** Of its master process and all that it has started, those that have ended included. */
  double cpuSeconds() {
    try {
      return Cpu.secondsOfTree(
          Long.parseLong(Files.readString(folder.resolve("spool/pid/master.pid")).strip()));
    } catch (IOException e) {
      throw new IllegalStateException("Postfix does not run.", e);
    }
  }

  /** Whether it can run here, where it is installed if need be. */
  static boolean mayRun() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static void run(String... command) throws Exception {
    var process =
        new ProcessBuilder(List.of(command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IOException(command[0] + " does not end.");
    }
  }

  @Override
  public void close() throws Exception {
    run("postfix", "-c", folder.resolve("etc").toString(), "stop");
  }
}
