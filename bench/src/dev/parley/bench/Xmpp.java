package dev.parley.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** A member's connection to ejabberd: RFC 6120 without TLS, SASL PLAIN, one resource. */
final class Xmpp implements Reactor.Receiver, ChatPeer.Sender {
  private static final byte[] STANZA_END = ascii("</message>");
  private static final String STREAM =
      "<?xml version='1.0'?><stream:stream to='localhost' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";

  private final ChatPeer.Hearing hearing;
  private final int member;
  private byte[] kept = {};
  private byte[] stanza = {};
  private int mark;
  private Reactor.Link link;
  volatile boolean ended;

  Xmpp(ChatPeer.Hearing hearing, int member) {
    this.hearing = hearing;
    this.member = member;
  }

  /** A connection that has logged in; what {@code in} has read ahead holds no messages. */
  record Login(SocketChannel channel, InputStream in) {}

  /** Logs in and is available. */
  static Login login(int port, String user) throws IOException {
    var channel = Reactor.connect(port);
    var in = new BufferedInputStream(channel.socket().getInputStream(), 1024);
    login(in, Channels.newOutputStream(channel), user);
    return new Login(channel, in);
  }

  private static void login(InputStream in, OutputStream out, String user) throws IOException {
    say(out, STREAM);
    hear(in, "</stream:features>");
    var secret = Base64.getEncoder().encodeToString(ascii("\0" + user + "\0" + Ejabberd.PASSWORD));
    say(out, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + secret + "</auth>");
    hear(in, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    say(out, STREAM);
    hear(in, "</stream:features>");
    say(out, "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>r</resource></bind></iq>");
    hear(in, "</iq>");
    say(out, "<presence/>");
    // The server reflects the presence when it has been handled, and from then on the bare address reaches this connection.
    hear(in, "<presence");
  }

  /** Enters a room; ends when the server says that it is complete. */
  static void enter(Login login, String room, String nick) throws IOException {
    say(
        Channels.newOutputStream(login.channel()),
        "<presence to='%s/%s'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>"
            .formatted(room, nick));
    hear(login.in(), "code='110'");
    hear(login.in(), "</message>");
  }

  void join(Reactor reactor, Login login) throws IOException {
    link = reactor.join(login.channel(), this);
  }

  /** Where this connection's messages go. */
  Xmpp to(String address, String type) {
    stanza = ascii("<message to='%s' type='%s' id='b1'><body>%s</body></message>".formatted(address, type, Mark.BODY));
    mark = Mark.find(stanza, 0, stanza.length);
    return this;
  }

  @Override
  public void send(int slot, long due) {
    synchronized (this) {
      Mark.put(stanza, mark, slot, due);
      link.write(stanza, stanza.length);
    }
  }

  @Override
  public boolean isAnswered() {
    return false;
  }

  @Override
  public void received(byte[] bytes, int length) {
    if (kept.length > 0) {
      var all = Arrays.copyOf(kept, kept.length + length);
      System.arraycopy(bytes, 0, all, kept.length, length);
      bytes = all;
      length = all.length;
    }
    var from = 0;
    for (var end = end(bytes, from, length); end >= 0; end = end(bytes, from, length)) {
      hearing.delivered(member, bytes, from, end);
      from = end;
    }
    kept = Arrays.copyOfRange(bytes, from, length);
  }

  private static int end(byte[] bytes, int from, int to) {
    for (var i = from; i <= to - STANZA_END.length; i++) {
      if (bytes[i] == '<' && bytes[i + 1] == '/' && Arrays.equals(bytes, i, i + STANZA_END.length, STANZA_END, 0, STANZA_END.length)) {
        return i + STANZA_END.length;
      }
    }
    return -1;
  }

  @Override
  public void closed() {
    ended = true;
  }

  void close() {
    link.close();
  }

  private static void say(OutputStream out, String text) throws IOException {
    out.write(ascii(text));
    out.flush();
  }

  private static void hear(InputStream in, String wanted) throws IOException {
    var text = new StringBuilder();
    while (text.indexOf(wanted, Math.max(0, text.length() - wanted.length())) < 0) {
      var one = in.read();
      if (one < 0) {
        throw new IOException("The server closed the stream: " + text);
      }
      text.append((char) one);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
