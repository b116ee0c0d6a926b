package dev.parley.feature.manage;

import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.SystemData;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the management plane knows about a communication service besides its name and keys.
 *
 * @param name as it was written when it was made
 * @param dataLocation where the data lie; never changes
 * @param publicNetwork {@code Enabled}, {@code Disabled} or {@code SecuredByPerimeter}
 * @param linkedDomains ids of email domains that the service may send from
 * @param version rises with each change; the etag
 */
record ServiceSettings(
    String subscription,
    String group,
    String name,
    String dataLocation,
    Map<String, String> tags,
    boolean disableLocalAuth,
    String publicNetwork,
    List<String> linkedDomains,
    @Nullable ServiceIdentity identity,
    long version,
    SystemData made) {
  static final String ENABLED = "Enabled";
  static final String NAMESPACE = "Microsoft.Communication";
  static final String TYPE = "communicationServices";

  ServiceSettings {
    // In the order of the caller, as the answer shows them.
    tags = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(tags));
    linkedDomains = List.copyOf(linkedDomains);
  }

  ArmId id() {
    return ArmId.ofSubscription(subscription).inGroup(group).provider(NAMESPACE, TYPE, name);
  }

  boolean isPublic() {
    return publicNetwork.equals(ENABLED);
  }

  String etag() {
    return "\"" + version + "\"";
  }

  Optional<ServiceIdentity> identityIf() {
    return Optional.ofNullable(identity);
  }
}
