package dev.parley.feature.sms;

import dev.parley.feature.sms.carrier.CarrierConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which carrier takes a message: of those that reach the destination for the sender, the cheapest
 * that is there and has not just refused it; the order of the settings decides between equals.
 */
final class Routing {
  /** What to do with a message now. */
  sealed interface Choice {
    /** Hand it to this carrier. */
    record Via(String carrier) implements Choice {}

    /** Carriers reach the destination, none of them now. */
    record Wait() implements Choice {}

    /** No carrier reaches the destination. */
    record Nowhere() implements Choice {}
  }

  /** A carrier and what it costs for a destination. */
  record Offer(String carrier, double cost) {}

  private final Map<String, CarrierConfig.Reach> reaches;

  /** Carriers in the order of their settings. */
  Routing(Map<String, CarrierConfig.Reach> reaches) {
    this.reaches = reaches;
  }

  Choice choose(String sender, String recipient, Set<String> tried, Predicate<String> ready) {
    var offers = offers(sender, recipient);
    if (offers.isEmpty()) {
      return new Choice.Nowhere();
    }
    return offers.stream()
        .map(Offer::carrier)
        .filter(carrier -> !tried.contains(carrier) && ready.test(carrier))
        .findFirst()
        .<Choice>map(Choice.Via::new)
        .orElseGet(Choice.Wait::new);
  }

  /** All that reach the destination, the cheapest first. */
  List<Offer> offers(String sender, String recipient) {
    var offers = new ArrayList<Offer>();
    reaches.forEach((carrier, reach) -> {
      if (reach.senders().isEmpty() || reach.senders().contains(sender)) {
        cost(reach, recipient).ifPresent(cost -> offers.add(new Offer(carrier, cost)));
      }
    });
    offers.sort(Comparator.comparingDouble(Offer::cost));
    return offers;
  }

  private static Optional<Double> cost(CarrierConfig.Reach reach, String recipient) {
    return reach.costs().entrySet().stream()
        .filter(entry -> recipient.startsWith(entry.getKey()))
        .max(Comparator.comparingInt(entry -> entry.getKey().length()))
        .map(Map.Entry::getValue);
  }
}
