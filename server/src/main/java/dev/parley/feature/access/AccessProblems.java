package dev.parley.feature.access;

import dev.parley.base.words.Refusal;

/** Every refusal of roles and rights; codes and words are Azure's where it has them. */
final class AccessProblems {
  private AccessProblems() {}

  static Refusal wrongAudience(String audience, String wanted) {
    return Refusal.of(
            401,
            "InvalidAuthenticationTokenAudience",
            "The access token has been obtained for wrong audience or resource '%s'. It should match %s."
                .formatted(audience, wanted))
        .header("WWW-Authenticate", "Bearer error=\"invalid_token\"")
        .because("the token is for " + audience);
  }

  static Refusal forbidden(String why) {
    return Refusal.of(
            403,
            "Forbidden",
            "The principal has no role that allows this operation on the resource.")
        .because(why);
  }

  static Refusal badId(String kind) {
    return Refusal.of(400, "Invalid" + kind + "Id", "The id must be a GUID.");
  }

  static Refusal noRole(String role) {
    return Refusal.of(
        404,
        "RoleDefinitionDoesNotExist",
        "The specified role definition with ID '%s' does not exist.".formatted(role));
  }

  static Refusal noPrincipal(String principal) {
    return Refusal.of(
        400,
        "PrincipalNotFound",
        "Principal %s does not exist in the directory.".formatted(principal));
  }

  static Refusal exists(String id) {
    return Refusal.of(
        409,
        "RoleAssignmentExists",
        "The role assignment already exists. The ID of the existing role assignment is %s."
            .formatted(id));
  }

  static Refusal noUpdate() {
    return Refusal.of(
        409,
        "RoleAssignmentUpdateNotPermitted",
        "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.");
  }

  static Refusal notFound(String id) {
    return Refusal.of(
        404, "RoleAssignmentNotFound", "The role assignment '%s' is not found.".formatted(id));
  }

  static Refusal builtIn() {
    return Refusal.of(
        403, "RoleDefinitionIsBuiltIn", "A built-in role cannot be changed or deleted.");
  }

  static Refusal roleInUse() {
    return Refusal.of(
        409,
        "RoleDefinitionHasAssignments",
        "There are existing role assignments referencing the role.");
  }

  static Refusal roleNameTaken(String name) {
    return Refusal.of(
        409,
        "RoleDefinitionWithSameNameExists",
        "A role definition named '%s' already exists.".formatted(name));
  }

  static Refusal badRole(String message) {
    return Refusal.of(400, "InvalidRoleDefinition", message);
  }

  static Refusal badScope() {
    return Refusal.of(400, "InvalidScope", "The scope is not the id of anything.").about("scope");
  }

  static Refusal badFilter() {
    return Refusal.of(400, "BadRequest", "The filter is not understood.").about("$filter");
  }

  static Refusal full() {
    return Refusal.of(400, "RoleAssignmentLimitExceeded", "There are too many role assignments.");
  }
}
