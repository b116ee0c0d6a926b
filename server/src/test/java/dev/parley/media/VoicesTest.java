package dev.parley.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.kit.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who speaks, and whose voice is forwarded, with clients that say how loud they are. */
@Timeout(120)
class VoicesTest {
  private static final int LOUD = 15;
  private static final int NOISE = 75;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(40);

  private final Media media =
      new Media(
          MediaConfig.of(
              new Settings(Map.of("media.address", "127.0.0.1", "media.workers", "1")), true),
          InstantSource.system(),
          new SecureRandom(),
          new SimpleMeterRegistry());
  private final List<RtcClient> clients = new ArrayList<>();
  private final List<RtcClient> senders = new ArrayList<>();
  private int sequence;

  @AfterEach
  void stop() {
    clients.forEach(RtcClient::close);
    media.close();
  }

  private void publish(String stream) throws Exception {
    var client = new RtcClient();
    clients.add(client);
    senders.add(client);
    var offer = client.offerOf(true, RtcClient.AUDIO);
    client.connect(((MediaJoin.Joined) media.publish("r", stream, Limits.NONE, offer)).answer());
  }

  private RtcClient play(int sections) throws Exception {
    var client = new RtcClient();
    clients.add(client);
    var offered = new String[sections];
    java.util.Arrays.fill(offered, RtcClient.AUDIO);
    var offer = client.offerOf(false, offered);
    client.connect(((MediaJoin.Joined) media.play("r", "", "", Limits.NONE, offer)).answer());
    return client;
  }

  /** One packet of each sender; these are loud, the others are not. */
  private void round(int... loud) {
    sequence++;
    for (var i = 0; i < senders.size(); i++) {
      var each = i;
      var isLoud = java.util.Arrays.stream(loud).anyMatch(one -> one == each);
      senders.get(i).raw(senders.get(i).voice(sequence, isLoud ? LOUD : NOISE));
    }
    LockSupport.parkNanos(20_000_000L);
  }

  private void until(String what, BooleanSupplier holds, int... loud) {
    var end = System.nanoTime() + PATIENCE_NANOS;
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, what);
      round(loud);
    }
  }

  private boolean isAudible(int sender) {
    var name = "s" + sender;
    return media.dump("r").orElseThrow().senders().stream()
        .filter(one -> one.stream().equals(name))
        .anyMatch(
            one -> one.tracks().getFirst().layers().stream().anyMatch(RoomDump.Layer::audible));
  }

  @Test
  void whoSpeaksIsToldLoudestFirstAndNotAfterItsEnd() throws Exception {
    var told = new AtomicReference<>(Speakers.NOBODY);
    var release = media.hold("r", 0, told::set);
    for (var i = 0; i < 3; i++) {
      publish("s" + i);
    }
    until(
        "the second is in front",
        () -> told.get().dominant().equals(java.util.Optional.of("s1")),
        1);
    assertEquals(List.of("s1"), told.get().active());
    until("both speak", () -> told.get().active().size() == 2, 0, 1);
    assertEquals("s1", told.get().dominant().orElseThrow(), "Who is in front stays there.");
    until(
        "the first takes over", () -> told.get().dominant().equals(java.util.Optional.of("s0")), 0);
    until("silence", () -> told.get().active().isEmpty());
    assertEquals("s0", told.get().dominant().orElseThrow(), "Also through a pause.");
    senders.removeFirst().leave();
    until("the goodbye", () -> told.get().dominant().isEmpty());
    release.run();
    until(
        "what the room says itself",
        () -> media.dump("r").orElseThrow().speakers().active().contains("s2"),
        1);
    assertTrue(told.get().active().isEmpty(), "Who let go hears no more.");
  }

  @Test
  void ofManyVoicesTheLoudestAreForwarded() throws Exception {
    var _ = media.hold("r", 2, _ -> {});
    for (var i = 0; i < 5; i++) {
      publish("s" + i);
    }
    // Fewer sections than voices: who is forwarded must find a place.
    var viewer = play(2);
    until("two are forwarded", () -> isAudible(1) && isAudible(3) && !isAudible(0), 1, 3);
    until("heard", () -> viewer.rtp.size() > 20, 1, 3);
    until("the others follow", () -> isAudible(0) && isAudible(4) && !isAudible(1), 0, 4);
    viewer.rtp.clear();
    until("heard too", () -> viewer.rtp.size() > 40, 0, 4);
    var bySource = new java.util.HashMap<Integer, Integer>();
    for (var packet : viewer.rtp) {
      var before = bySource.put(RtcClient.get32(packet, 8), sequence(packet));
      if (before != null) {
        assertEquals(1, sequence(packet) - before & 0xffff, "What is not sent leaves no gap.");
      }
    }
    assertEquals(2, bySource.size());
  }

  @Test
  void whoDoesNotSayHowLoudIsAlwaysHeard() throws Exception {
    var _ = media.hold("r", 1, _ -> {});
    publish("s0");
    publish("s1");
    var silent = new RtcClient();
    clients.add(silent);
    var section =
        RtcClient.AUDIO.lines().limit(2).collect(java.util.stream.Collectors.joining("\n")) + "\n";
    silent.connect(
        ((MediaJoin.Joined) media.publish("r", "s2", Limits.NONE, silent.offerOf(true, section)))
            .answer());
    senders.add(silent);
    until("one of the two, and the third", () -> isAudible(1) && !isAudible(0) && isAudible(2), 1);
  }

  private static int sequence(byte[] packet) {
    return (packet[2] & 0xff) << 8 | (packet[3] & 0xff);
  }
}
