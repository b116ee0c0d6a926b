package dev.parley.feature.sms.carrier;

import dev.parley.base.wire.OutboundTcp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jsmpp.InvalidResponseException;
import org.jsmpp.PDUException;
import org.jsmpp.bean.BindType;
import org.jsmpp.extra.NegativeResponseException;
import org.jsmpp.extra.ResponseTimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A carrier behind an SMPP 3.4 bind: a transceiver, or a transmitter and a receiver. A thread keeps
 * each link bound, with growing pauses between tries; submits wait for their answers side by side,
 * at most a window of them.
 */
public final class SmppCarrier implements ConfiguredCarrier {
  private static final Logger log = LoggerFactory.getLogger(SmppCarrier.class);
  private static final Duration PAUSE_MIN = Duration.ofMillis(200);
  private static final Duration THROTTLE_MIN = Duration.ofMillis(100);
  private static final int THROTTLED_MAX = 6;
  private static final Duration AWAY = Duration.ofSeconds(2);

  private final SmppConfig config;
  private final OutboundTcp outbound;
  private final RandomGenerator random;
  private final Semaphore window;
  private final AtomicReference<@Nullable SmppLink> transmitter = new AtomicReference<>();
  private final AtomicReference<@Nullable SmppLink> receiver = new AtomicReference<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closing;

  /** After a throttling answer nobody submits before this, nano time. */
  private volatile long resume = System.nanoTime();

  public SmppCarrier(SmppConfig config, OutboundTcp outbound, RandomGenerator random) {
    this.config = config;
    this.outbound = outbound;
    this.random = random;
    this.window = new Semaphore(config.window());
  }

  @Override
  public SmppConfig config() {
    return config;
  }

  @Override
  public void start(CarrierListener listener) {
    switch (config.bind()) {
      case TRANSCEIVER -> keep(BindType.BIND_TRX, transmitter, listener);
      case PAIR -> {
        keep(BindType.BIND_TX, transmitter, listener);
        keep(BindType.BIND_RX, receiver, listener);
      }
    }
  }

  private void keep(
      BindType type, AtomicReference<@Nullable SmppLink> place, CarrierListener listener) {
    threads.add(
        Thread.ofVirtual()
            .name("smpp-" + config.name())
            .start(() -> keepBound(type, place, listener)));
  }

  private void keepBound(
      BindType type, AtomicReference<@Nullable SmppLink> place, CarrierListener listener) {
    var pause = PAUSE_MIN;
    while (!closing) {
      try {
        var link = SmppLink.open(config, outbound, type, listener);
        place.set(link);
        log.info("carrier {} is bound ({})", config.name(), type);
        pause = PAUSE_MIN;
        listener.ready(config.name());
        link.awaitEnd();
        place.set(null);
        link.close();
        log.warn("carrier {} has lost its bind ({})", config.name(), type);
      } catch (IOException | RuntimeException e) {
        log.warn("carrier {} cannot be bound: {}", config.name(), e.toString());
      } catch (InterruptedException _) {
        return;
      }
      // A little chance keeps many servers from coming back at the same moment.
      sleep(pause.plusMillis(random.nextInt(100)));
      var longer = pause.multipliedBy(2);
      pause = longer.compareTo(config.reconnectMax()) > 0 ? config.reconnectMax() : longer;
    }
  }

  @Override
  public boolean ready() {
    var link = transmitter.get();
    return link != null && link.bound();
  }

  @Override
  public Outcome submit(Submission submission) {
    var pdus = new SmppSubmission(config, submission);
    var ids = new ArrayList<String>();
    for (var segment = 0; segment < pdus.count(); segment++) {
      try {
        var next = one(pdus, segment);
        if (next instanceof Step.Taken taken) {
          // The carrier cuts a payload itself, and its one id stands for all segments.
          ids.addAll(Collections.nCopies(pdus.segmentsOf(segment), taken.id()));
        } else {
          return ended(List.copyOf(ids), next);
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return new Outcome.Later(List.copyOf(ids), AWAY, "interrupted");
      }
    }
    return new Outcome.Accepted(List.copyOf(ids));
  }

  private static Outcome ended(List<String> ids, Step step) {
    return switch (step) {
      case Step.Taken _ -> throw new IllegalStateException();
      case Step.Not(var why) -> new Outcome.Later(ids, AWAY, why);
      case Step.Never(var code, var why) -> new Outcome.Refused(ids, code, why);
      case Step.Perhaps(var why) -> new Outcome.Unknown(ids, why);
    };
  }

  /** What became of one segment. */
  private sealed interface Step {
    record Taken(String id) implements Step {}

    record Not(String why) implements Step {}

    record Never(DeliveryCode code, String why) implements Step {}

    record Perhaps(String why) implements Step {}
  }

  /** Submits one segment; again while the carrier asks to slow down. */
  private Step one(SmppSubmission pdus, int segment) throws InterruptedException {
    var pause = THROTTLE_MIN;
    for (var attempt = 0; attempt < THROTTLED_MAX; attempt++) {
      var wait = resume - System.nanoTime();
      if (wait > 0) {
        TimeUnit.NANOSECONDS.sleep(wait);
      }
      window.acquire();
      try {
        return exchange(pdus, segment);
      } catch (NegativeResponseException e) {
        switch (SmppCodes.ofStatus(e.getCommandStatus())) {
          case SmppCodes.Answer.Throttled _ -> resume = System.nanoTime() + pause.toNanos();
          case SmppCodes.Answer.Later _ -> {
            return new Step.Not(e.toString());
          }
          case SmppCodes.Answer.Refused refused -> {
            return new Step.Never(refused.code(), e.toString());
          }
        }
      } finally {
        window.release();
      }
      pause = pause.multipliedBy(2);
    }
    return new Step.Not("throttled");
  }

  private Step exchange(SmppSubmission pdus, int segment) throws NegativeResponseException {
    var link = transmitter.get();
    if (link == null) {
      return new Step.Not("not bound");
    }
    try {
      if (!link.enter()) {
        return new Step.Not("not bound");
      }
      return new Step.Taken(pdus.send(link.session(), segment));
    } catch (PDUException e) {
      return new Step.Never(DeliveryCode.FAILED, e.toString());
    } catch (ResponseTimeoutException e) {
      if (link.bound()) {
        log.warn("carrier {} does not answer; binding anew", config.name());
        link.close();
      }
      return new Step.Perhaps(e.toString());
    } catch (InvalidResponseException | IOException e) {
      return new Step.Perhaps(e.toString());
    } finally {
      link.leave();
    }
  }

  private void sleep(Duration pause) {
    try {
      var end = System.nanoTime() + pause.toNanos();
      while (!closing && System.nanoTime() < end) {
        Thread.sleep(Math.min(50, pause.toMillis()));
      }
    } catch (InterruptedException _) {
      closing = true;
    }
  }

  @Override
  public void close() {
    closing = true;
    for (var place : List.of(transmitter, receiver)) {
      var link = place.get();
      if (link != null) {
        link.close();
      }
    }
    threads.forEach(Thread::interrupt);
  }
}
