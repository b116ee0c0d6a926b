package dev.parley.feature.manage;

import dev.parley.base.arm.Arm;
import dev.parley.base.arm.ArmCall;
import dev.parley.base.arm.ArmHandler;
import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.ArmList;
import dev.parley.base.arm.ArmOperation;
import dev.parley.base.arm.ArmProblems;
import dev.parley.base.arm.ArmResource;
import dev.parley.base.arm.ArmTags;
import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.feature.manage.PlaceModels.GroupBody;
import dev.parley.feature.manage.PlaceModels.GroupModel;
import dev.parley.feature.manage.PlaceModels.GroupProperties;
import dev.parley.feature.manage.PlaceModels.ResourceModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Routes of resource groups, and lists of the resources of any type. */
final class GroupHttp {
  /** The oldest; every later date is served like it. */
  static final ApiVersions VERSIONS = ApiVersions.of("2015-11-01");

  private static final Pattern NAME =
      Pattern.compile("[\\p{L}\\p{N}._()-]{0,89}[\\p{L}\\p{N}_()-]");
  private static final Pattern TYPE =
      Pattern.compile("(?i)\\s*resourceType\\s+eq\\s+'([^']{1,200})'\\s*");
  private static final Pattern TAG =
      Pattern.compile(
          "(?i)\\s*tagName\\s+eq\\s+'([^']{1,512})'(?:\\s+and\\s+tagValue\\s+eq\\s+'([^']{0,256})')?\\s*");
  private static final String ACTION = "Microsoft.Resources/subscriptions/resourceGroups/";

  private final GroupDeletion deletion;
  private final Places places;
  private final Arm arm;

  GroupHttp(GroupDeletion deletion, Places places, Arm arm) {
    this.deletion = deletion;
    this.places = places;
    this.arm = arm;
  }

  List<Route> routes() {
    return List.of(
        route(
            Method.GET,
            ArmOperation.SUBSCRIPTION,
            "/resourceGroups",
            "ResourceGroups_List",
            "read",
            this::list),
        route(Method.GET, ArmOperation.GROUP, "", "ResourceGroups_Get", "read", this::get),
        route(
            Method.HEAD,
            ArmOperation.GROUP,
            "",
            "ResourceGroups_CheckExistence",
            "read",
            this::exists),
        route(
            Method.PUT,
            ArmOperation.GROUP,
            "",
            "ResourceGroups_CreateOrUpdate",
            "write",
            this::put),
        route(Method.PATCH, ArmOperation.GROUP, "", "ResourceGroups_Update", "write", this::patch),
        route(
            Method.DELETE, ArmOperation.GROUP, "", "ResourceGroups_Delete", "delete", this::delete),
        route(
            Method.GET,
            ArmOperation.SUBSCRIPTION,
            "/resources",
            "Resources_List",
            "resources/read",
            this::resources),
        route(
            Method.GET,
            ArmOperation.GROUP,
            "/resources",
            "Resources_ListByResourceGroup",
            "resources/read",
            this::resources));
  }

  private Route route(
      Method method, String scope, String rest, String name, String right, ArmHandler handler) {
    return arm.route(ArmOperation.of(method, scope, rest, name, ACTION + right, VERSIONS, handler));
  }

  private Response list(ArmCall call) {
    var tagged = tagged(call.request().query("$filter"));
    var found =
        places.groups(call.id().subscription()).stream()
            .filter(group -> tagged.test(group.tags()))
            .map(GroupHttp::model)
            .toList();
    return Response.json(200, ArmList.page(call, found));
  }

  private Response get(ArmCall call) {
    return answer(200, there(call.id()));
  }

  private Response exists(ArmCall call) {
    return Response.empty(places.group(call.id()).isPresent() ? 204 : 404);
  }

  private Places.Group there(ArmId id) {
    return places.group(id).orElseThrow(() -> ArmProblems.noGroup(id.name()));
  }

