package dev.parley.feature.manage;

import dev.parley.base.words.Refusal;
import java.nio.file.Path;

/** Every refusal of the resource operations; codes are those of the Azure Resource Manager. */
final class ManageProblems {
  private ManageProblems() {}

  static Refusal badName(String name) {
    return Refusal.of(
            400,
            "InvalidResourceName",
            "A resource name has 1 to 63 letters, digits and hyphens, and begins and ends with a letter or digit.")
        .about("name")
        .because("name of " + name.length() + " characters");
  }

  static Refusal nameTaken(String name) {
    return Refusal.of(409, "NameUnavailable", "The resource name '" + name + "' is already in use.")
        .about("name");
  }

  static Refusal nameDeleted(String name) {
    return Refusal.of(
            409,
            "NameUnavailable",
            "A deleted resource has the name '%s'. Restore it, or purge it to give the name free."
                .formatted(name))
        .about("name");
  }

  static Refusal notDeleted(String name) {
    return Refusal.of(404, "ResourceNotFound", "There is no deleted resource '" + name + "'.");
  }

  static Refusal tooMany(String what) {
    return Refusal.of(409, "QuotaExceeded", "There are too many " + what + ".");
  }

  static Refusal notFound(String name) {
    return Refusal.of(404, "ResourceNotFound", "The resource '" + name + "' was not found.");
  }

  static Refusal defaultStays() {
    return Refusal.of(
        409,
        "CannotDeleteResource",
        "The default resource cannot be deleted; it can be reset to lose its data.");
  }

  static Refusal badKeyType() {
    return Refusal.of(400, "BadRequest", "keyType must be Primary or Secondary.").about("keyType");
  }

  static Refusal badDataLocation(String given, java.util.List<String> known) {
    return Refusal.of(
            400,
            "InvalidDataLocation",
            "The data location '%s' is not available. Available are: %s."
                .formatted(given, String.join(", ", known)))
        .about("properties.dataLocation");
  }

  static Refusal dataLocationStays() {
    return Refusal.of(
            400,
            "PropertyChangeNotAllowed",
            "Changing property 'properties.dataLocation' is not allowed.")
        .about("properties.dataLocation");
  }

  static Refusal badDomain(String id) {
    return Refusal.of(400, "DomainNotFound", "The linked domain '%s' was not found.".formatted(id))
        .about("properties.linkedDomains");
  }

  static Refusal noNotificationHubs() {
    return Refusal.of(
        400,
        "NotificationHubNotSupported",
        "Notification hubs are a service of Azure that this server does not have.");
  }

  static Refusal badGroupName() {
    return Refusal.of(
            400,
            "InvalidResourceGroup",
            "A resource group's name has 1 to 90 letters, digits, dots, hyphens, underscores and parentheses, and does not end in a dot.")
        .about("resourceGroupName");
  }

  static Refusal groupGoing(String name) {
    return Refusal.of(
        409,
        "ResourceGroupBeingDeleted",
        "The resource group '%s' is in deprovisioning state and cannot perform this operation."
            .formatted(name));
  }

  static Refusal groupElsewhere(String name, String location) {
    return Refusal.of(
            409,
            "InvalidResourceGroupLocation",
            "Invalid resource group location. The resource group '%s' already exists in location '%s'."
                .formatted(name, location))
        .about("location");
  }

  static Refusal badLock() {
    return Refusal.of(400, "InvalidLockLevel", "properties.level must be CanNotDelete or ReadOnly.")
        .about("properties.level");
  }

  static Refusal badLockName() {
    return Refusal.of(
        400, "InvalidLockName", "A lock's name has 1 to 260 characters, none of <>%&:?/.");
  }

  static Refusal noLock(String name) {
    return Refusal.of(404, "LockNotFound", "The lock '%s' could not be found.".formatted(name));
  }

  static Refusal noOperation(String id) {
    return Refusal.of(404, "OperationNotFound", "There is no operation '%s'.".formatted(id));
  }

  static Refusal operationFailed(String code, String message) {
    return Refusal.of(409, code, message);
  }

  static Refusal noProvider(String namespace) {
    return Refusal.of(
        404,
        "InvalidResourceNamespace",
        "The resource namespace '%s' is invalid.".formatted(namespace));
  }

  static Refusal badFolder() {
    return Refusal.of(400, "BadRequest", "The folder of a backup must be an absolute path.")
        .about("folder");
  }

  static Refusal folderExists(Path folder) {
    return Refusal.of(409, "Conflict", "There is already a folder " + folder + ".").about("folder");
  }
}
