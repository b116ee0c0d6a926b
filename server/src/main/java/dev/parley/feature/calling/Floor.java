package dev.parley.feature.calling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What is going on in a call besides who is there; belongs to the call's thread. */
final class Floor {
  private static final int SPOTLIGHTS_MAX = 7;

  private final Call call;
  private final Set<String> hands = new LinkedHashSet<>();
  private final Set<String> spotlights = new LinkedHashSet<>();
  private String recording = "none";
  private boolean transcription;

  Floor(Call call) {
    this.call = call;
  }

  void raise(Member member) {
    if (hands.add(member.id)) {
      tellHands();
    }
  }

  void lower(Collection<Member> members) {
    if (hands.removeAll(members.stream().map(one -> one.id).toList())) {
      tellHands();
    }
  }

  void lowerAll() {
    if (!hands.isEmpty()) {
      hands.clear();
      tellHands();
    }
  }

  private void tellHands() {
    tell(Notices.list("hands", call.place.callId(), hands), _ -> true);
  }

  void spotlight(List<Member> members) {
    var more = new LinkedHashSet<>(spotlights);
    members.forEach(one -> more.add(one.id));
    if (more.size() > SPOTLIGHTS_MAX) {
      throw CallProblem.conflict("At most " + SPOTLIGHTS_MAX + " may be in the spotlight.");
    }
    if (spotlights.addAll(more)) {
      tellSpotlights();
    }
  }

  void unspotlight(Collection<Member> members) {
    if (spotlights.removeAll(members.stream().map(one -> one.id).toList())) {
      tellSpotlights();
    }
  }

  private void tellSpotlights() {
    tell(Notices.list("spotlights", call.place.callId(), spotlights), _ -> true);
  }

  /** Server code says that it records, or does not. */
  void recording(String state) {
    if (!recording.equals(state)) {
      recording = state;
      tell(Notices.of("call.changed", call.place.callId()).put("recording", state), _ -> true);
    }
  }

  /** Server code says that it transcribes, or does not. */
  void transcription(boolean active) {
    if (transcription != active) {
      transcription = active;
      tell(Notices.of("call.changed", call.place.callId()).put("transcription", active), _ -> true);
    }
  }

  void tell(ObjectNode notification, Predicate<Member> whom) {
    call.roster.tell(notification, whom);
  }

  void left(Member member) {
    lower(List.of(member));
    unspotlight(List.of(member));
  }

  void put(ObjectNode snapshot) {
    hands.forEach(snapshot.putArray("hands")::add);
    spotlights.forEach(snapshot.putArray("spotlights")::add);
    snapshot.put("recording", recording).put("transcription", transcription);
    snapshot.putNull("captions");
  }
}
