package dev.parley.feature.siprouting;

import dev.parley.base.words.Refusal;

/**
 * Every refusal of SIP routing. Codes and words of the inner errors are those of recorded answers
 * of the service, where there are any; duplicates are 400 there and everything else 422.
 */
final class SipProblems {
  private SipProblems() {}

  static Refusal emptyPatch() {
    return unprocessable("EmptyPatch", "Patch with no data provided.");
  }

  static Refusal badFqdn() {
    return unprocessable("InvalidTrunkFqdn", "Trunk with an invalid FQDN.");
  }

  static Refusal badPort() {
    return unprocessable(
        "InvalidTrunkSipSignalingPort", "Trunk with an invalid SIP signaling port.");
  }

  static Refusal badDomain() {
    return unprocessable("InvalidDomain", "Domain with an invalid name.");
  }

  static Refusal unverifiedDomain(String name) {
    return unprocessable("UnverifiedDomain", "Domain is not verified.")
        .because("neither " + name + " nor a domain above it is in sip.verified-domains");
  }

  static Refusal missingDomain() {
    return unprocessable("MissingDomain", "Trunk without a configured domain.");
  }

  static Refusal missingTrunk() {
    return unprocessable("MissingTrunk", "Route targeting a missing trunk.");
  }

  static Refusal badRouteName() {
    return unprocessable("InvalidRouteName", "Route with an invalid name.");
  }

  static Refusal badDescription() {
    return unprocessable("InvalidRouteDescription", "Route with an invalid description.");
  }

  static Refusal badPattern(String why) {
    return unprocessable("InvalidRouteNumberPattern", "Route with an invalid number pattern.")
        .because(why);
  }

  static Refusal tooMany(String what, int max) {
    return unprocessable(
        "TooMany" + what, "A configuration has at most %d %s.".formatted(max, what));
  }

  static Refusal duplicatedRoute() {
    return invalid(400, "DuplicatedRoute", "There is a duplicated route.");
  }

  static Refusal duplicatedTrunk() {
    return invalid(400, "RouteWithDuplicatedTrunk", "There is a duplicated trunk in a route.");
  }

  private static Refusal unprocessable(String code, String message) {
    return invalid(422, code, message);
  }

  private static Refusal invalid(int status, String code, String message) {
    return Refusal.of(
            status, "UnprocessableConfiguration", "One or more request inputs are not valid.")
        .inside(code, message);
  }

  static Refusal numberMissing() {
    return Refusal.of(400, "BadRequest", "targetPhoneNumber is required.")
        .about("targetPhoneNumber");
  }

  static Refusal badNumber() {
    return Refusal.of(
            400, "BadRequest", "targetPhoneNumber must be digits, with or without a plus.")
        .about("targetPhoneNumber");
  }

  static Refusal badExpand() {
    return Refusal.of(400, "BadRequest", "expand must be trunks/health.").about("expand");
  }
}
