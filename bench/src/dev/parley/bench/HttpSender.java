package dev.parley.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntConsumer;

/** Sends messages to Parley over a keep-alive connection of its own, one at a time, as the SDK does. */
final class HttpSender implements ChatPeer.Sender, Reactor.Receiver {
  private static final byte[] CREATED = "HTTP/1.1 201".getBytes(StandardCharsets.US_ASCII);

  private final byte[] request;
  private final int mark;
  private final IntConsumer answered;
  private final Reactor.Link link;
  private byte[] kept = {};
  private int slot;

  HttpSender(Reactor reactor, int port, String target, String token, IntConsumer answered) throws IOException {
    var body = "{\"content\":\"%s\",\"senderDisplayName\":\"Ann\",\"type\":\"text\"}".formatted(Mark.BODY);
    this.request = Connection.request("POST", target, token, body);
    this.mark = Mark.find(request, request.length - body.length(), request.length);
    this.answered = answered;
    this.link = reactor.join(Reactor.connect(port), this);
  }

  @Override
  public void send(int slot, long due) {
    this.slot = slot;
    Mark.put(request, mark, slot, due);
    link.write(request, request.length);
  }

  @Override
  public boolean isAnswered() {
    return true;
  }

  @Override
  public void received(byte[] bytes, int length) {
    var all = Arrays.copyOf(kept, kept.length + length);
    System.arraycopy(bytes, 0, all, kept.length, length);
    var text = new String(all, StandardCharsets.ISO_8859_1);
    var end = text.indexOf("\r\n\r\n");
    if (end < 0 || all.length < end + 4 + bodyLength(text, end)) {
      kept = all;
      return;
    }
    kept = new byte[0];
    if (!Arrays.equals(all, 0, CREATED.length, CREATED, 0, CREATED.length)) {
      throw new IllegalStateException("A send was refused: " + text);
    }
    answered.accept(slot);
  }

  private static int bodyLength(String text, int end) {
    var head = text.substring(0, end).toLowerCase(java.util.Locale.ROOT);
    var at = head.indexOf("content-length:") + 15;
    var line = head.indexOf('\r', at);
    return Integer.parseInt(head.substring(at, line < 0 ? head.length() : line).strip());
  }

  @Override
  public void closed() {
    throw new IllegalStateException("The server closed a sender's connection.");
  }

  void close() {
    link.close();
  }
}
