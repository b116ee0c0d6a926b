package dev.parley.feature.email.delivery;

import dev.parley.base.wire.Feature;
import dev.parley.base.wire.OutboundConfig;
import dev.parley.base.wire.OutboundTcp;
import dev.parley.base.wire.Route;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import dev.parley.feature.email.Outbox;
import dev.parley.feature.email.Outgoing;
import dev.parley.feature.email.dns.Dns;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Delivery put together. */
public final class DeliveryFeature implements Feature {
  private final Dispatcher dispatcher;
  private final SmtpHop smtp;

  /**
   * Makes delivery; it begins with {@link #start}.
   *
   * @param captured where mail goes instead of out
   */
  public DeliveryFeature(
      DeliveryConfig config,
      RelayConfig relay,
      Outbox outbox,
      Outgoing outgoing,
      Dns dns,
      OutboundTcp tcp,
      OutboundConfig outbound,
      Optional<LastHop> captured,
      ServiceClock clock,
      InstantSource edgeClock) {
    var policies = new TlsPolicies(relay, dns, outbound, edgeClock);
    smtp = new SmtpHop(relay, config, outgoing, dns, tcp, policies);
    dispatcher = new Dispatcher(config, outbox, captured.orElse(smtp), clock);
  }

  @Override
  public List<Route> routes() {
    return List.of();
  }

  @Override
  public void start() {
    dispatcher.start();
  }

  @Override
  public void eraseAll(ResourceId resource) {
    // The queue is email's own.
  }

  @Override
  public void close() {
    dispatcher.close();
    smtp.close();
  }
}
