package dev.parley.feature.events;

import dev.parley.base.words.Refusal;

/** Every refusal of events, in the codes of the Event Grid's resource provider. */
final class EventsProblems {
  private EventsProblems() {}

  static Refusal noSubscription(String name) {
    return Refusal.of(
        404, "ResourceNotFound", "The event subscription '" + name + "' was not found.");
  }

  static Refusal badName() {
    return invalid(
        "eventSubscriptionName",
        "An event subscription's name has 3 to 64 letters, digits and hyphens.");
  }

  static Refusal badTopicName() {
    return invalid(
        "systemTopicName", "A system topic's name has 3 to 128 letters, digits and hyphens.");
  }

  static Refusal topicHasSource() {
    return invalid("properties.source", "The source of a system topic never changes.");
  }

  static Refusal sourceHasTopic() {
    return invalid("properties.source", "Only one system topic is allowed per source.");
  }

  static Refusal noTopicType(String name) {
    return Refusal.of(404, "ResourceNotFound", "The topic type '" + name + "' was not found.");
  }

  static Refusal missing(String member) {
    return invalid(member, "The member '" + member + "' is required.");
  }

  static Refusal outOfRange(String member, int min, int max) {
    return invalid(member, "The member '%s' must be from %d to %d.".formatted(member, min, max));
  }

  static Refusal tooLong(String member, int max) {
    return invalid(
        member, "The member '%s' must have at most %d characters.".formatted(member, max));
  }

  static Refusal tooMany(String member, int max) {
    return invalid(member, "The member '%s' takes at most %d entries.".formatted(member, max));
  }

  static Refusal notOneOf(String member, String choices) {
    return invalid(member, "The member '%s' must be one of %s.".formatted(member, choices));
  }

  /** A kind of destination that this server does not have. */
  static Refusal noSuchDestination(String type) {
    return Refusal.of(
            400,
            "DestinationNotSupported",
            "Destinations of type '%s' do not exist on this server; use WebHook, or AzureFunction with a configured address."
                .formatted(type))
        .about("destination.endpointType");
  }

  static Refusal noIdentities(String member) {
    return invalid(
        member,
        "There are no managed identities on this server; use the same destination without an"
            + " identity.");
  }

  static Refusal unknownFunction(String resourceId) {
    return invalid(
            "destination.properties.resourceId",
            "No address is configured for this function; the setting events.functions has them.")
        .because("no setting events.functions.*.id names " + resourceId);
  }

  static Refusal badUrl(String why) {
    return invalid(
        "destination.properties.endpointUrl", "The endpoint URL cannot be used: " + why + ".");
  }

  static Refusal ownUrl() {
    return badUrl("it leads to this server itself");
  }

  static Refusal badDestination(String why) {
    return invalid("destination.properties", why);
  }

  static Refusal noTokens() {
    return invalid(
        "destination.properties.azureActiveDirectoryApplicationIdOrUri",
        "This server issues no tokens for that tenant.");
  }

  static Refusal badEventType(String type) {
    return invalid(
        "filter.includedEventTypes",
        "'%s' is no event type of Microsoft.Communication."
            .formatted(type.substring(0, Math.min(type.length(), 100))));
  }

  static Refusal badCondition(String why) {
    return invalid("filter.advancedFilters", why);
  }

  static Refusal badHeader(String why) {
    return invalid("destination.properties.deliveryAttributeMappings", why);
  }

  static Refusal badTime(String member) {
    return invalid(member, "The member '" + member + "' must be an RFC 3339 time.");
  }

  static Refusal expired() {
    return invalid("expirationTimeUtc", "The expiration time must be in the future.");
  }

  static Refusal badDeadLetter(String why) {
    return invalid("deadLetterDestination", why);
  }

  /** The endpoint did not prove that it wants the events. */
  static Refusal notValidated(String base, String why) {
    return Refusal.of(
            400,
            "Url validation",
            "The attempt to validate the provided endpoint %s failed: %s. For more details, visit https://aka.ms/esvalidation."
                .formatted(base, why))
        .about("destination.properties.endpointUrl");
  }

  static Refusal tooManySubscriptions(int max) {
    return Refusal.of(
        400,
        "ResourceLimitExceeded",
        "A communication service has at most " + max + " event subscriptions.");
  }

  static Refusal noValidation() {
    return Refusal.of(
        404, "ResourceNotFound", "There is no open validation of an endpoint with this code.");
  }

  static Refusal noEvent(String id) {
    return Refusal.of(
            404, "ResourceNotFound", "There is no such event, or the journal has forgotten it.")
        .because("no event " + id.substring(0, Math.min(id.length(), 64)));
  }

  static Refusal noResource(String name) {
    return Refusal.of(404, "ResourceNotFound", "The resource '" + name + "' was not found.");
  }

  static Refusal badParameter(String name, String what) {
    return Refusal.of(400, "BadRequest", "The parameter '" + name + "' must be " + what + ".")
        .about(name);
  }

  static Refusal replayRuns() {
    return Refusal.of(
        409, "Conflict", "A replay to this subscription is still running; it must end first.");
  }

  private static Refusal invalid(String target, String message) {
    return Refusal.of(400, "InvalidRequest", message).about(target);
  }
}