  private Response put(ArmCall call) {
    var body = call.json(GroupBody.class);
    if (body.location() == null || body.location().isBlank()) {
      throw ArmProblems.locationRequired();
    }
    if (!NAME.matcher(call.id().name()).matches()) {
      throw ManageProblems.badGroupName();
    }
    var location = body.location().replace(" ", "").toLowerCase(Locale.ROOT);
    if (location.length() > 60) {
      throw ArmProblems.badLocation(body.location(), "Microsoft.Resources/resourceGroups");
    }
    var tags = ArmTags.checked(body.tags());
    var managedBy = body.managedBy() == null ? "" : body.managedBy();
    var isNew = places.group(call.id()).isEmpty();
    var group =
        places.putGroup(
            call.id(),
            there -> {
              call.checkEtag(there.map(Places.Group::etag));
              if (there.isEmpty()) {
                return places.fresh(call.id(), location, tags, managedBy, call.caller());
              }
              var old = there.get();
              if (old.deleting()) {
                throw ManageProblems.groupGoing(old.id().name());
              }
              if (!old.location().equals(location)) {
                throw ManageProblems.groupElsewhere(old.id().name(), old.location());
              }
              return places.changed(old, tags, managedBy, call.caller());
            },
            call.origin());
    return answer(isNew ? 201 : 200, group);
  }

  private Response patch(ArmCall call) {
    var body = call.json(GroupBody.class);
    var tags = body.tags() == null ? null : ArmTags.checked(body.tags());
    var group =
        places.putGroup(
            call.id(),
            there -> {
              var old = there.orElseThrow(() -> ArmProblems.noGroup(call.id().name()));
              call.checkEtag(Optional.of(old.etag()));
              return places.changed(
                  old,
                  tags == null ? old.tags() : tags,
                  body.managedBy() == null ? old.managedBy() : body.managedBy(),
                  call.caller());
            },
            call.origin());
    return answer(200, group);
  }

  private Response delete(ArmCall call) {
    var group = there(call.id());
    call.checkEtag(Optional.of(group.etag()));
    var status = arm.statuses().begin(call.id());
    deletion.begin(group, status, call.caller());
    return call.followed(Response.empty(202), status, 0);
  }

  private Response resources(ArmCall call) {
    var filter = call.request().query("$filter");
    var type = filter.map(TYPE::matcher).filter(java.util.regex.Matcher::matches);
    var tagged = type.isPresent() ? tagged(Optional.empty()) : tagged(filter);
    var found = new ArrayList<ResourceModel>();
    for (var inventory : arm.inventories()) {
      if (type.isEmpty() || inventory.type().equalsIgnoreCase(type.get().group(1))) {
        inventory.list(call.id().subscription()).stream()
            .filter(one -> one.id().within(call.id()))
            .filter(one -> tagged.test(one.tags()))
            .map(GroupHttp::model)
            .forEach(found::add);
      }
    }
    found.sort(Comparator.comparing(one -> one.id().toLowerCase(Locale.ROOT)));
    return Response.json(200, ArmList.page(call, found));
  }

  private static Predicate<java.util.Map<String, String>> tagged(Optional<String> filter) {
    if (filter.isEmpty()) {
      return _ -> true;
    }
    var tag = TAG.matcher(filter.get());
    if (!tag.matches()) {
      throw ArmProblems.badContent("$filter", "The filter is not understood.");
    }
    return tags ->
        tags.entrySet().stream()
            .anyMatch(one ->
                one.getKey().equalsIgnoreCase(tag.group(1))
                    && (tag.group(2) == null || one.getValue().equals(tag.group(2))));
  }

  private static Response answer(int status, Places.Group group) {
    return Response.json(status, model(group)).header("ETag", group.etag());
  }

  private static GroupModel model(Places.Group group) {
    return new GroupModel(
        group.id().toString(),
        group.id().name(),
        "Microsoft.Resources/resourceGroups",
        group.location(),
        group.tags(),
        group.managedBy().isEmpty() ? null : group.managedBy(),
        new GroupProperties(group.deleting() ? "Deleting" : "Succeeded"));
  }

  private static ResourceModel model(ArmResource one) {
    return new ResourceModel(
        one.id().toString(),
        one.id().name(),
        one.id().type(),
        one.location(),
        one.tags(),
        one.made());
  }
}
