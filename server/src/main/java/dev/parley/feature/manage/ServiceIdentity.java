package dev.parley.feature.manage;

import java.util.List;

/**
 * The managed identity of a service.
 *
 * @param type {@code SystemAssigned}, {@code UserAssigned} or both between a comma
 * @param principalId object id of the system's; empty without one
 * @param users ids of the identities that the user assigned
 */
record ServiceIdentity(String type, String principalId, List<String> users) {
  ServiceIdentity {
    users = List.copyOf(users);
  }
}
