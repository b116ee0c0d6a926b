package dev.parley.feature.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.base.arm.Arm;
import dev.parley.base.arm.ArmCall;
import dev.parley.base.arm.ArmHandler;
import dev.parley.base.arm.ArmList;
import dev.parley.base.arm.ArmOperation;
import dev.parley.base.arm.ArmProblems;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import java.util.List;

/** What can be subscribed to: the one kind of topic, and its types of events. */
final class TopicTypeHttp {
  private static final String COLLECTION = "/providers/Microsoft.EventGrid/topicTypes";
  private static final String ONE = COLLECTION + "/{topicTypeName}";
  private static final String RESOURCE =
      ArmOperation.GROUP + "/providers/{providerNamespace}/{resourceTypeName}/{resourceName}";

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Model<T>(String id, String name, String type, T properties) {}

  private record TopicType(
      String provider,
      String displayName,
      String description,
      String resourceRegionType,
      String provisioningState,
      List<String> supportedLocations,
      String sourceResourceFormat,
      List<String> supportedScopesForSource) {}

  private record EventType(String displayName, String description, boolean isInDefaultSet) {}

  private static final Model<TopicType> TOPIC_TYPE =
      new Model<>(
          "providers/Microsoft.EventGrid/topicTypes/" + SystemTopic.TOPIC_TYPE,
          SystemTopic.TOPIC_TYPE,
          "Microsoft.EventGrid/topicTypes",
          new TopicType(
              "Microsoft.Communication",
              "Azure Communication Services",
              "Events of a communication service.",
              "GlobalResource",
              "Succeeded",
              List.of("global"),
              "/subscriptions/{subscriptionName}/resourceGroups/{resourceGroupName}/providers/Microsoft.Communication/CommunicationServices/{resourceName}",
              List.of("Resource")));

  private final Arm arm;

  TopicTypeHttp(Arm arm) {
    this.arm = arm;
  }

  List<Route> routes() {
    return List.of(
        route("", COLLECTION, "TopicTypes_List", "", _ -> answer(List.of(TOPIC_TYPE))),
        route("", ONE, "TopicTypes_Get", "", call -> Response.json(200, topicType(call))),
        route(
            "",
            ONE + "/eventTypes",
            "TopicTypes_ListEventTypes",
            "",
            call -> answer(eventTypes(topicType(call).id()))),
        route(
            RESOURCE,
            "/providers/Microsoft.EventGrid/eventTypes",
            "Topics_ListEventTypes",
            "Microsoft.EventGrid/eventTypes/read",
            call -> {
              if (arm.places().communicationService(call.id()).isEmpty()) {
                throw ArmProblems.noResource(call.id());
              }
              return answer(eventTypes(TOPIC_TYPE.id()));
            }));
  }

  private Route route(String scope, String rest, String name, String right, ArmHandler handler) {
    return arm.route(
        ArmOperation.of(Method.GET, scope, rest, name, right, SubscriptionHttp.VERSIONS, handler));
  }

  private static <T> Response answer(List<Model<T>> all) {
    return Response.json(200, ArmList.of(all));
  }

  private static Model<TopicType> topicType(ArmCall call) {
    var name = call.path("topicTypeName");
    if (!name.equalsIgnoreCase(SystemTopic.TOPIC_TYPE)) {
      throw EventsProblems.noTopicType(name);
    }
    return TOPIC_TYPE;
  }

  private static List<Model<EventType>> eventTypes(String topicType) {
    return EventTypes.all().stream()
        .map(type ->
            new Model<>(
                topicType + "/eventTypes/" + type,
                type,
                "Microsoft.EventGrid/topicTypes/eventTypes",
                new EventType(type.substring(type.lastIndexOf('.') + 1), "", true)))
        .toList();
  }
}
