package dev.parley;

import dev.parley.base.blob.Blobs;
import dev.parley.base.bus.Bus;
import dev.parley.base.bus.Details;
import dev.parley.base.kit.Sealer;
import dev.parley.base.store.Migration;
import dev.parley.base.store.Store;
import dev.parley.base.store.Stores;
import dev.parley.base.wire.Feature;
import dev.parley.base.wire.OutboundConfig;
import dev.parley.base.wire.OutboundTcp;
import dev.parley.base.wire.PageGuard;
import dev.parley.base.wire.Route;
import dev.parley.base.wire.TlsMaterial;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceDirectory;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import dev.parley.feature.email.EmailFeature;
import dev.parley.feature.email.arm.EmailArmFeature;
import dev.parley.feature.email.delivery.DeliveryFeature;
import dev.parley.feature.email.dns.Dns;
import dev.parley.feature.email.mailbox.MailboxFeature;
import dev.parley.feature.email.smtp.SmtpFeature;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The rooms that email is made of, put together; the house sees them as one. */
final class EmailRooms implements Feature {
  private final EmailFeature core;
  private final List<Feature> rooms;

  EmailRooms(
      EmailConfigs config,
      Stores stores,
      Store store,
      Bus bus,
      Blobs blobs,
      Sealer sealer,
      ResourceDirectory resources,
      ManagementRooms management,
      Function<String, Optional<ResourceId>> named,
      OutboundConfig outbound,
      OutboundTcp tcp,
      Supplier<TlsMaterial> tls,
      PageGuard guard,
      ServiceClock clock,
      InstantSource edgeClock,
      SecureRandom random) {
    core =
        new EmailFeature(
            config.core(),
            stores,
            bus,
            blobs,
            sealer,
            resources,
            management.arm().places()::linkedDomains,
            named,
            clock,
            edgeClock,
            random);
    var dns = new Dns(config.dns());
    var arm =
        new EmailArmFeature(
            store,
            management.arm(),
            core.domains(),
            core.keys(),
            dns,
            config.relay().hostname(),
            edgeClock);
    var mailbox =
        new MailboxFeature(
            config.mailbox(), stores, blobs, core.outbox(), core.outgoing(), guard, clock);
    var delivery =
        new DeliveryFeature(
            config.delivery(),
            config.relay(),
            core.outbox(),
            core.outgoing(),
            dns,
            tcp,
            outbound,
            mailbox.hop(),
            clock,
            edgeClock);
    var smtp =
        new SmtpFeature(
            config.smtp(),
            config.core().bounceDomain(),
            tls,
            new KeyLogins(resources, arm, management),
            core.email(),
            core.tokens(),
            core.outbox());
    rooms = List.of(smtp, delivery, mailbox, arm, core);
  }

  static List<Migration> migrations() {
    return Stream.of(
            EmailFeature.migrations(), MailboxFeature.migrations(), EmailArmFeature.migrations())
        .flatMap(List::stream)
        .toList();
  }

  /** The words behind the events of email. */
  Details details() {
    return core.details();
  }

  @Override
  public List<Route> routes() {
    return rooms.stream().flatMap(room -> room.routes().stream()).toList();
  }

  @Override
  public void start() {
    rooms.reversed().forEach(Feature::start);
  }

  @Override
  public Map<String, String> environment(Resource home) {
    var environment = new LinkedHashMap<String, String>();
    rooms.reversed().forEach(room -> environment.putAll(room.environment(home)));
    return environment;
  }

  @Override
  public List<String> greeting(Resource home) {
    return rooms.stream().flatMap(room -> room.greeting(home).stream()).toList();
  }

  @Override
  public void eraseAll(ResourceId resource) {
    rooms.forEach(room -> room.eraseAll(resource));
  }

  @Override
  public void close() {
    rooms.forEach(Feature::close);
  }
}
