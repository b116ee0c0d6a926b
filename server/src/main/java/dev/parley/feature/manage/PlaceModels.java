package dev.parley.feature.manage;

import dev.parley.base.arm.SystemData;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON of subscriptions, groups, locks, providers and operation statuses. */
final class PlaceModels {
  private PlaceModels() {}

  record SubscriptionModel(
      String id,
      String authorizationSource,
      String subscriptionId,
      String tenantId,
      String displayName,
      String state,
      Map<String, String> subscriptionPolicies) {}

  record TenantModel(String id, String tenantId, String displayName, String tenantCategory) {}

  record LocationModel(
      String id, String subscriptionId, String name, String displayName, String type) {}

  record GroupBody(
      @Nullable String location,
      @Nullable Map<String, @Nullable String> tags,
      @Nullable String managedBy) {}

  record GroupModel(
      String id,
      String name,
      String type,
      String location,
      Map<String, String> tags,
      @Nullable String managedBy,
      GroupProperties properties) {}

  record GroupProperties(String provisioningState) {}

  record ResourceModel(
      String id,
      String name,
      String type,
      String location,
      Map<String, String> tags,
      SystemData systemData) {}

  record LockBody(@Nullable LockProperties properties) {}

  record LockProperties(@Nullable String level, @Nullable String notes) {}

  record LockModel(
      String id, String name, String type, SystemData systemData, LockProperties properties) {}

  record ProviderModel(
      String id,
      String namespace,
      String registrationState,
      String registrationPolicy,
      List<TypeModel> resourceTypes) {}

  record TypeModel(
      String resourceType, List<String> locations, List<String> apiVersions, String capabilities) {}

  record StatusModel(
      String id,
      String name,
      String resourceId,
      String status,
      Instant startTime,
      @Nullable Instant endTime,
      @Nullable Double percentComplete,
      @Nullable FailureModel error) {}

  record FailureModel(String code, String message) {}

  record OperationModel(String name, boolean isDataAction, DisplayModel display) {}

  record DisplayModel(String provider, String resource, String operation, String description) {}
}
