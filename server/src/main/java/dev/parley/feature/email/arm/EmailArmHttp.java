package dev.parley.feature.email.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.base.arm.Arm;
import dev.parley.base.arm.ArmCall;
import dev.parley.base.arm.ArmHandler;
import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.ArmList;
import dev.parley.base.arm.ArmOperation;
import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Caller;
import dev.parley.feature.email.Domains;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Routes of email's management plane. */
final class EmailArmHttp {
  static final ApiVersions VERSIONS =
      ApiVersions.of(
          "2021-10-01-preview",
          "2022-07-01-preview",
          "2023-03-01-preview",
          "2023-03-31",
          "2023-04-01-preview",
          "2023-04-01",
          "2023-06-01-preview",
          "2023-06-01",
          "2024-09-01-preview",
          "2025-05-01-preview",
          "2025-05-01",
          "2025-09-01");

  private static final String PROVIDER = "/providers/Microsoft.Communication";
  private static final String SERVICES = PROVIDER + "/emailServices";
  private static final String SERVICE = ArmOperation.GROUP + SERVICES + "/{emailServiceName}";
  private static final String DOMAIN = SERVICE + "/domains/{domainName}";
  private static final String SENDER = DOMAIN + "/senderUsernames/{senderUsername}";
  private static final String LIST = DOMAIN + "/suppressionLists/{suppressionListName}";
  private static final String ADDRESS = LIST + "/suppressionListAddresses/{addressId}";
  private static final String COMMUNICATION =
      ArmOperation.GROUP + PROVIDER + "/communicationServices/{communicationServiceName}";
  private static final String SMTP = COMMUNICATION + "/smtpUsernames/{smtpUsername}";
  private static final String RIGHT = "Microsoft.Communication/emailServices/";

  /** Which record to verify. */
  private record VerificationBody(@Nullable String verificationType) {}

  /** Makes or changes a resource. */
  @FunctionalInterface
  private interface Put {
    Place put(ArmId id, PlaceBody body, Caller.Principal caller);
  }

  private final EmailPlaces places;
  private final DomainCheck check;
  private final Domains domains;
  private final Arm arm;

  EmailArmHttp(EmailPlaces places, DomainCheck check, Domains domains, Arm arm) {
    this.places = places;
    this.check = check;
    this.domains = domains;
    this.arm = arm;
  }

  List<Route> routes() {
    var routes = new ArrayList<Route>();
    routes.add(
        read(
            ArmOperation.SUBSCRIPTION,
            SERVICES,
            "EmailServices_ListBySubscription",
            "",
            this::services));
    routes.add(
        read(
            ArmOperation.GROUP, SERVICES, "EmailServices_ListByResourceGroup", "", this::services));
    routes.add(
        operation(
            Method.POST,
            ArmOperation.SUBSCRIPTION,
            PROVIDER + "/listVerifiedExchangeOnlineDomains",
            "EmailServices_ListVerifiedExchangeOnlineDomains",
            RIGHT + "read",
            _ -> Response.json(200, List.of())));
    routes.addAll(crud(SERVICE, "EmailServices", "", places::putService, true));
    routes.add(patch(SERVICE, "EmailServices_Update", "", places::patchService));
    routes.add(children(SERVICE, "domains", "Domains_ListByEmailServiceResource"));
    routes.addAll(crud(DOMAIN, "Domains", "domains/", places::putDomain, true));
    routes.add(patch(DOMAIN, "Domains_Update", "domains/", places::patchDomain));
    routes.add(verification("initiateVerification", "Domains_InitiateVerification", this::verify));
    routes.add(verification("cancelVerification", "Domains_CancelVerification", this::cancel));
    routes.add(children(DOMAIN, "senderUsernames", "SenderUsernames_ListByDomains"));
    routes.addAll(
        crud(SENDER, "SenderUsernames", "domains/senderUsernames/", places::putSender, false));
    routes.add(children(DOMAIN, "suppressionLists", "SuppressionLists_ListByDomain"));
    routes.addAll(
        crud(LIST, "SuppressionLists", "domains/suppressionLists/", places::putList, false));
    routes.add(children(LIST, "suppressionListAddresses", "SuppressionListAddresses_List"));
    routes.addAll(
        crud(
            ADDRESS,
            "SuppressionListAddresses",
            "domains/suppressionLists/suppressionListAddresses/",
            places::putAddress,
            false));
    routes.addAll(smtpUsernames());
    return List.copyOf(routes);
  }

  private List<Route> smtpUsernames() {
    var right = "Microsoft.Communication/communicationServices/smtpUsernames/";
    return List.of(
        operation(
            Method.GET,
            COMMUNICATION,
            "/smtpUsernames",
            "SmtpUsernames_List",
            right + "read",
            call -> page(call, places.smtpUsernames(call.id()))),
        operation(Method.GET, SMTP, "", "SmtpUsernames_Get", right + "read", this::get),
        operation(
            Method.PUT,
            SMTP,
            "",
            "SmtpUsernames_CreateOrUpdate",
            right + "write",
            call -> put(call, places::putSmtpUsername, false)),
        operation(
            Method.DELETE,
            SMTP,
            "",
            "SmtpUsernames_Delete",
            right + "delete",
            call -> delete(call, false)));
  }

