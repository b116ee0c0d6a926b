package dev.parley.feature.sms;

import dev.parley.feature.sms.Recorder.Told;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Receipts that no message is known for: they came before the answer that tells their id, or are
 * nobody's. The newest ten thousand are kept for ten minutes. Used by the recorder's thread alone.
 */
final class EarlyReceipts {
  private static final int MAX = 10_000;
  private static final Duration KEPT = Duration.ofMinutes(10);

  private record Kept(Told told, long since) {}

  private final Map<String, Kept> kept =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
          return size() > MAX || System.nanoTime() - eldest.getValue().since() > KEPT.toNanos();
        }
      };

  void keep(Told told) {
    var since = System.nanoTime();
    var again = new Told(told.carrier(), told.receipt(), new CompletableFuture<>());
    for (var id : CarrierIds.candidates(told.receipt().carrierId())) {
      kept.put(told.carrier() + '\n' + id, new Kept(again, since));
    }
  }

  /** What came for the id; it stays until it is {@link #drop dropped}. */
  Optional<Told> find(String carrier, String carrierId) {
    return Optional.ofNullable(kept.get(carrier + '\n' + CarrierIds.stored(carrierId)))
        .map(Kept::told);
  }

  /** What came for the id is stored now. */
  void drop(String carrier, String carrierId) {
    kept.remove(carrier + '\n' + CarrierIds.stored(carrierId));
  }
}
