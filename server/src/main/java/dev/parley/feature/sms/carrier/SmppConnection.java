package dev.parley.feature.sms.carrier;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import org.jsmpp.session.connection.Connection;
import org.jsmpp.session.connection.socket.SocketConnection;

/** A socket whose PDUs go out together. */
final class SmppConnection implements Connection {
  private final SocketConnection socket;
  private final GatheredOutput out;

  SmppConnection(Socket plain) throws IOException {
    this.socket = new SocketConnection(plain);
    // The reader of the closed socket notices, and ends the session.
    this.out = new GatheredOutput(socket.getOutputStream(), socket::close);
  }

  @Override
  public boolean isOpen() {
    return socket.isOpen();
  }

  @Override
  public InetAddress getInetAddress() {
    return socket.getInetAddress();
  }

  @Override
  public InetAddress getLocalAddress() {
    return socket.getLocalAddress();
  }

  @Override
  public int getPort() {
    return socket.getPort();
  }

  @Override
  public int getLocalPort() {
    return socket.getLocalPort();
  }

  @Override
  public InputStream getInputStream() {
    return socket.getInputStream();
  }

  @Override
  public OutputStream getOutputStream() {
    return out;
  }

  @Override
  public void setSoTimeout(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  @Override
  public void close() {
    out.close();
    socket.close();
  }
}
