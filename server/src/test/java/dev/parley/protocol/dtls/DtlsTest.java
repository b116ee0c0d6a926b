package dev.parley.protocol.dtls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.protocol.srtp.SrtpProfile;
import dev.parley.protocol.srtp.SrtpReceiver;
import dev.parley.protocol.srtp.SrtpSender;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class DtlsTest {
  private static final int PATIENCE_MILLIS = 30_000;

  private final SecureRandom random = new SecureRandom();
  private final DtlsIdentity server = DtlsIdentity.random(random, Instant.now());
  private final DtlsIdentity client = DtlsIdentity.random(random, Instant.now());

  /** Starts the server without waiting for it. */
  private static Future<DtlsSession> started(
      DtlsServer server, DtlsPipe pipe, Fingerprint expected) {
    var task =
        new java.util.concurrent.FutureTask<>(() -> server.accept(pipe, expected, PATIENCE_MILLIS));
    Thread.ofVirtual().start(task);
    return task;
  }

  @ParameterizedTest
  @EnumSource
  void bothSidesGetTheSameKeys(SrtpProfile profile) throws Exception {
    var pipes = new TestPipes(_ -> false);
    var accepted =
        started(new DtlsServer(server, random), pipes.serverSide(), client.fingerprint());
    var there =
        DtlsTestClient.connect(pipes.clientSide(), client, server.fingerprint(), random, profile);
    var session = accepted.get();
    assertEquals(profile, session.profile());
    assertEquals(profile, there.profile());
    var packet = new byte[60];
    packet[0] = (byte) 0x80;
    var out = new byte[100];
    var back = new byte[100];
    var length = new SrtpSender(there.clientKeys()).protect(packet, 0, 60, 0, out, 0);
    assertEquals(60, new SrtpReceiver(session.clientKeys()).unprotect(out, 0, length, back, 0));
    assertArrayEquals(packet, Arrays.copyOf(back, 60));
    length = new SrtpSender(session.serverKeys()).protect(packet, 0, 60, 0, out, 0);
    assertEquals(60, new SrtpReceiver(there.serverKeys()).unprotect(out, 0, length, back, 0));
  }

  @Test
  void aGoodbyeIsHeard() throws Exception {
    var pipes = new TestPipes(_ -> false);
    var accepted =
        started(new DtlsServer(server, random), pipes.serverSide(), client.fingerprint());
    var there =
        DtlsTestClient.connect(
            pipes.clientSide(), client, server.fingerprint(), random, SrtpProfile.AEAD_AES_128_GCM);
    var session = accepted.get();
    assertTrue(session.attend(10), "Nobody has left.");
    there.close();
    assertFalse(session.attend(PATIENCE_MILLIS));
  }

  @Test
  void aCertificateThatTheSdpDoesNotNameIsRefused() {
    var pipes = new TestPipes(_ -> false);
    var stranger = DtlsIdentity.random(random, Instant.now());
    var accepted =
        started(new DtlsServer(server, random), pipes.serverSide(), client.fingerprint());
    assertThrows(
        IOException.class,
        () ->
            DtlsTestClient.connect(
                pipes.clientSide(),
                stranger,
                server.fingerprint(),
                random,
                SrtpProfile.AEAD_AES_128_GCM));
    var failure = assertThrows(ExecutionException.class, accepted::get);
    assertTrue(
        failure.getCause().getMessage().contains("is not the one of its SDP"), failure::toString);
  }

  @Test
  void lostFlightsAreSentAgain() throws Exception {
    var seed = System.nanoTime();
    System.out.println("seed " + seed);
    var dice = new Random(seed);
    var pipes = new TestPipes(number -> number < 12 && dice.nextInt(4) == 0);
    var accepted =
        started(new DtlsServer(server, random), pipes.serverSide(), client.fingerprint());
    DtlsTestClient.connect(
        pipes.clientSide(), client, server.fingerprint(), random, SrtpProfile.AEAD_AES_128_GCM);
    // The client is done only after our last flight.
    assertEquals(SrtpProfile.AEAD_AES_128_GCM, accepted.get().profile());
  }

  @Test
  void weakAndBrokenFingerprintsAreNotRead() {
    assertTrue(Fingerprint.read(server.fingerprint().toString()).isPresent());
    assertTrue(
        Fingerprint.read(
                "SHA-256 " + server.fingerprint().value().toLowerCase(java.util.Locale.ROOT))
            .isPresent());
    for (var bad :
        new String[] {
          "",
          "sha-256",
          "sha-256 ",
          "sha-256 AA:BB",
          "sha-1 " + "AA:".repeat(19) + "AA",
          "sha-256 " + "AA:".repeat(31) + "AG",
          "sha-256 " + "AA".repeat(32)
        }) {
      assertTrue(Fingerprint.read(bad).isEmpty(), bad);
    }
  }
}
