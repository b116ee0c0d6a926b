package dev.parley.feature.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.base.arm.Arm;
import dev.parley.base.arm.ArmCall;
import dev.parley.base.arm.ArmHandler;
import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.ArmList;
import dev.parley.base.arm.ArmOperation;
import dev.parley.base.arm.ArmProblems;
import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceDirectory;
import dev.parley.base.words.ResourceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Event subscriptions in the management plane ({@code eventgrid-resource-manager}, 2022-06-15). */
final class SubscriptionHttp {
  static final ApiVersions VERSIONS =
      ApiVersions.of(
          "2018-01-01",
          "2019-01-01",
          "2019-06-01",
          "2020-06-01",
          "2021-12-01",
          "2022-06-15",
          "2023-12-15-preview",
          "2024-06-01-preview",
          "2025-02-15");

  private static final String SERVICE =
      ArmOperation.GROUP
          + "/providers/Microsoft.Communication/communicationServices/{communicationServiceName}";
  private static final String TYPE = "Microsoft.EventGrid/eventSubscriptions";
  private static final String COLLECTION = "/providers/" + TYPE;
  private static final String ONE = SERVICE + COLLECTION + "/{eventSubscriptionName}";
  private static final String TOPIC_SUBSCRIPTION = SystemTopic.TYPE + "/eventSubscriptions";
  private static final String BELOW_TOPIC =
      SystemTopicHttp.TOPIC + "/eventSubscriptions/{eventSubscriptionName}";
  private static final String TOPIC_TYPE = "/topicTypes/{topicTypeName}/eventSubscriptions";
  private static final String LOCATION = "/locations/{location}";

  private record Body(@Nullable SubscriptionModel properties) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Shown(
      String id, String name, String type, SubscriptionModel properties, Made systemData) {}

  private record Made(
      String createdBy, String createdAt, String lastModifiedBy, String lastModifiedAt) {}

  private record FullUrl(String endpointUrl) {}

  private record Attributes(List<SubscriptionModel.Attribute> value) {}

  private final Subscriptions subscriptions;
  private final Arm arm;
  private final ResourceDirectory resources;
  private final SystemTopics topics;

  SubscriptionHttp(
      Subscriptions subscriptions, SystemTopics topics, Arm arm, ResourceDirectory resources) {
    this.subscriptions = subscriptions;
    this.topics = topics;
    this.arm = arm;
    this.resources = resources;
  }

  List<Route> routes() {
    var operations = new ArrayList<ArmOperation>();
    addOne(operations, ONE, TYPE, "EventSubscriptions_");
    addOne(operations, BELOW_TOPIC, TOPIC_SUBSCRIPTION, "SystemTopicEventSubscriptions_");
    operations.add(
        ArmOperation.of(
            Method.GET,
            SystemTopicHttp.TOPIC,
            "/eventSubscriptions",
            "SystemTopicEventSubscriptions_ListBySystemTopic",
            TOPIC_SUBSCRIPTION + "/read",
            VERSIONS,
            this::list));
    operations.add(list(SERVICE, COLLECTION, "ListByResource"));
    for (var scope : List.of(ArmOperation.SUBSCRIPTION, ArmOperation.GROUP)) {
      var by = scope.equals(ArmOperation.GROUP) ? "ByResourceGroup" : "BySubscription";
      var provider = "/providers/Microsoft.EventGrid";
      operations.add(list(scope, provider + "/eventSubscriptions", "ListGlobal" + by));
      operations.add(list(scope, provider + TOPIC_TYPE, "ListGlobal" + by + "ForTopicType"));
      operations.add(list(scope, provider + LOCATION + "/eventSubscriptions", "ListRegional" + by));
      operations.add(
          list(scope, provider + LOCATION + TOPIC_TYPE, "ListRegional" + by + "ForTopicType"));
    }
    return operations.stream().map(arm::route).toList();
  }

  /** The operations on one subscription, which are the same in both places. */
  private void addOne(List<ArmOperation> operations, String one, String type, String name) {
    var place = new Place(one, type, name);
    operations.add(place.on(Method.GET, "", "Get", "read", this::get));
    operations.add(place.on(Method.PUT, "", "CreateOrUpdate", "write", this::put));
    operations.add(place.on(Method.PATCH, "", "Update", "write", this::patch));
    operations.add(place.on(Method.DELETE, "", "Delete", "delete", this::delete));
    operations.add(
        place.on(Method.POST, "/getFullUrl", "GetFullUrl", "getFullUrl/action", this::fullUrl));
    operations.add(
        place
            .on(
                Method.POST,
                "/getDeliveryAttributes",
                "GetDeliveryAttributes",
                "getDeliveryAttributes/action",
                this::attributes)
            .asQuestion());
  }

