package dev.parley.feature.chat;

/** Somebody who was not added, as {@code CommunicationError} of the contract tells it. */
record InvalidParticipant(String target, String code, String message) {
  static InvalidParticipant notAllowed(String userId) {
    return new InvalidParticipant(userId, "403", "Permissions check failed");
  }

  static InvalidParticipant notFound(String userId) {
    return new InvalidParticipant(userId, "404", "Not found");
  }
}
