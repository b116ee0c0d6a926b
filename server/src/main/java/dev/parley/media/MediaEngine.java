package dev.parley.media;

import dev.parley.protocol.dtls.DtlsIdentity;
import dev.parley.protocol.dtls.DtlsServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is made when the first peer comes: sockets, threads, the certificate. */
final class MediaEngine implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MediaEngine.class);

  private static final int PORT_TRIES_MAX = 20;

  /** One worker with what belongs to it. */
  record Place(MediaWorker worker, Rooms rooms, List<String> candidates) {}

  final DtlsSessions sessions;
  final List<Place> places = new ArrayList<>();
  private final List<IceTcp> listeners = new ArrayList<>();

  MediaEngine(
      MediaConfig config, InstantSource clock, SecureRandom random, MeterRegistry registry) {
    var identity = DtlsIdentity.random(random, clock.instant());
    sessions = new DtlsSessions(new DtlsServer(identity, random), config.handshakesMax());
    var addresses = new LocalAddresses(config);
    var transit = MediaMeters.transit(registry);
    try {
      for (var i = 0; i < config.workers(); i++) {
        var worker = open(config, i, transit);
        var candidates = addresses.candidates(worker.port(), config.tcp());
        places.add(new Place(worker, new Rooms(worker, config.lastN()), candidates));
      }
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e);
    }
    MediaMeters.bind(this, registry);
    log.info("media is ready: {}", places.getFirst().candidates());
  }

  private MediaWorker open(MediaConfig config, int index, Timer transit) throws IOException {
    for (var tries = 1; ; tries++) {
      var port = config.port() == 0 ? 0 : config.port() + index;
      var worker = new MediaWorker(index, socket(config, port), sessions, transit);
      worker.start();
      try {
        if (config.tcp()) {
          listeners.add(new IceTcp(worker, config.address(), config.peersMax()));
        }
        return worker;
      } catch (IOException e) {
        worker.close();
        // Any port means one that is free for UDP; for TCP the same number may be taken.
        if (port != 0 || tries == PORT_TRIES_MAX) {
          throw e;
        }
      }
    }
  }

  private static PacketSocket socket(MediaConfig config, int port) throws IOException {
    return config.batches() && LinuxCalls.available()
        ? new LinuxPacketSocket(config.address(), port, config.bufferBytes())
        : new NioPacketSocket(config.address(), port, config.bufferBytes());
  }

  /** Where a room lives. */
  Place place(String room) {
    return places.get(Math.floorMod(room.hashCode(), places.size()));
  }

  @Override
  public void close() {
    listeners.forEach(IceTcp::close);
    for (var place : places) {
      try {
        place
            .worker()
            .ask(() -> {
              place.rooms().all().forEach(room -> room.close("the server stops"));
              return true;
            });
      } catch (IllegalStateException e) {
        log.warn("a media worker was not asked to say goodbye: {}", e.getMessage());
      }
      place.worker().close();
    }
  }
}
