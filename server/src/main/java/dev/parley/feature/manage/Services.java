package dev.parley.feature.manage;

import dev.parley.base.arm.Arm;
import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.ArmProblems;
import dev.parley.base.arm.ArmStatuses;
import dev.parley.base.arm.ArmTags;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ResourceId;
import dev.parley.feature.manage.ServiceModels.Body;
import dev.parley.feature.manage.ServiceModels.NameModel;
import dev.parley.feature.manage.ServiceModels.PropertiesBody;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rules of communication services on the management plane. */
final class Services {
  private static final Logger log = LoggerFactory.getLogger(Services.class);
  private static final int DOMAINS_MAX = 100;
  private static final Duration SMALL = Duration.ofMillis(500);
  private static final String DOMAINS = "Microsoft.Communication/emailServices/domains";
  private static final PropertiesBody NOTHING = new PropertiesBody(null, null, null, null);

  private final ManageConfig config;
  private final Resources resources;
  private final Places places;
  private final Arm arm;

  Services(ManageConfig config, Resources resources, Arm arm) {
    this.config = config;
    this.resources = resources;
    this.places = resources.places();
    this.arm = arm;
  }

  /**
   * Makes a service.
   *
   * @throws dev.parley.base.words.Refusal 400 for what cannot be, 409 for a name in use or a group
   *     that is going
   */
  ResourceTable.Entry create(ArmId id, Body body, Caller.Principal caller) {
    var properties = properties(body);
    var location = properties.dataLocation();
    if (location == null) {
      throw ArmProblems.badContent(
          "properties.dataLocation", "The property dataLocation is required.");
    }
    var group = id.parent();
    checkGroup(group);
    var fresh = resources.settings(group, id.name(), dataLocation(location), caller);
    var made = resources.create(replaced(fresh, body), caller.origin());
    try {
      // The group may have begun to go between the look and the creation.
      checkGroup(group);
    } catch (dev.parley.base.words.Refusal refusal) {
      deleteNow(made, caller.origin());
      throw refusal;
    }
    return made;
  }

  private void checkGroup(ArmId group) {
    var there = places.group(group).orElseThrow(() -> ArmProblems.noGroup(group.name()));
    if (there.deleting()) {
      throw ManageProblems.groupGoing(group.name());
    }
  }

  private String dataLocation(String given) {
    return config.dataLocations().stream()
        .filter(given::equalsIgnoreCase)
        .findFirst()
        .orElseThrow(() -> ManageProblems.badDataLocation(given, config.dataLocations()));
  }

  /** PUT on what is there: what the body leaves out gets its default, but for the location. */
  ResourceTable.Entry replace(ResourceTable.Entry entry, Body body, Caller.Principal caller) {
    var given = properties(body).dataLocation();
    if (given != null && !given.equalsIgnoreCase(entry.stored().settings().dataLocation())) {
      throw ManageProblems.dataLocationStays();
    }
    var wanted = replaced(entry.stored().settings(), body);
    return resources.update(entry.resource().id(), _ -> wanted, caller);
  }

  private ServiceSettings replaced(ServiceSettings old, Body body) {
    var properties = properties(body);
    return changed(
        old,
        body,
        new PropertiesBody(
            null,
            properties.linkedDomains() == null ? List.of() : properties.linkedDomains(),
            properties.publicNetworkAccess() == null
                ? ServiceSettings.ENABLED
                : properties.publicNetworkAccess(),
            Boolean.TRUE.equals(properties.disableLocalAuth())),
        true);
  }

  /** PATCH: what the body leaves out stays. */
  ResourceTable.Entry merge(ResourceTable.Entry entry, Body body, Caller.Principal caller) {
    var properties = properties(body);
    if (properties.dataLocation() != null
        && !properties.dataLocation().equalsIgnoreCase(entry.stored().settings().dataLocation())) {
      throw ManageProblems.dataLocationStays();
    }
    changed(entry.stored().settings(), body, properties, false);
    return resources.update(
        entry.resource().id(), now -> changed(now, body, properties, false), caller);
  }

