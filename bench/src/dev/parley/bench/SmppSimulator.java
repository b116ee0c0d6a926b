package dev.parley.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A carrier in a process of its own: answers every {@code submit_sm}, sends a receipt for it when one was asked for, and prints
 * how many receipts were answered, each thousand and whenever nothing is left.
 */
public final class SmppSimulator {
  private static final int BIND_RECEIVER = 1;
  private static final int BIND_TRANSMITTER = 2;
  private static final int SUBMIT = 4;
  private static final int DELIVER = 5;
  private static final int UNBIND = 6;
  private static final int BIND_TRANSCEIVER = 9;
  private static final int ENQUIRE = 0x15;
  private static final int RESPONSE = 0x80000000;

  /** Receipts without an answer, at most. */
  private static final int WINDOW = 100;

  private final AtomicLong submits = new AtomicLong();
  private final AtomicLong acked = new AtomicLong();

  public static void main(String[] arguments) throws IOException {
    var simulator = new SmppSimulator();
    try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      System.out.println("port " + server.getLocalPort());
      while (true) {
        var socket = server.accept();
        Thread.ofPlatform().start(() -> simulator.serve(socket));
      }
    }
  }

  private void serve(Socket socket) {
    var receipts = new LinkedBlockingQueue<String[]>();
    var window = new Semaphore(WINDOW);
    try (socket) {
      socket.setTcpNoDelay(true);
      var in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
      var out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16));
      var sender = Thread.ofPlatform().daemon().start(() -> deliver(receipts, window, out));
      while (true) {
        var length = in.readInt();
        var command = in.readInt();
        in.readInt();
        var sequence = in.readInt();
        var body = in.readNBytes(length - 16);
        switch (command) {
          case BIND_RECEIVER, BIND_TRANSMITTER, BIND_TRANSCEIVER ->
              write(out, command | RESPONSE, sequence, "sim\0".getBytes(StandardCharsets.US_ASCII), in.available() == 0);
          case SUBMIT -> {
            var id = Long.toHexString(submits.incrementAndGet());
            write(out, SUBMIT | RESPONSE, sequence, (id + '\0').getBytes(StandardCharsets.US_ASCII), in.available() == 0);
            receipts.add(new String[] {id, address(body, 1), address(body, 0)});
          }
          case DELIVER | RESPONSE -> {
            window.release();
            var count = acked.incrementAndGet();
            if (count % 1000 == 0) {
              System.out.println("acked " + count + " of " + submits.get());
            }
          }
          case UNBIND -> {
            write(out, UNBIND | RESPONSE, sequence, new byte[0], true);
            sender.interrupt();
            return;
          }
          case ENQUIRE -> write(out, ENQUIRE | RESPONSE, sequence, new byte[0], true);
          default -> {}
        }
      }
    } catch (IOException _) {
      // The other side is gone.
    }
  }

  /** The first or second address behind the service type: type, plan, digits. */
  private static String address(byte[] body, int which) {
    var at = 0;
    while (body[at] != 0) {
      at++;
    }
    at++;
    for (var i = 0; ; i++) {
      at += 2;
      var start = at;
      while (body[at] != 0) {
        at++;
      }
      if (i == which) {
        return new String(body, start, at - start, StandardCharsets.US_ASCII);
      }
      at++;
    }
  }

  private void deliver(LinkedBlockingQueue<String[]> receipts, Semaphore window, DataOutputStream out) {
    try {
      for (var sequence = 1; ; sequence++) {
        var receipt = receipts.take();
        window.acquire();
        var text =
            "id:%s sub:001 dlvrd:001 submit date:2611261500 done date:2611261500 stat:DELIVRD err:000 text:"
                .formatted(receipt[0]);
        var body =
            ("\0\1\1" + receipt[1] + "\0\1\1" + receipt[2] + "\0\4\0\0\0\0\0\0\0\0" + (char) text.length() + text)
                .getBytes(StandardCharsets.ISO_8859_1);
        write(out, DELIVER, sequence, body, receipts.isEmpty() || window.availablePermits() == 0);
      }
    } catch (InterruptedException | IOException _) {
      // The session is over.
    }
  }

  private static void write(DataOutputStream out, int command, int sequence, byte[] body, boolean flush)
      throws IOException {
    synchronized (out) {
      out.writeInt(16 + body.length);
      out.writeInt(command);
      out.writeInt(0);
      out.writeInt(sequence);
      out.write(body);
      if (flush) {
        out.flush();
      }
    }
  }
}
