package dev.parley.feature.numbers;

import dev.parley.base.words.Refusal;

/**
 * Every refusal of this room, in the service's words where recorded answers of it are known; and
 * the faults of operations that fail later.
 */
final class NumbersProblems {
  private NumbersProblems() {}

  /** A line of an import that cannot be read. */
  static Refusal badLine(int place, String what) {
    return bad("body", "Line %d cannot be imported: %s.".formatted(place, what));
  }

  static Refusal badFile(String why) {
    return bad("file", "The file cannot be read.").because(why);
  }

  /** The same whether nobody or somebody else owns it. */
  static Refusal numberNotFound(String number) {
    return Refusal.of(404, "NotFound", "Input phoneNumber %s cannot be found.".formatted(number))
        .about("phonenumber");
  }

  static Refusal badNumber(String number) {
    return bad("phonenumber", "The phone number must be in E.164 format, such as +14255550123.")
        .because("\"%s\" is no number".formatted(number));
  }

  /** What the service says when no kind of numbers is what the search asks for. */
  static Refusal noPlan() {
    return Refusal.of(400, "InternalError", "The server encountered an internal error.")
        .inside(
            "BadRequest",
            "We are unable to find phone plans to match your requested capabilities.");
  }

  static Refusal countryNotFound(String country) {
    return Refusal.of(404, "NotFound", "No phone numbers are offered in this country.")
        .about("countryCode")
        .because("no offer of an enabled country " + country);
  }

  static Refusal noAreaCodes() {
    return Refusal.of(404, "NotFound", "No area codes were found for the given parameters");
  }

  static Refusal localityMissing() {
    return bad("locality", "The locality is required for geographic area codes.");
  }

  static Refusal badWord(String member, String allowed) {
    return bad(member, "%s must be one of %s.".formatted(member, allowed));
  }

  static Refusal missing(String member) {
    return bad(member, "%s is required.".formatted(member));
  }

  static Refusal outOfBounds(String member, int min, int max) {
    return bad(member, "%s must be from %d to %d.".formatted(member, min, max));
  }

  static Refusal badAreaCode() {
    return bad("areaCode", "The area code must be digits.");
  }

  static Refusal badPrefix() {
    return bad("phoneNumberPrefixes", "A prefix must be digits.");
  }

  static Refusal searchNotFound() {
    return Refusal.of(404, "NotFound", "The search cannot be found.").about("searchId");
  }

  static Refusal searchExpired() {
    return Refusal.of(
            400, "ReservationExpired", "The search has expired, its numbers are no longer held.")
        .about("searchId");
  }

  static Refusal searchBought() {
    return Refusal.of(409, "Conflict", "The numbers of this search are already being purchased.")
        .about("searchId");
  }

  static Refusal agreementMissing() {
    return bad(
        "agreeToNotResell", "Numbers of this country need the agreement not to resell them.");
  }

  static Refusal tooMany(int max) {
    return Refusal.of(
        403, "QuotaExceeded", "The resource would own more than %d phone numbers.".formatted(max));
  }

  static Refusal operationNotFound() {
    return Refusal.of(404, "NotFound", "The operation cannot be found.").about("operationId");
  }

  static Refusal capabilitiesNotOffered() {
    return bad("capabilities", "The phone number does not offer these capabilities.");
  }

  static Refusal reservationNotFound() {
    return Refusal.of(404, "NotFound", "The reservation cannot be found.").about("reservationId");
  }

  static Refusal reservationEnded(Reservation.State state) {
    return Refusal.of(409, "Conflict", "The reservation is no longer active.")
        .about("reservationId")
        .because("it is " + state);
  }

  static Refusal reservationEmpty() {
    return bad("reservationId", "The reservation holds no phone numbers.");
  }

  static Refusal badReservationId() {
    return bad("reservationId", "The reservation id must be a UUID.");
  }

  private static Refusal bad(String target, String message) {
    return Refusal.of(400, "BadRequest", message).about(target);
  }

  // What operations fail with.

  static Operation.Fault outOfStock() {
    return new Operation.Fault("OutOfStock", "No phone numbers are available for this search.");
  }

  static Operation.Fault holdLost() {
    return new Operation.Fault(
        "ReservationExpired", "The phone numbers are no longer held for this purchase.");
  }

  static Operation.Fault cancelled() {
    return new Operation.Fault("OperationCanceled", "The operation was cancelled.");
  }

  static Operation.Fault numberUnavailable(String number) {
    return new Operation.Fault(
        "PhoneNumberUnavailable", "The phone number %s is not available.".formatted(number));
  }

  static Operation.Fault unfit(String number) {
    return new Operation.Fault(
        "CapabilitiesNotSupported",
        "The phone number %s does not offer this assignment or these capabilities."
            .formatted(number));
  }
}