  private Route operation(
      Method method, String scope, String rest, String name, String right, ArmHandler handler) {
    return arm.route(ArmOperation.of(method, scope, rest, name, right, VERSIONS, handler));
  }

  private Route read(String scope, String rest, String name, String type, ArmHandler handler) {
    return operation(Method.GET, scope, rest, name, RIGHT + type + "read", handler);
  }

  private Route patch(String scope, String name, String type, Put change) {
    return operation(
        Method.PATCH,
        scope,
        "",
        name,
        RIGHT + type + "write",
        call -> answer(200, change.put(call.id(), call.json(PlaceBody.class), call.caller())));
  }

  private Route children(String scope, String type, String name) {
    return read(
        scope,
        "/" + type,
        name,
        type.equals("domains") ? "domains/" : "domains/" + type + "/",
        call -> page(call, places.children(call.id(), type)));
  }

  private List<Route> crud(String scope, String name, String type, Put change, boolean slow) {
    return List.of(
        read(scope, "", name + "_Get", type, this::get),
        operation(
            Method.PUT,
            scope,
            "",
            name + "_CreateOrUpdate",
            RIGHT + type + "write",
            call -> put(call, change, slow)),
        operation(
            Method.DELETE,
            scope,
            "",
            name + "_Delete",
            RIGHT + type + "delete",
            call -> delete(call, slow)));
  }

  private Route verification(String action, String name, ArmHandler handler) {
    return operation(
        Method.POST, DOMAIN, "/" + action, name, RIGHT + "domains/" + action + "/action", handler);
  }

  private Response services(ArmCall call) {
    // A group's id is longer than a subscription's, and services lie at one depth below both.
    return page(call, places.list(call.id().key(), 8));
  }

  private Response page(ArmCall call, List<Place> all) {
    return Response.json(
        200, ArmList.page(call, all.stream().map(place -> PlaceModel.of(shown(place))).toList()));
  }

  private Response get(ArmCall call) {
    return answer(200, places.get(call.id()));
  }

  /** It is there before the answer leaves, so the status that clients follow is at its end. */
  private Response put(ArmCall call, Put change, boolean slow) {
    var isNew = places.find(call.id()).isEmpty();
    var place = change.put(call.id(), call.json(PlaceBody.class), call.caller());
    if (!isNew || !slow) {
      return answer(isNew ? 201 : 200, place);
    }
    var status = arm.statuses().begin(call.id());
    arm.statuses().end(status, Optional.empty());
    return call.followed(answer(201, place), status, 0);
  }

  private Response delete(ArmCall call, boolean slow) {
    if (!places.delete(call.id())) {
      return Response.empty(204);
    }
    if (!slow) {
      return Response.empty(200);
    }
    var status = arm.statuses().begin(call.id());
    arm.statuses().end(status, Optional.empty());
    return call.followed(Response.empty(202), status, 0);
  }

  private Response verify(ArmCall call) {
    var kind = kind(call);
    var place = places.get(call.id());
    if (place.text("domainManagement").equals("AzureManaged")) {
      throw EmailArmProblems.managed();
    }
    var status = arm.statuses().begin(call.id());
    // DNS takes its time, bounded by its own setting; clients follow the status meanwhile.
    places.setState(call.id(), kind, "VerificationInProgress", "");
    Thread.ofVirtual()
        .name("domain-check")
        .start(() -> {
          var found =
              check.check(
                  domains.domainOf(
                      call.id().parent(), place.text("fromSenderDomain"), call.id().name()),
                  kind);
          places.setState(
              call.id(),
              kind,
              found.there() ? "Verified" : "VerificationFailed",
              found.errorCode());
          arm.statuses().end(status, Optional.empty());
        });
    return call.followed(Response.empty(202), status, 1);
  }

  private Response cancel(ArmCall call) {
    var kind = kind(call);
    places.get(call.id());
    places.setState(call.id(), kind, "NotStarted", "");
    var status = arm.statuses().begin(call.id());
    arm.statuses().end(status, Optional.empty());
    return call.followed(Response.empty(202), status, 0);
  }

  private static DomainCheck.Kind kind(ArmCall call) {
    var given = call.json(VerificationBody.class).verificationType();
    for (var kind : DomainCheck.Kind.values()) {
      if (kind.word().equalsIgnoreCase(given)) {
        return kind;
      }
    }
    throw EmailArmProblems.badProperty("verificationType", "Domain, SPF, DKIM, DKIM2 or DMARC");
  }

  private Response answer(int status, Place place) {
    return Response.json(status, PlaceModel.of(shown(place)));
  }

  /** A domain's records are computed, so that what is shown is what is checked. */
  private Place shown(Place place) {
    var management = place.text("domainManagement");
    if (!management.equals("CustomerManaged")) {
      return place;
    }
    var id = place.armId();
    var domain = domains.domainOf(id.parent(), place.text("fromSenderDomain"), id.name());
    ObjectNode properties = place.properties().deepCopy();
    var records = properties.putObject("verificationRecords");
    for (var kind : DomainCheck.Kind.values()) {
      var wanted = check.wanted(domain, kind);
      records
          .putObject(kind.word())
          .put("type", "TXT")
          .put("name", wanted.name())
          .put("value", wanted.value())
          .put("ttl", 3600);
    }
    return new Place(place.id(), place.location(), place.tags(), properties, place.made());
  }
}
