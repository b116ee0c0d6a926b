package dev.parley.feature.manage;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.base.arm.SystemData;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON of communication services, as the resource manager's contract 2025-09-01 has it. */
final class ServiceModels {
  private ServiceModels() {}

  /** {@code CommunicationServiceResource} and {@code CommunicationServiceResourceUpdate}. */
  record Body(
      @Nullable String location,
      @Nullable Map<String, @Nullable String> tags,
      @Nullable IdentityBody identity,
      @Nullable PropertiesBody properties) {}

  record PropertiesBody(
      @Nullable String dataLocation,
      @Nullable List<@Nullable String> linkedDomains,
      @Nullable String publicNetworkAccess,
      @Nullable Boolean disableLocalAuth) {}

  record IdentityBody(
      @Nullable String type, @Nullable Map<String, @Nullable Object> userAssignedIdentities) {}

  record KeyBody(@Nullable String keyType) {}

  record NameBody(@Nullable String name, @Nullable String type) {}

  record NameModel(boolean nameAvailable, @Nullable String reason, @Nullable String message) {}

  record KeysModel(
      @Nullable String primaryKey,
      @Nullable String secondaryKey,
      @Nullable String primaryConnectionString,
      @Nullable String secondaryConnectionString) {}

  record ServiceModel(
      String id,
      String name,
      String type,
      String location,
      Map<String, String> tags,
      SystemData systemData,
      @Nullable IdentityModel identity,
      PropertiesModel properties) {}

  record PropertiesModel(
      String provisioningState,
      String hostName,
      String dataLocation,
      @JsonProperty("immutableResourceId") String immutableResourceId,
      String version,
      List<String> linkedDomains,
      String publicNetworkAccess,
      boolean disableLocalAuth) {}

  record IdentityModel(
      String type,
      @Nullable String principalId,
      @Nullable String tenantId,
      @Nullable Map<String, UserIdentityModel> userAssignedIdentities) {}

  record UserIdentityModel(String principalId, String clientId) {}

  static ServiceModel of(ResourceTable.Entry entry, String tenant) {
    var settings = entry.stored().settings();
    var endpoint = entry.resource().endpoint();
    return new ServiceModel(
        settings.id().toString(),
        settings.name(),
        ServiceSettings.NAMESPACE + "/" + ServiceSettings.TYPE,
        "global",
        settings.tags(),
        settings.made(),
        settings.identityIf().map(identity -> model(identity, tenant)).orElse(null),
        new PropertiesModel(
            "Succeeded",
            endpoint.getAuthority(),
            settings.dataLocation(),
            entry.resource().id().value(),
            "1.0.0",
            settings.linkedDomains(),
            settings.publicNetwork(),
            settings.disableLocalAuth()));
  }

  private static IdentityModel model(ServiceIdentity identity, String tenant) {
    var system = !identity.principalId().isEmpty();
    var users = new LinkedHashMap<String, UserIdentityModel>();
    for (var id : identity.users()) {
      users.put(
          id,
          new UserIdentityModel(
              ServiceIdentities.guid("principal\n" + id), ServiceIdentities.guid("client\n" + id)));
    }
    return new IdentityModel(
        identity.type(),
        system ? identity.principalId() : null,
        system ? tenant : null,
        users.isEmpty() ? null : users);
  }
}
