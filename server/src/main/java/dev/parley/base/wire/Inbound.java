package dev.parley.base.wire;

import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;

/**
 * A request as it came off a connection, whole.
 *
 * @param remote address of the other end
 * @param localPort of the socket; Java clients drop the port from {@code Host}
 * @param secure whether it came over TLS
 */
record Inbound(
    Listener listener,
    InetAddress remote,
    int localPort,
    boolean secure,
    String method,
    String target,
    Destination destination,
    HttpHeaders headers,
    byte[] body) {}
