package dev.parley.bench;

import dev.parley.media.RtcClient;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/** A server that forwards one sender's video to viewers: Parley, or another. */
interface MediaPeer extends AutoCloseable {
  /**
   * Where clients are: an address of this machine that is not loopback, since Janus binds itself to
   * an interface.
   */
  InetAddress ADDRESS = address();

  String name();

  /** Connects the sender; one per peer. */
  void publish(RtcClient client) throws Exception;

  /** Connects a viewer of that sender. */
  void watch(RtcClient client) throws Exception;

  /** Processor time of the whole process, seconds. */
  double cpuSeconds();

  @Override
  void close() throws Exception;

  private static InetAddress address() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
          .findFirst()
          .orElseGet(InetAddress::getLoopbackAddress);
    } catch (SocketException e) {
      throw new IllegalStateException(e);
    }
  }
}
