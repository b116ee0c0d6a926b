package dev.parley.base.wire;

import dev.parley.base.kit.GrowingBytes;
import dev.parley.base.words.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request while its body comes in.
 *
 * <p>What is more than the route takes is read and dropped, up to a bound, so that the client has
 * sent everything when it reads the refusal; closing earlier would take the refusal away from it.
 */
final class Receiving {
  private static final byte[] NOTHING = {};
  private static final long DROPPED_BYTES_MAX = 64L << 20;

  private final HttpRequest head;
  private final Destination destination;
  private @Nullable GrowingBytes body;
  private long received;
  private @Nullable Refusal broken;
  private boolean closing;

  Receiving(HttpRequest head, Destination destination) {
    this.head = head;
    this.destination = destination;
  }

  HttpRequest head() {
    return head;
  }

  Destination destination() {
    return destination;
  }

  void add(ByteBuf bytes) {
    received += bytes.readableBytes();
    if (received > destination.bodyBytesMax()) {
      body = null;
      return;
    }
    if (bytes.isReadable()) {
      if (body == null) {
        body = new GrowingBytes(HttpConnection.contentLength(head));
      }
      body.add(
          bytes.readableBytes(), (into, at) -> bytes.readBytes(into, at, bytes.readableBytes()));
    }
  }

  /** Why nobody looks further at it: it is broken, or larger than its route takes. */
  Optional<Refusal> refusal() {
    if (broken != null) {
      return Optional.of(broken);
    }
    return switch (destination) {
      case Destination.Found found when announcedOrReceived() > found.bodyBytesMax() ->
          Optional.of(WireProblems.tooLarge(found.bodyBytesMax()));
      case Destination.Nowhere nowhere when closing -> Optional.of(nowhere.refusal());
      default -> Optional.empty();
    };
  }

  private long announcedOrReceived() {
    return closing ? Math.max(received, HttpConnection.contentLength(head)) : received;
  }

  /** Whether not even dropping goes on. */
  boolean tooMuch() {
    return received > Math.max(DROPPED_BYTES_MAX, destination.bodyBytesMax());
  }

  /** Whether a client that asked first should send its body. */
  boolean worthContinuing() {
    return destination instanceof Destination.Found
        && HttpConnection.contentLength(head) <= destination.bodyBytesMax();
  }

  /** Where the request would end cannot be told any more. */
  void breakOff(Refusal refusal) {
    broken = refusal;
    closing = true;
  }

  /** The connection ends with the answer, since what follows on it is unknown. */
  void closeAfterwards() {
    closing = true;
  }

  boolean closing() {
    return closing;
  }

  Inbound inbound(Listener listener, InetAddress remote, int localPort, boolean secure) {
    var kept = body;
    return new Inbound(
        listener,
        remote,
        localPort,
        secure,
        head.method().name(),
        head.uri(),
        destination,
        head.headers(),
        kept == null ? NOTHING : kept.take());
  }
}
