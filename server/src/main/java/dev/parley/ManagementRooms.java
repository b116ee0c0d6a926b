package dev.parley;

import dev.parley.base.arm.Arm;
import dev.parley.base.arm.OperatorLog;
import dev.parley.base.bus.Bus;
import dev.parley.base.kit.Sealer;
import dev.parley.base.store.Store;
import dev.parley.base.wire.BearerVerifier;
import dev.parley.base.wire.Feature;
import dev.parley.base.wire.KeySource;
import dev.parley.base.words.ResourceId;
import dev.parley.feature.access.Access;
import dev.parley.feature.access.AccessFeature;
import dev.parley.feature.access.ActivityLog;
import dev.parley.feature.access.Bearers;
import dev.parley.feature.access.Principals;
import dev.parley.feature.directory.Directory;
import dev.parley.feature.directory.DirectoryFeature;
import dev.parley.feature.manage.ManageFeature;
import dev.parley.feature.manage.ManagePlaces;
import dev.parley.feature.manage.Resources;
import dev.parley.feature.manage.StatusRows;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The rooms behind the management plane: who there is, who may what, and what there is. */
final class ManagementRooms {
  private static final Duration DELIVERY_TOKEN = Duration.ofHours(1);

  private final Resources resources;
  private final Access access;
  private final Arm arm;
  private final Directory directory;
  private final DirectoryFeature directoryFeature;
  private final List<Feature> features;

  ManagementRooms(
      HouseConfig config,
      Store store,
      Bus bus,
      Sealer sealer,
      Resources resources,
      KeySource keys,
      InstantSource clock,
      SecureRandom random) {
    this.resources = resources;
    Supplier<URI> house = () -> resources.register().house().endpoint();
    directory = new Directory(config.directory(), store, sealer, clock, random);
    Principals principals =
        name ->
            directory
                .find(name)
                .map(one -> new Principals.Known(one.id(), one.name(), one.application()));
    var strangers = !config.directory().outside().isEmpty();
    access = new Access(store, principals, strangers, clock);
    var log = new ActivityLog(config.access(), store, clock);
    var statuses = new StatusRows(store, clock);
    var places = new ManagePlaces(resources);
    var operators = new OperatorLog(log, places);
    arm = new Arm(access, places, log, statuses);
    directoryFeature =
        new DirectoryFeature(
            config.directory(), directory, operators, house, keys, bus, clock, random);
    features =
        List.of(
            directoryFeature,
            new AccessFeature(
                access, log, operators, arm, principals, Directory.DEVELOPER, bus, clock),
            new ManageFeature(
                config.manage(),
                resources,
                statuses,
                arm,
                operators,
                access::forget,
                directory::tenant,
                clock));
  }

  /** The plumbing, for rooms with routes of their own on the management plane. */
  Arm arm() {
    return arm;
  }

  /** Whether it is one of an application's secrets. */
  boolean knowsSecret(String clientId, String secret) {
    return directory.knowsSecret(clientId, secret);
  }

  /** A token for a delivery of events, of this server's own tenant. */
  Optional<String> deliveryToken(ResourceId resource, String tenant, String application) {
    return tenant.isEmpty() || tenant.equalsIgnoreCase(directory.tenant())
        ? Optional.of(directoryFeature.serviceToken(application, DELIVERY_TOKEN))
        : Optional.empty();
  }

  /** The directory, which issues tokens. */
  DirectoryFeature directory() {
    return directoryFeature;
  }

  /** In the order in which they start. */
  List<Feature> features() {
    return features;
  }

  /** Proves every bearer token: those of principals here, users' by identity. */
  BearerVerifier bearers(BearerVerifier users) {
    return new Bearers(
        directoryFeature,
        users,
        access,
        resources.register()::idOf,
        () -> resources.register().house().endpoint());
  }
}
