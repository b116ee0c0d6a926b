package dev.parley.feature.manage;

import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.ArmProblems;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads managed identities. They are ids that roles can be given to; nobody signs in as them. */
final class ServiceIdentities {
  private static final int USERS_MAX = 100;

  private ServiceIdentities() {}

  /**
   * The identity that a body asks for; empty for none.
   *
   * @throws dev.parley.base.words.Refusal 400 for an unknown type or ids that are none
   */
  static Optional<ServiceIdentity> read(ServiceModels.IdentityBody body, ArmId service) {
    var type = body.type() == null ? "" : body.type().replace(" ", "");
    var system = false;
    var assigned = false;
    switch (type.toLowerCase(Locale.ROOT)) {
      case "none" -> {
        return Optional.empty();
      }
      case "systemassigned" -> system = true;
      case "userassigned" -> assigned = true;
      case "systemassigned,userassigned" -> {
        system = true;
        assigned = true;
      }
      default ->
          throw ArmProblems.badContent(
              "identity.type",
              "identity.type must be None, SystemAssigned, UserAssigned or SystemAssigned,UserAssigned.");
    }
    var users =
        body.userAssignedIdentities() == null
            ? List.<String>of()
            : body.userAssignedIdentities().entrySet().stream()
                .filter(entry -> entry.getValue() != null)
                .map(entry -> entry.getKey())
                .toList();
    checkUsers(assigned, users);
    return Optional.of(
        new ServiceIdentity(
            system && assigned
                ? "SystemAssigned,UserAssigned"
                : system ? "SystemAssigned" : "UserAssigned",
            system ? guid("system\n" + service.key()) : "",
            users));
  }

  private static void checkUsers(boolean assigned, List<String> users) {
    if (assigned == users.isEmpty()
        || users.size() > USERS_MAX
        || users.stream().anyMatch(id -> ArmId.parse(id).filter(ArmId::isResource).isEmpty())) {
      throw ArmProblems.badContent(
          "identity.userAssignedIdentities",
          "userAssignedIdentities holds ids of identities, exactly for the type UserAssigned.");
    }
  }

  static String guid(@Nullable String text) {
    return UUID.nameUUIDFromBytes(String.valueOf(text).getBytes(StandardCharsets.UTF_8)).toString();
  }
}
