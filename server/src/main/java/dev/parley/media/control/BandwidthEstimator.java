package dev.parley.media.control;

import dev.parley.media.control.SentLog.Fate;
import dev.parley.protocol.rtcp.TransportFeedback;
import dev.parley.protocol.rtp.Unwrapper;

/**
 * How much one connection carries towards its viewer. Fed with what is sent and what feedback says;
 * makes no object per packet. A viewer without transport-wide feedback is judged by REMB and
 * receiver reports.
 */
public final class BandwidthEstimator {
  /** Enough for voice; never less. */
  public static final long RATE_MIN = 30_000;

  public static final long RATE_MAX = 50_000_000;

  private static final long SILENCE = 1_500 * Nanos.MILLISECOND;
  private static final long SILENCE_STEP = 500 * Nanos.MILLISECOND;

  private final SentLog log = new SentLog();
  private final DelayTrend trend = new DelayTrend();
  private final ArrivedRate arrived = new ArrivedRate();
  private final DelayControl delay;
  private final LossControl loss;
  private final Prober prober = new Prober();
  private final ProbeResult probe = new ProbeResult();
  private final Unwrapper clock = Unwrapper.ofBits(32);
  private final TransportFeedback.Packets packets = this::packet;

  private long roundTrip = 100 * Nanos.MILLISECOND;
  private double remb = RATE_MAX;
  private boolean transportFeedback;
  private long heard = Long.MIN_VALUE;
  private long sentUnheard = Long.MIN_VALUE;
  private double wanted;
  private DelayTrend.Usage worst = DelayTrend.Usage.NORMAL;

  /** Begins with a guess, in bits per second. */
  public BandwidthEstimator(long start) {
    delay = new DelayControl(start);
    loss = new LossControl(start);
  }

  /** What the connection carries, in bits per second. */
  public long bitsPerSecond() {
    return (long) rate();
  }

  private double rate() {
    var rate = Math.min(loss.bitsPerSecond(), remb);
    if (transportFeedback || remb == RATE_MAX) {
      rate = Math.min(rate, delay.bitsPerSecond());
    }
    return Math.clamp(rate, (double) RATE_MIN, (double) RATE_MAX);
  }

  /** The share of packets that were lost lately, 0 to 1. */
  public double loss() {
    return loss.loss();
  }

  /** The plan for padding; ask {@link Prober#paddingDue} after every {@link #tick}. */
  public Prober prober() {
    return prober;
  }

  /** A packet goes out with this transport-wide number. Padding is counted like all else. */
  public void sent(int number, int bytes, long now) {
    log.sent(number, bytes, now, prober.cluster());
    prober.sent(bytes);
    if (sentUnheard == Long.MIN_VALUE) {
      sentUnheard = now;
    }
  }

  /** The time that a packet and its answer take, from receiver reports. */
  public void roundTrip(long nanos) {
    roundTrip = Math.clamp(nanos, Nanos.MILLISECOND, 3 * Nanos.SECOND);
  }

  /** Transport-wide feedback has come. */
  public void feedback(TransportFeedback feedback, long now) {
    transportFeedback = true;
    heard(now);
    worst = DelayTrend.Usage.NORMAL;
    feedback.read(packets);
    var usage = worst == DelayTrend.Usage.OVER ? worst : trend.usage();
    var before = delay.decreased();
    var rate = arrived.bitsPerSecond();
    var basis = usage == DelayTrend.Usage.OVER && rate > 0 ? arrived.busyBitsPerSecond() : rate;
    delay.update(usage, basis, roundTrip, now);
    if (delay.decreased() != before) {
      prober.reset(now);
    }
    loss.update(rate, now);
    delay.set(Math.clamp(delay.bitsPerSecond(), RATE_MIN, (double) RATE_MAX));
    // A control that does not decide stays near, so that it can decide soon.
    loss.set(Math.clamp(loss.bitsPerSecond(), RATE_MIN, 2 * delay.bitsPerSecond()));
    if (prober.isAwaited(probe.bits(), roundTrip, now)) {
      var measured = probe.bitsPerSecond();
      if (prober.judge(measured, rate(), now)) {
        delay.set(measured);
        loss.set(Math.max(loss.bitsPerSecond(), measured));
      }
    }
  }

  /** REMB has come: the peer's own estimate, which bounds ours. */
  public void remb(long bitsPerSecond, long now) {
    heard(now);
    remb = Math.clamp(bitsPerSecond, RATE_MIN, RATE_MAX);
    if (!transportFeedback) {
      loss.set(Math.min(Math.max(loss.bitsPerSecond(), remb / 2), 2 * remb));
    }
  }

  /** A receiver report has come; it decides only when there is no transport-wide feedback. */
  public void receptionReport(int fractionLost, long now) {
    heard(now);
    if (!transportFeedback) {
      loss.report(fractionLost / 256.0, 0, now);
    }
  }

  /**
   * Lets time pass: call it every 5 to 50 ms.
   *
   * @param wantedBitsPerSecond what would be sent if it could be; probes reach no higher
   */
  public void tick(long wantedBitsPerSecond, long now) {
    wanted = wantedBitsPerSecond;
    // When nothing is heard, what is sent only makes it worse.
    if (heard != Long.MIN_VALUE && sentUnheard != Long.MIN_VALUE) {
      if (now - Math.max(heard, sentUnheard) > SILENCE) {
        heard = now - SILENCE + SILENCE_STEP;
        sentUnheard = heard;
        delay.set(Math.max(RATE_MIN, 0.8 * Math.min(delay.bitsPerSecond(), rate())));
        loss.set(Math.max(RATE_MIN, 0.8 * loss.bitsPerSecond()));
      }
    }
    if (transportFeedback) {
      var begun =
          prober.plan(rate(), wanted, trend.jitterMillis(), delay.decreased(), roundTrip, now);
      if (begun) {
        probe.begin(prober.cluster());
      }
    }
  }

  private void heard(long now) {
    heard = now;
    sentUnheard = Long.MIN_VALUE;
  }

  private void packet(int number, boolean received, long ticks) {
    if (!log.knows(number) || log.fate(number) == Fate.RECEIVED) {
      return;
    }
    if (!received) {
      if (log.fate(number) == Fate.UNKNOWN) {
        log.fate(number, Fate.LOST);
        loss.lost();
      }
      return;
    }
    if (log.fate(number) == Fate.LOST) {
      loss.lateAfterAll();
    } else {
      loss.received();
    }
    log.fate(number, Fate.RECEIVED);
    var at = clock.unwrap((int) ticks) * TransportFeedback.TICK_NANOS;
    arrived.arrived(log.bytes(number), at);
    trend.received(log.time(number), at);
    if (trend.usage() == DelayTrend.Usage.OVER) {
      worst = DelayTrend.Usage.OVER;
    }
    if (log.probe(number) != Prober.NONE) {
      probe.received(log.probe(number), log.bytes(number), log.time(number), at);
    }
  }
}
