package dev.parley.feature.rooms;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Participants as the contract writes them in requests: a JSON merge patch (RFC 7396) of objects by
 * raw id, where null takes somebody away.
 */
final class ParticipantsJson {
  /** Users of communication resources: nobody else can join a room (sub-code 5830). */
  private static final Pattern USER =
      Pattern.compile(
          "8:(acs|gcch-acs|dod-acs):[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}_[0-9a-zA-Z_-]{1,128}");

  private ParticipantsJson() {}

  static SequencedMap<String, Optional<Role>> patch(
      @Nullable Map<String, @Nullable JsonNode> given, RoomsVersions versions) {
    var patch = new LinkedHashMap<String, Optional<Role>>();
    if (given != null) {
      given.forEach((userId, participant) -> {
        if (!USER.matcher(userId).matches()) {
          throw RoomsProblems.badIdentifier();
        }
        patch.put(userId, role(userId, participant, versions));
      });
    }
    return patch;
  }

  private static Optional<Role> role(
      String userId, @Nullable JsonNode participant, RoomsVersions versions) {
    if (participant == null || participant.isNull()) {
      return Optional.empty();
    }
    if (!participant.isObject()) {
      throw RoomsProblems.badParticipant(userId);
    }
    var role = participant.path("role");
    if (role.isMissingNode() || role.isNull()) {
      return Optional.of(Role.ATTENDEE);
    }
    var known = Role.of(role.asText()).filter(versions::takes);
    if (known.isEmpty()) {
      throw RoomsProblems.badRole(userId);
    }
    return known;
  }
}
