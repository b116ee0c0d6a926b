package dev.parley.media.control;

import dev.parley.media.control.Demand.Layer;
import dev.parley.media.control.Demand.Priority;
import dev.parley.protocol.rtcp.ArrivalLog;
import dev.parley.protocol.rtcp.RtcpListener;
import dev.parley.protocol.rtcp.RtcpReader;
import dev.parley.protocol.rtcp.RtcpWriter;
import dev.parley.protocol.rtcp.TransportFeedback;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.LongUnaryOperator;

/**
 * A sender of voice and layered video, a link with a queue, and a receiver that gives feedback; in
 * steps of a millisecond of its own time, the same every time for the same seed.
 */
final class LinkSimulator {
  static final List<Layer> LAYERS =
      List.of(
          new Layer(0, 0, 90_000),
          new Layer(0, 2, 150_000),
          new Layer(1, 0, 250_000),
          new Layer(1, 2, 450_000),
          new Layer(2, 0, 1_000_000),
          new Layer(2, 2, 1_800_000));

  private static final long VOICE = 40_000;
  private static final long QUEUE_MAX = 1000;

  /** Something that happens later. */
  private record Later(long atMicros, Runnable what) {}

  final BandwidthEstimator estimator = new BandwidthEstimator(800_000);
  private final Pacer pacer = new Pacer(800_000);
  private final Allocator allocator = new Allocator();
  private final Demand demand = new Demand(1, Priority.OTHER, LAYERS);
  private final ArrivalLog arrivals = new ArrivalLog();
  private final RtcpReader reader = new RtcpReader();
  private final RtcpWriter writer = new RtcpWriter();
  private final PriorityQueue<Later> events =
      new PriorityQueue<>(Comparator.comparingLong(Later::atMicros));
  private final ArrayDeque<Integer> paced = new ArrayDeque<>();

  private final LongUnaryOperator capacity;
  private final double loss;
  private final int jitterMillis;
  private final Random random;

  private long millis;
  private long freeAtMicros;
  private int number = 65_000;
  private int step = -2;
  private boolean keyFrame;
  long queueMillis;
  long padding;
  boolean cut;

  /** A link whose capacity in bits per second is a function of the second. */
  LinkSimulator(LongUnaryOperator capacity, double loss, int jitterMillis, long seed) {
    this.capacity = capacity;
    this.loss = loss;
    this.jitterMillis = jitterMillis;
    random = new Random(seed);
  }

  /** The layer that is sent, as bits per second; 0 while paused. */
  long layer() {
    return step < 0 ? 0 : LAYERS.get(step).bitsPerSecond();
  }

  long nanos() {
    return millis * Nanos.MILLISECOND;
  }

  /** Lets a millisecond pass. */
  void run() {
    millis++;
    while (!events.isEmpty() && events.peek().atMicros() <= millis * 1000) {
      events.poll().what().run();
    }
    if (millis % 5 == 0) {
      estimator.tick(VOICE + Allocator.wanted(List.of(demand)), nanos());
      for (var due = estimator.prober().paddingDue(nanos()); due > 0; due -= 1200) {
        send(Math.clamp(due, 60, 1200));
        padding += Math.clamp(due, 60, 1200);
      }
    }
    if (millis % 100 == 0) {
      allocate();
    }
    if (millis % 20 == 0) {
      send(100);
    }
    if (millis % 33 == 0 && step >= 0) {
      frame();
    }
    while (!paced.isEmpty() && pacer.delay(nanos()) == 0) {
      send(paced.poll());
    }
    if (millis % 50 == 0) {
      feedback();
    }
  }

  private void allocate() {
    var rate = estimator.bitsPerSecond();
    pacer.estimate(rate);
    var choice = allocator.choose(List.of(demand), rate - VOICE, nanos()).getFirst();
    var next = choice.layer().map(LAYERS::indexOf).orElse(-1);
    var spatial = step >= 0 ? LAYERS.get(step).spatialId() : -1;
    keyFrame |= next >= 0 && LAYERS.get(next).spatialId() != spatial;
    step = next;
  }

  private void frame() {
    var bytes = (int) (layer() / 8.0 * 0.033 * (0.85 + 0.3 * random.nextDouble()));
    if (keyFrame) {
      bytes *= 4;
      keyFrame = false;
    }
    for (var left = bytes; left > 0; left -= 1100) {
      paced.add(Math.clamp(left, 80, 1100));
    }
  }

  private void send(int bytes) {
    var sent = number;
    number = number + 1 & 0xffff;
    pacer.sent(bytes, nanos());
    estimator.sent(sent, bytes, nanos());
    var now = millis * 1000;
    queueMillis = Math.max(0, (freeAtMicros - now) / 1000);
    if (cut || random.nextDouble() < loss || queueMillis > QUEUE_MAX) {
      return;
    }
    var rate = capacity.applyAsLong(millis / 1000);
    freeAtMicros = Math.max(freeAtMicros, now) + 8_000_000L * bytes / rate;
    var at = freeAtMicros + 25_000 + random.nextInt(1000 * jitterMillis + 1);
    // The receiver's clock is another one.
    events.add(new Later(at, () -> arrivals.arrived(sent, at * 1000 + 77_777_777_777L)));
  }

  private void feedback() {
    var bytes = new byte[1200];
    writer.begin(bytes, 0, bytes.length);
    while (arrivals.write(writer, 1, 2)) {
      // All that there is.
    }
    var length = writer.length();
    if (length > 0 && random.nextDouble() >= loss) {
      events.add(new Later(millis * 1000 + 25_000, () -> read(bytes, length)));
    }
  }

  private void read(byte[] bytes, int length) {
    var listener =
        new RtcpListener() {
          @Override
          public void transportFeedback(TransportFeedback feedback) {
            estimator.feedback(feedback, nanos());
          }
        };
    if (!reader.read(bytes, 0, length, listener)) {
      throw new AssertionError("Malformed feedback");
    }
  }
}
