package dev.parley.feature.email;

import dev.parley.base.arm.ArmId;
import dev.parley.base.blob.Blobs;
import dev.parley.base.bus.Bus;
import dev.parley.base.event.EmailEvent;
import dev.parley.base.kit.Sealer;
import dev.parley.base.store.Migration;
import dev.parley.base.store.Stores;
import dev.parley.base.wire.Feature;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceDirectory;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of email put together. */
public final class EmailFeature implements Feature {
  private static final Logger log = LoggerFactory.getLogger(EmailFeature.class);
  private static final Duration SWEEP = Duration.ofMinutes(1);

  private final EmailConfig config;
  private final Bus bus;
  private final Domains domains;
  private final Suppressions suppressions;
  private final Outbox outbox;
  private final EmailDetails details;
  private final EmailTokens tokens;
  private final DomainKeys keys;
  private final Outgoing outgoing;
  private final Email email;
  private final SuppressionHearer suppressing;
  private final EmailErasure erasure;
  private final List<Route> routes;
  private final Thread sweeper = Thread.ofVirtual().name("email-sweeper").unstarted(this::sweep);

  /**
   * Makes email.
   *
   * @param links domains that a resource is linked to by the management plane
   * @param named a resource by name; the default one for empty text
   */
  public EmailFeature(
      EmailConfig config,
      Stores stores,
      Bus bus,
      Blobs blobs,
      Sealer sealer,
      ResourceDirectory resources,
      Function<ResourceId, List<ArmId>> links,
      Function<String, Optional<ResourceId>> named,
      ServiceClock clock,
      InstantSource edgeClock,
      SecureRandom random) {
    this.config = config;
    this.bus = bus;
    this.domains = new Domains(config, stores, links);
    this.suppressions = new Suppressions(stores, clock);
    this.outbox = new Outbox(stores, blobs, suppressions, clock);
    this.details = new EmailDetails(stores);
    this.suppressing = new SuppressionHearer(stores, suppressions);
    this.erasure = new EmailErasure(stores, blobs, clock);
    var acceptance = new Acceptance(stores, blobs, suppressions, outbox, clock);
    var email = new Email(config, stores, domains, acceptance, clock, random);
    this.tokens = new EmailTokens(stores, sealer, random);
    this.keys = new DomainKeys(stores, sealer);
    this.outgoing = new Outgoing(config, keys, tokens, resources, edgeClock);
    this.email = email;
    var engagement = new Engagement(stores, tokens, outbox, clock);
    this.routes =
        Stream.of(
                new EmailHttp(config, email).routes(),
                new EngagementHttp(engagement).routes(),
                new SuppressionHttp(suppressions, domains, named).routes())
            .flatMap(List::stream)
            .toList();
  }

  /** The schema of this room. */
  public static List<Migration> migrations() {
    return EmailSchema.MIGRATIONS;
  }

  /** The queue that deliverers empty. */
  public Outbox outbox() {
    return outbox;
  }

  /** Who may send as whom. */
  public Domains domains() {
    return domains;
  }

  /** Who gets nothing more. */
  Suppressions suppressions() {
    return suppressions;
  }

  /** The keys that sign. */
  public DomainKeys keys() {
    return keys;
  }

  /** What leaves the house. */
  public Outgoing outgoing() {
    return outgoing;
  }

  /** The names of recipients in return paths. */
  public EmailTokens tokens() {
    return tokens;
  }

  /** Sending. */
  public Email email() {
    return email;
  }

  /** The words behind the events. */
  public EmailDetails details() {
    return details;
  }

  @Override
  public List<Route> routes() {
    return routes;
  }

  @Override
  public void start() {
    bus.durable(
        SuppressionHearer.HEARER,
        List.of(EmailEvent.DeliveryReported.class, EmailEvent.Unwanted.class),
        suppressing);
    sweeper.start();
  }

  @Override
  public Map<String, String> environment(Resource home) {
    var environment = new LinkedHashMap<String, String>();
    domains.seedSender(home).ifPresent(sender -> environment.put("ACS_EMAIL_SENDER", sender));
    return environment;
  }

  private void sweep() {
    try {
      while (true) {
        try {
          erasure.forgetOld(config.statusKept());
        } catch (RuntimeException e) {
          if (Thread.currentThread().isInterrupted()) {
            return;
          }
          log.warn("old messages cannot be forgotten now", e);
        }
        Thread.sleep(SWEEP);
      }
    } catch (InterruptedException _) {
      // The house closes.
    }
  }

  @Override
  public void eraseAll(ResourceId resource) {
    erasure.eraseAll(resource);
  }

  @Override
  public void close() {
    sweeper.interrupt();
  }
}
