package dev.parley.feature.chat;

import dev.parley.base.words.ResourceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Who of those named can be in a thread: existing users of the same resource. */
final class Participants {
  /** Those who can, each once, and those who cannot. */
  record Sorted(List<Participant> valid, List<InvalidParticipant> invalid) {}

  private final Users users;

  Participants(Users users) {
    this.users = users;
  }

  /**
   * Sorts them. Asked before the unit, since a unit waits for nothing.
   *
   * @throws dev.parley.base.words.Refusal 400 when there are too many, or one's words are too long
   */
  Sorted sorted(ResourceId resource, List<Participant> wanted) {
    if (wanted.size() > ChatThreads.PARTICIPANTS_AT_ONCE_MAX) {
      throw ChatProblems.tooManyAtOnce(ChatThreads.PARTICIPANTS_AT_ONCE_MAX);
    }
    var valid = new LinkedHashMap<String, Participant>();
    var invalid = new ArrayList<InvalidParticipant>();
    for (var participant : wanted) {
      checkWords(participant);
      var id = participant.userId();
      if (!id.startsWith("8:acs:" + resource.value() + "_")) {
        invalid.add(InvalidParticipant.notAllowed(id));
      } else if (!users.exist(resource, id)) {
        invalid.add(InvalidParticipant.notFound(id));
      } else {
        valid.putIfAbsent(id, participant);
      }
    }
    return new Sorted(List.copyOf(valid.values()), List.copyOf(invalid));
  }

  /** The creator is in the thread, named as in the list if there. */
  static List<Participant> withCreator(String creator, List<Participant> wanted) {
    if (wanted.stream().anyMatch(participant -> participant.userId().equals(creator))) {
      return wanted;
    }
    var all = new ArrayList<Participant>();
    all.add(Participant.of(creator));
    all.addAll(wanted);
    return all;
  }

  private static void checkWords(Participant participant) {
    var name = participant.displayName();
    if (name != null && name.length() > Chat.NAME_CHARACTERS_MAX) {
      throw ChatProblems.tooLong("displayName", Chat.NAME_CHARACTERS_MAX);
    }
    MetadataPatch.checked(participant.metadata());
  }
}
