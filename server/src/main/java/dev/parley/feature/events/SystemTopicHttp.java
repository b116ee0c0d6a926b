package dev.parley.feature.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.base.arm.Arm;
import dev.parley.base.arm.ArmCall;
import dev.parley.base.arm.ArmHandler;
import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.ArmInventory;
import dev.parley.base.arm.ArmList;
import dev.parley.base.arm.ArmOperation;
import dev.parley.base.arm.ArmProblems;
import dev.parley.base.arm.ArmResource;
import dev.parley.base.arm.SystemData;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Caller;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** System topics in the management plane ({@code eventgrid-resource-manager}, 2022-06-15). */
final class SystemTopicHttp implements ArmInventory {
  private static final String COLLECTION = "/providers/" + SystemTopic.TYPE;
  static final String TOPIC = ArmOperation.GROUP + COLLECTION + "/{systemTopicName}";

  private record Properties(
      @Nullable String source,
      @Nullable String topicType,
      @Nullable String provisioningState,
      @Nullable String metricResourceId) {}

  private record Body(
      @Nullable String location,
      @Nullable Map<String, @Nullable String> tags,
      @Nullable Properties properties) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Model(
      String id,
      String name,
      String type,
      String location,
      Map<String, String> tags,
      Properties properties,
      SystemData systemData) {}

  private final SystemTopics topics;
  private final Arm arm;

  SystemTopicHttp(SystemTopics topics, Arm arm) {
    this.topics = topics;
    this.arm = arm;
  }

  List<Route> routes() {
    return List.of(
        route(Method.GET, TOPIC, "", "Get", "read", call -> answer(200, topics.get(call.id()))),
        route(Method.PUT, TOPIC, "", "CreateOrUpdate", "write", this::put),
        route(Method.PATCH, TOPIC, "", "Update", "write", this::patch),
        route(Method.DELETE, TOPIC, "", "Delete", "delete", this::delete),
        route(
            Method.GET, ArmOperation.GROUP, COLLECTION, "ListByResourceGroup", "read", this::list),
        route(
            Method.GET,
            ArmOperation.SUBSCRIPTION,
            COLLECTION,
            "ListBySubscription",
            "read",
            this::list));
  }

  private Route route(
      Method method, String scope, String rest, String name, String right, ArmHandler handler) {
    return arm.route(
        ArmOperation.of(
            method,
            scope,
            rest,
            "SystemTopics_" + name,
            SystemTopic.TYPE + "/" + right,
            SubscriptionHttp.VERSIONS,
            handler));
  }

  private Response put(ArmCall call) {
    var body = call.json(Body.class);
    if (body.location() == null) {
      throw ArmProblems.locationRequired();
    }
    if (!body.location().equalsIgnoreCase("global")) {
      throw ArmProblems.badLocation(body.location(), SystemTopic.TYPE);
    }
    var given = body.properties();
    if (given == null || given.source() == null) {
      throw EventsProblems.missing("properties.source");
    }
    if (given.topicType() == null) {
      throw EventsProblems.missing("properties.topicType");
    }
    var isNew = topics.find(call.id()).isEmpty();
    var topic =
        topics.put(call.id(), given.source(), given.topicType(), body.tags(), call.caller());
    return answer(isNew ? 201 : 200, topic);
  }

  private Response patch(ArmCall call) {
    return answer(200, topics.patch(call.id(), call.json(Body.class).tags(), call.caller()));
  }

  private Response delete(ArmCall call) {
    return Response.empty(topics.delete(call.id(), call.caller()) ? 200 : 204);
  }

  private Response list(ArmCall call) {
    var found =
        topics.all().stream()
            .filter(topic -> topic.id().within(call.id()))
            .map(this::model)
            .toList();
    return Response.json(200, ArmList.page(call, found));
  }

  private Response answer(int status, SystemTopic topic) {
    return Response.json(status, model(topic));
  }

  private Model model(SystemTopic topic) {
    return new Model(
        topic.id().toString(),
        topic.id().name(),
        SystemTopic.TYPE,
        "global",
        topic.tags(),
        new Properties(
            EventTopics.of(topics.source(topic).toString()),
            SystemTopic.TOPIC_TYPE,
            "Succeeded",
            topic.source().value()),
        topic.made());
  }

  // As the other parts of the management plane see them.

  @Override
  public String type() {
    return SystemTopic.TYPE;
  }

  @Override
  public List<String> versions() {
    return SubscriptionHttp.VERSIONS.known();
  }

  @Override
  public List<ArmResource> list(String subscription) {
    return topics.all().stream()
        .filter(topic -> topic.id().subscription().equalsIgnoreCase(subscription))
        .map(topic -> new ArmResource(topic.id(), "global", topic.tags(), topic.made()))
        .toList();
  }

  @Override
  public void delete(Caller.Principal caller, ArmId id) {
    topics.delete(id, caller);
  }
}
