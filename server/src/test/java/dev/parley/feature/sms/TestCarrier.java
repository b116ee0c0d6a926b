package dev.parley.feature.sms;

import dev.parley.feature.sms.carrier.Carrier;
import dev.parley.feature.sms.carrier.CarrierListener;
import dev.parley.feature.sms.carrier.DeliveryCode;
import dev.parley.feature.sms.carrier.Outcome;
import dev.parley.feature.sms.carrier.Receipt;
import dev.parley.feature.sms.carrier.Submission;
import dev.parley.protocol.sms.SegmentedText;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A carrier that a test tells what to answer. */
final class TestCarrier implements Carrier {
  final List<Submission> seen = new CopyOnWriteArrayList<>();
  private final String name;
  private final AtomicLong ids = new AtomicLong(1_000);
  private volatile boolean ready = true;
  private volatile Function<Submission, Outcome> answer = this::accept;
  private volatile @Nullable CarrierListener listener;

  TestCarrier(String name) {
    this.name = name;
  }

  /** Takes everything, with ids that rise. */
  Outcome accept(Submission submission) {
    var left = SegmentedText.of(submission.text()).segments() - submission.firstSegment();
    return new Outcome.Accepted(
        IntStream.range(0, left).mapToObj(_ -> Long.toString(ids.incrementAndGet())).toList());
  }

  void answers(Function<Submission, Outcome> answer) {
    this.answer = answer;
  }

  void away() {
    ready = false;
  }

  void back() {
    ready = true;
    hears().ready(name);
  }

  private CarrierListener hears() {
    return Objects.requireNonNull(listener);
  }

  static Outcome later() {
    return new Outcome.Later(List.of(), Duration.ofMillis(50), "test");
  }

  boolean receipt(String id, String to, DeliveryCode code) {
    return hears().receipt(name, new Receipt(id, List.of(to), code));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void start(CarrierListener hears) {
    listener = hears;
  }

  @Override
  public boolean ready() {
    return ready;
  }

  @Override
  public int window() {
    return 10;
  }

  @Override
  public int perSecond() {
    return 0;
  }

  @Override
  public boolean receipts() {
    return true;
  }

  @Override
  public Outcome submit(Submission submission) {
    var outcome = answer.apply(submission);
    seen.add(submission);
    return outcome;
  }

  @Override
  public void close() {}
}