  private ServiceSettings changed(
      ServiceSettings old, Body body, PropertiesBody properties, boolean whole) {
    var local = properties.disableLocalAuth();
    return new ServiceSettings(
        old.subscription(),
        old.group(),
        old.name(),
        old.dataLocation(),
        body.tags() == null && !whole ? old.tags() : ArmTags.checked(body.tags()),
        local == null ? old.disableLocalAuth() : local,
        publicNetwork(properties.publicNetworkAccess(), old.publicNetwork()),
        properties.linkedDomains() == null
            ? old.linkedDomains()
            : domains(properties.linkedDomains(), old.subscription()),
        identity(old, body, whole),
        old.version(),
        old.made());
  }

  private static @Nullable ServiceIdentity identity(ServiceSettings old, Body body, boolean whole) {
    var given = body.identity();
    if (given == null) {
      return whole ? null : old.identity();
    }
    return ServiceIdentities.read(given, old.id()).orElse(null);
  }

  private static PropertiesBody properties(Body body) {
    var properties = body.properties();
    return properties == null ? NOTHING : properties;
  }

  private static String publicNetwork(@Nullable String given, String old) {
    if (given == null) {
      return old;
    }
    return List.of(ServiceSettings.ENABLED, "Disabled", "SecuredByPerimeter").stream()
        .filter(given::equalsIgnoreCase)
        .findFirst()
        .orElseThrow(() ->
            ArmProblems.badContent(
                "properties.publicNetworkAccess",
                "publicNetworkAccess must be Enabled, Disabled or SecuredByPerimeter."));
  }

  /** Ids of domains that are there; a domain of another subscription is none of ours to link. */
  private List<String> domains(List<@Nullable String> given, String subscription) {
    if (given.size() > DOMAINS_MAX) {
      throw ArmProblems.badContent(
          "properties.linkedDomains", "At most " + DOMAINS_MAX + " domains can be linked.");
    }
    var kept =
        arm.inventories().stream().filter(one -> one.type().equalsIgnoreCase(DOMAINS)).toList();
    var linked = new ArrayList<String>();
    for (var text : given) {
      var id =
          ArmId.parse(text == null ? "" : text)
              .filter(one -> one.type().equalsIgnoreCase(DOMAINS))
              .filter(one -> one.subscription().equalsIgnoreCase(subscription))
              .orElseThrow(() -> ManageProblems.badDomain(String.valueOf(text)));
      if (kept.stream()
          .flatMap(one -> one.list(id.subscription()).stream())
          .noneMatch(one -> one.id().equals(id))) {
        throw ManageProblems.badDomain(id.toString());
      }
      if (!linked.contains(id.toString())) {
        linked.add(id.toString());
      }
    }
    return linked;
  }

  /**
   * Ends the service at once, and erases its data on a thread that the status follows. A small one
   * is gone before this returns, so that clients need not ask twice.
   */
  void delete(ResourceTable.Entry entry, String status, Origin origin) {
    var id = resources.deletions().remove(entry, origin);
    var erasing = Thread.ofVirtual().name("erase " + id).start(() -> erase(id, status));
    try {
      erasing.join(SMALL);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void erase(ResourceId id, String status) {
    try {
      if (!resources.deletions().undoes()) {
        resources.deletions().purge(id);
      }
      arm.statuses().end(status, Optional.empty());
    } catch (RuntimeException e) {
      // What is left is erased by the next round of finishErasures.
      log.error("resource {} could not be erased", id, e);
      arm.statuses()
          .end(
              status,
              Optional.of(
                  new ArmStatuses.Failure(
                      "InternalServerError", "The data could not be erased yet.")));
    }
  }

  /** The same before it returns. */
  void deleteNow(ResourceTable.Entry entry, Origin origin) {
    var id = resources.deletions().remove(entry, origin);
    if (!resources.deletions().undoes()) {
      resources.deletions().purge(id);
    }
  }

  /** Whether a resource of another type can have the name. */
  NameModel otherName(String name, String type) {
    var taken =
        arm.inventories().stream()
            .filter(one -> one.type().equalsIgnoreCase(type))
            .flatMap(one ->
                arm.places().subscriptions().stream()
                    .flatMap(subscription -> one.list(subscription.subscription()).stream()))
            .anyMatch(one -> one.id().name().equalsIgnoreCase(name));
    return taken
        ? new NameModel(
            false, "AlreadyExists", "Requested name is unavailable for the requested type")
        : new NameModel(true, null, null);
  }
}
