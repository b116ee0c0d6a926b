package dev.parley.base.kit;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A loopback port for a server that has to be told its own. The benchmark uses it too.
 *
 * <p>It lies below those that systems hand out by themselves (RFC 6335 section 6; Linux begins at
 * 32768): tests run beside others, which would be given the port of a server that has not begun, or
 * is away for a while.
 */
public final class FreePort {
  private static final int FIRST = 12_000;
  private static final int COUNT = 20_000;
  private static final int TRIES_MAX = 1_000;

  private FreePort() {}

  /** One that neither TCP nor UDP uses at the moment. */
  public static int find() {
    for (var i = 0; i < TRIES_MAX; i++) {
      var port = FIRST + ThreadLocalRandom.current().nextInt(COUNT);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException("No port is free.");
  }

  private static boolean isFree(int port) {
    try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        var _ = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
