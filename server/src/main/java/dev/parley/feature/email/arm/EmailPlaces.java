package dev.parley.feature.email.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.ArmPlaces;
import dev.parley.base.arm.ArmProblems;
import dev.parley.base.arm.ArmTags;
import dev.parley.base.arm.SystemData;
import dev.parley.base.kit.Json;
import dev.parley.base.store.Store;
import dev.parley.base.words.Caller;
import dev.parley.feature.email.Addresses;
import dev.parley.feature.email.Domains;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The front door of email's management plane: what there is, who it belongs to, and the rules of
 * its names.
 */
final class EmailPlaces {
  static final int LISTED_MAX = 10_000;
  private static final int CHILDREN_MAX = 1_000;
  private static final Pattern SERVICE_NAME =
      Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?");
  private static final Pattern USERNAME =
      Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*");
  private static final Pattern CHILD_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,127}");

  private final Store store;
  private final ArmPlaces places;
  private final Domains domains;
  private final InstantSource clock;
  private final PlaceStore rows = new PlaceStore();

  EmailPlaces(Store store, ArmPlaces places, Domains domains, InstantSource clock) {
    this.store = store;
    this.places = places;
    this.domains = domains;
    this.clock = clock;
  }

  Place get(ArmId id) {
    return find(id).orElseThrow(() -> ArmProblems.noResource(id));
  }

  Optional<Place> find(ArmId id) {
    return store.read(all -> rows.find(all, id));
  }

  /** Children of one type. */
  List<Place> children(ArmId parent, String type) {
    get(parent);
    return list(parent.key() + "/" + type.toLowerCase(Locale.ROOT), parent.segments().size() + 2);
  }

  /** Everything of one depth whose path begins so. */
  List<Place> list(String prefix, int segments) {
    return store.read(all -> rows.below(all, prefix, LISTED_MAX)).stream()
        .filter(place -> place.armId().segments().size() == segments)
        .toList();
  }

  Place putService(ArmId id, PlaceBody body, Caller.Principal caller) {
    if (!SERVICE_NAME.matcher(id.name()).matches()) {
      throw EmailArmProblems.badName(id.name(), id.type());
    }
    checkLocation(id, body);
    var location = body.text("dataLocation");
    var before = find(id);
    if (location.isBlank() && before.isEmpty()) {
      throw EmailArmProblems.badProperty("dataLocation", "given");
    }
    var properties = Json.mapper().createObjectNode();
    properties.put(
        "dataLocation", location.isBlank() ? before.get().text("dataLocation") : location);
    properties.put("provisioningState", "Succeeded");
    return put(id, before, "global", tags(body, before), properties, caller);
  }

  Place putDomain(ArmId id, PlaceBody body, Caller.Principal caller) {
    var parent = parent(id);
    checkLocation(id, body);
    var management = body.text("domainManagement");
    var managed = management.equals("AzureManaged");
    if (!managed && !management.equals("CustomerManaged")) {
      throw EmailArmProblems.badProperty("domainManagement", "AzureManaged or CustomerManaged");
    }
    var isManagedName = id.name().equalsIgnoreCase(Domains.MANAGED);
    if (managed != isManagedName || (!managed && !Addresses.isAddress("a@" + id.name()))) {
      throw EmailArmProblems.badName(id.name(), id.type());
    }
    var before = find(id);
    var tracking = tracking(body, before);
    var domain =
        managed ? domains.managedDomain(parent.armId()) : Addresses.domain("a@" + id.name());
    var properties = Json.mapper().createObjectNode();
    properties.put("provisioningState", "Succeeded");
    properties.put("dataLocation", parent.text("dataLocation"));
    properties.put("fromSenderDomain", domain);
    properties.put("mailFromSenderDomain", domain);
    properties.put("domainManagement", management);
    properties.put("userEngagementTracking", tracking ? "Enabled" : "Disabled");
    if (before.isPresent()) {
      properties.set("verificationStates", before.get().properties().get("verificationStates"));
    } else {
      var states = properties.putObject("verificationStates");
      for (var check : DomainCheck.Kind.values()) {
        states.putObject(check.word()).put("status", managed ? "Verified" : "NotStarted");
      }
    }
    var place = put(id, before, "global", tags(body, before), properties, caller);
    domains.put(parent.armId(), id.name(), domain, managed || isVerified(place), tracking);
    if (before.isEmpty()) {
      var sender =
          Json.mapper().createObjectNode().put("username", "donotreply").put("displayName", "");
      putSender(
          id.child("senderUsernames", "donotreply"), new PlaceBody(null, null, sender), caller);
    }
    return place;
  }

  Place patchDomain(ArmId id, PlaceBody body, Caller.Principal caller) {
    var before = get(id);
    var merged =
        body.properties() == null ? Json.mapper().createObjectNode() : body.properties().deepCopy();
    merged.put("domainManagement", before.text("domainManagement"));
    return putDomain(id, new PlaceBody("global", body.tags(), merged), caller);
  }

  Place patchService(ArmId id, PlaceBody body, Caller.Principal caller) {
    get(id);
    return putService(id, new PlaceBody("global", body.tags(), null), caller);
  }

  private static boolean tracking(PlaceBody body, Optional<Place> before) {
    return switch (body.text("userEngagementTracking")) {
      case "Enabled" -> true;
      case "Disabled" -> false;
      case "" ->
          before.map(place -> place.text("userEngagementTracking").equals("Enabled")).orElse(false);
      default ->
          throw EmailArmProblems.badProperty("userEngagementTracking", "Enabled or Disabled");
    };
  }

  /** Domain, SPF and both DKIM records must be there; DMARC is the domain's own choice. */
  private static boolean isVerified(Place domain) {
    for (var kind : DomainCheck.Kind.values()) {
      var status =
          domain.properties().at("/verificationStates/" + kind.word() + "/status").asText();
      if (kind != DomainCheck.Kind.DMARC && !status.equals("Verified")) {
        return false;
      }
    }
    return true;
  }

  /** Writes what a check of the domain's records found. */
  Place setState(ArmId id, DomainCheck.Kind kind, String status, String errorCode) {
    var place =
        store.write(
            PlaceStore.PARTITION,
            tx -> {
              var now = rows.find(tx, id).orElseThrow(() -> ArmProblems.noResource(id));
              var states = (ObjectNode) now.properties().get("verificationStates");
              states.putObject(kind.word()).put("status", status).put("errorCode", errorCode);
              rows.put(tx, now);
              return now;
            });
    if (isVerified(place)) {
      domains.put(
          id.parent(),
          id.name(),
          place.text("fromSenderDomain"),
          true,
          place.text("userEngagementTracking").equals("Enabled"));
    }
    return place;
  }

  Place putSender(ArmId id, PlaceBody body, Caller.Principal caller) {
    var parent = parent(id);
    var username = body.text("username");
    if (username.length() > 64
        || !USERNAME.matcher(username).matches()
        || !username.equalsIgnoreCase(id.name())) {
      throw EmailArmProblems.badProperty(
          "username", "the local part of an address, as the resource is named");
    }
    var display = body.text("displayName");
    if (display.length() > 256 || display.chars().anyMatch(Character::isISOControl)) {
      throw EmailArmProblems.badProperty("displayName", "a name without control characters");
    }
    checkCount(id, "senderUsernames");
    var properties = Json.mapper().createObjectNode();
    properties.put("dataLocation", parent.text("dataLocation"));
    properties.put("username", username);
    properties.put("displayName", display);
    properties.put("provisioningState", "Succeeded");
    var place = put(id, find(id), "", Map.of(), properties, caller);
    domains.putSender(id.parent().parent(), id.parent().name(), username, display);
    return place;
  }

  Place putList(ArmId id, PlaceBody body, Caller.Principal caller) {
    var parent = parent(id);
    var name = body.text("listName");
    if (!CHILD_NAME.matcher(id.name()).matches()) {
      throw EmailArmProblems.badName(id.name(), id.type());
    }
    var known =
        children(id.parent(), "senderUsernames").stream().map(sender -> sender.text("username"));
    if (!name.isEmpty() && known.noneMatch(name::equalsIgnoreCase)) {
      throw EmailArmProblems.badProperty("listName", "a sender user name of the domain");
    }
    checkCount(id, "suppressionLists");
    var before = find(id);
    var properties = Json.mapper().createObjectNode();
    var now = clock.instant().toString();
    properties.put("listName", name);
    properties.put(
        "createdTimeStamp", before.map(list -> list.text("createdTimeStamp")).orElse(now));
    properties.put("lastUpdatedTimeStamp", now);
    properties.put("dataLocation", parent.text("dataLocation"));
    return put(id, before, "", Map.of(), properties, caller);
  }

  Place putAddress(ArmId id, PlaceBody body, Caller.Principal caller) {
    var list = parent(id);
    var email = body.text("email");
    if (!CHILD_NAME.matcher(id.name()).matches()) {
      throw EmailArmProblems.badName(id.name(), id.type());
    }
    if (!Addresses.isAddress(email)) {
      throw EmailArmProblems.badProperty("email", "an address");
    }
    var properties = Json.mapper().createObjectNode();
    properties.put("email", email);
    for (var optional : List.of("firstName", "lastName", "notes")) {
      if (!body.text(optional).isEmpty()) {
        properties.put(
            optional,
            body.text(optional).substring(0, Math.min(1024, body.text(optional).length())));
      }
    }
    properties.put("lastModified", clock.instant().toString());
    properties.put("dataLocation", list.text("dataLocation"));
    var before = find(id);
    before.ifPresent(old -> suppress(id, list, old.text("email"), false));
    var place = put(id, before, "", Map.of(), properties, caller);
    suppress(id, list, email, true);
    return place;
  }

  private void suppress(ArmId id, Place list, String email, boolean on) {
    var domain = list.armId().parent();
    domains.suppress(
        domain.parent(),
        domain.name(),
        list.armId().name() + "/" + id.name().toLowerCase(Locale.ROOT),
        list.text("listName").toLowerCase(Locale.ROOT),
        email,
        on);
  }

  /** Deletes it with everything below; false when it was gone already. */
  boolean delete(ArmId id) {
    var there = find(id);
    if (there.isEmpty()) {
      return false;
    }
    // The parts of the id say what it is: service 8, domain 10, then lists and senders 12,
    // addresses 14.
    var below = id.segments().size() == 8 ? children(id, "domains") : List.<Place>of();
    below.forEach(domain -> delete(domain.armId()));
    switch (id.segments().size()) {
      case 10 -> {
        if (id.type().toLowerCase(Locale.ROOT).endsWith("smtpusernames")) {
          store.write(
              PlaceStore.PARTITION,
              tx -> {
                rows.deleteUsername(tx, there.get().text("username"));
                return true;
              });
        } else {
          places
              .linkedTo(id)
              .ifPresent(_ -> {
                throw EmailArmProblems.linked(id);
              });
          domains.delete(id.parent(), id.name());
        }
      }
      case 12 -> {
        if (id.type().toLowerCase(Locale.ROOT).endsWith("senderusernames")) {
          domains.deleteSender(
              id.parent().parent(), id.parent().name(), there.get().text("username"));
        } else {
          for (var address : children(id, "suppressionListAddresses")) {
            suppress(address.armId(), there.get(), address.text("email"), false);
          }
        }
      }
      case 14 -> suppress(id, get(id.parent()), there.get().text("email"), false);
      default -> {}
    }
    store.write(
        PlaceStore.PARTITION,
        tx -> {
          rows.delete(tx, id);
          return true;
        });
    return true;
  }

  Place putSmtpUsername(ArmId id, PlaceBody body, Caller.Principal caller) {
    if (places.communicationService(id.parent()).isEmpty()) {
      throw ArmProblems.noParent(id.parent());
    }
    var username = body.text("username");
    var application = body.text("entraApplicationId");
    var tenant = body.text("tenantId");
    if (!CHILD_NAME.matcher(id.name()).matches()) {
      throw EmailArmProblems.badName(id.name(), id.type());
    }
    if (username.isBlank()
        || username.length() > 256
        || username.chars().anyMatch(c -> c <= ' ' || c == 127)) {
      throw EmailArmProblems.badProperty("username", "a name without blanks");
    }
    if (application.isBlank() || tenant.isBlank()) {
      throw EmailArmProblems.badProperty(
          application.isBlank() ? "entraApplicationId" : "tenantId", "given");
    }
    var properties = Json.mapper().createObjectNode();
    properties.put("username", username);
    properties.put("entraApplicationId", application);
    properties.put("tenantId", tenant);
    var holder = usernameHolder(username);
    if (holder.isPresent() && !holder.get().armId().equals(id)) {
      throw EmailArmProblems.taken(username);
    }
    var before = find(id);
    var place = put(id, before, "", Map.of(), properties, caller);
    store.write(
        PlaceStore.PARTITION,
        tx -> {
          before.ifPresent(old -> rows.deleteUsername(tx, old.text("username")));
          rows.putUsername(tx, username, place);
          return true;
        });
    return place;
  }

  /** Children of a communication service, which is none of ours. */
  List<Place> smtpUsernames(ArmId service) {
    if (places.communicationService(service).isEmpty()) {
      throw ArmProblems.noResource(service);
    }
    return list(service.key() + "/smtpusernames", service.segments().size() + 2);
  }

  /** Who has a user name. */
  Optional<Place> usernameHolder(String username) {
    return store.read(all -> rows.ofUsername(all, username));
  }

  private void checkCount(ArmId id, String type) {
    if (find(id).isEmpty() && children(id.parent(), type).size() >= CHILDREN_MAX) {
      throw EmailArmProblems.tooMany(type, CHILDREN_MAX);
    }
  }

  private Place parent(ArmId id) {
    return find(id.parent()).orElseThrow(() -> ArmProblems.noParent(id.parent()));
  }

  private static void checkLocation(ArmId id, PlaceBody body) {
    if (body.location() == null) {
      throw ArmProblems.locationRequired();
    }
    if (!body.location().equalsIgnoreCase("global")) {
      throw ArmProblems.badLocation(body.location(), id.type());
    }
  }

  private static Map<String, String> tags(PlaceBody body, Optional<Place> before) {
    return body.tags() == null
        ? before.map(Place::tags).orElse(Map.of())
        : ArmTags.checked(body.tags());
  }

  private Place put(
      ArmId id,
      Optional<Place> before,
      String location,
      Map<String, String> tags,
      ObjectNode properties,
      Caller.Principal caller) {
    var now = clock.instant();
    var made =
        before
            .map(old -> old.made().changed(caller, now))
            .orElseGet(() -> SystemData.made(caller, now));
    var place =
        new Place(before.map(Place::id).orElse(id.toString()), location, tags, properties, made);
    return store.write(
        PlaceStore.PARTITION,
        tx -> {
          rows.put(tx, place);
          return place;
        });
  }
}