  /** Where a subscription is found. */
  private record Place(String one, String type, String name) {
    ArmOperation on(
        Method method, String rest, String operation, String right, ArmHandler handler) {
      return ArmOperation.of(
          method, one, rest, name + operation, type + "/" + right, VERSIONS, handler);
    }
  }

  private ArmOperation list(String scope, String rest, String name) {
    return ArmOperation.of(
        Method.GET,
        scope,
        rest,
        "EventSubscriptions_" + name,
        TYPE + "/read",
        VERSIONS,
        this::list);
  }

  private Response get(ArmCall call) {
    var resource = source(call.id().parent());
    return Response.json(200, shown(call, subscriptions.get(resource.id(), call.id().name())));
  }

  private Response put(ArmCall call) {
    var resource = source(call.id().parent());
    var model = call.json(Body.class).properties();
    if (model == null) {
      throw EventsProblems.missing("properties");
    }
    return Response.json(
        201, shown(call, subscriptions.put(resource, call.id().name(), model, call.origin())));
  }

  private Response patch(ArmCall call) {
    var resource = source(call.id().parent());
    var update = call.json(SubscriptionModel.class);
    return Response.json(
        201, shown(call, subscriptions.patch(resource, call.id().name(), update, call.origin())));
  }

  private Response delete(ArmCall call) {
    var resource = source(call.id().parent());
    var there = subscriptions.delete(resource.id(), call.id().name(), call.origin());
    return Response.empty(there ? 200 : 204);
  }

  private Response fullUrl(ArmCall call) {
    var resource = source(call.id().parent());
    return Response.json(200, new FullUrl(subscriptions.fullUrl(resource.id(), call.id().name())));
  }

  private Response attributes(ArmCall call) {
    var resource = source(call.id().parent());
    var endpoint = subscriptions.get(resource.id(), call.id().name()).settings().endpoint();
    return Response.json(
        200, new Attributes(SubscriptionWriter.attributes(endpoint.attributes(), false)));
  }

  /**
   * Everything below the scope; a location other than global, or another kind of topic, has none.
   */
  private Response list(ArmCall call) {
    var found = new ArrayList<Shown>();
    if (fits(call, "topicTypeName", SystemTopic.TOPIC_TYPE) && fits(call, "location", "global")) {
      for (var resource : below(call.id())) {
        subscriptions.list(resource).forEach(subscription -> found.add(shown(call, subscription)));
      }
    }
    var name = call.request().query("$filter").flatMap(SubscriptionHttp::contained);
    name.ifPresent(
        part -> found.removeIf(shown -> !shown.name().toLowerCase(Locale.ROOT).contains(part)));
    return Response.json(200, ArmList.page(call, found));
  }

  private static boolean fits(ArmCall call, String parameter, String value) {
    var asked = call.request().route().path().contains("{" + parameter + "}");
    return !asked || call.path(parameter).equalsIgnoreCase(value);
  }

  /** {@code contains(name, 'part')}, the one form that the contract describes for names. */
  private static Optional<String> contained(String filter) {
    var match =
        java.util.regex.Pattern.compile(
                "(?i)\\s*contains\\(\\s*name\\s*,\\s*'([^']{0,64})'\\s*\\)\\s*")
            .matcher(filter);
    return match.matches()
        ? Optional.of(match.group(1).toLowerCase(Locale.ROOT))
        : Optional.empty();
  }

  private List<ResourceId> below(ArmId scope) {
    if (scope.isResource()) {
      return List.of(source(scope).id());
    }
    return subscriptions.resources().stream()
        .filter(resource -> arm.places().idOf(resource).filter(id -> id.within(scope)).isPresent())
        .toList();
  }

  /** The service whose events are meant, which a system topic names too. */
  private Resource source(ArmId above) {
    var service = isTopic(above) ? topics.source(topics.get(above)) : above;
    return arm.places()
        .communicationService(service)
        .flatMap(resources::byId)
        .orElseThrow(() -> ArmProblems.noResource(above));
  }

  private static boolean isTopic(ArmId id) {
    return id.type().toLowerCase(Locale.ROOT).startsWith(SystemTopic.TYPE.toLowerCase(Locale.ROOT));
  }

  /** A subscription by the name that it was asked for: below its service or its system topic. */
  private Shown shown(ArmCall call, Subscription subscription) {
    var name = subscription.settings().name();
    var resource = subscription.key().resource();
    var service = arm.places().idOf(resource).map(Object::toString).orElse("");
    var byTopic = isTopic(call.id());
    var above = byTopic ? topics.named(resource) : service;
    return new Shown(
        above + (byTopic ? "/eventSubscriptions" : COLLECTION) + "/" + name,
        name,
        byTopic ? TOPIC_SUBSCRIPTION : TYPE,
        SubscriptionWriter.shown(subscription, EventTopics.of(above)),
        new Made(
            subscription.createdBy(),
            subscription.createdOn().toString(),
            subscription.changedBy(),
            subscription.changedOn().toString()));
  }
}
