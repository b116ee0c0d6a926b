package dev.parley.feature.access;

import java.util.List;

/**
 * The roles that are always there: Azure's by its ids, and two of our own for applications that
 * shall use the data plane and nothing else.
 */
final class BuiltInRoles {
  private static final List<String> ALL_DATA = List.of("Microsoft.Communication/*");

  static final Role OWNER =
      role(
          "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
          "Owner",
          "Grants full access to manage all resources, including the ability to assign roles.",
          List.of("*"),
          List.of(),
          ALL_DATA);

  static final List<Role> ALL =
      List.of(
          OWNER,
          role(
              "b24988ac-6180-42a0-ab88-20f7382dd24c",
              "Contributor",
              "Grants full access to manage all resources, but does not allow you to assign roles.",
              List.of("*"),
              List.of(
                  "Microsoft.Authorization/*/Delete",
                  "Microsoft.Authorization/*/Write",
                  "Microsoft.Authorization/elevateAccess/Action"),
              ALL_DATA),
          role(
              "acdd72a7-3385-48ef-bd42-f606fba81ae7",
              "Reader",
              "View all resources, but does not allow you to make any changes.",
              List.of("*/read"),
              List.of(),
              List.of()),
          role(
              "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
              "User Access Administrator",
              "Lets you manage user access to resources.",
              List.of("*/read", "Microsoft.Authorization/*"),
              List.of(),
              List.of()),
          role(
              "09976791-48a7-449e-bb21-39d1a415f350",
              "Communication and Email Service Owner",
              "Create, read, modify, and delete Communications and Email Service resources.",
              List.of(
                  "Microsoft.Authorization/*/read",
                  "Microsoft.Communication/*",
                  "Microsoft.EventGrid/eventSubscriptions/*",
                  "Microsoft.EventGrid/systemTopics/*",
                  "Microsoft.Insights/*/read",
                  "Microsoft.Resources/subscriptions/read",
                  "Microsoft.Resources/subscriptions/resourceGroups/read"),
              List.of(),
              ALL_DATA),
          role(
              "5f0c1d86-93a4-4c0e-9a57-3a1c70e5d2b1",
              "Communication Data User",
              "Use every operation of the data plane; no management, no keys. A role of Parley.",
              List.of(),
              List.of(),
              ALL_DATA),
          role(
              "c1d7b0a2-5e6f-4f43-8f0b-6d2a4e9b7c35",
              "Communication Data Reader",
              "Read on the data plane; no changes, no management, no keys. A role of Parley.",
              List.of(),
              List.of(),
              List.of("Microsoft.Communication/communicationServices/*/read")));

  private BuiltInRoles() {}

  private static Role role(
      String id,
      String name,
      String description,
      List<String> actions,
      List<String> notActions,
      List<String> dataActions) {
    return new Role(id, name, description, true, actions, notActions, dataActions, List.of());
  }
}
