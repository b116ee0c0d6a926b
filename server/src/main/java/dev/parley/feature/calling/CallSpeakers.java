package dev.parley.feature.calling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.media.Media;
import dev.parley.media.Speakers;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who speaks in a call, as the media core finds it; belongs to the call's thread. */
final class CallSpeakers {
  private final Call call;
  private @Nullable Runnable hold;
  private List<String> speakers = List.of();

  CallSpeakers(Call call) {
    this.call = call;
  }

  /** Listens to the call's room from now on. */
  void listen(Media media, String room) {
    if (hold == null) {
      hold =
          media.hold(
              room,
              now -> {
                var _ = call.must(() -> heard(now));
              });
    }
  }

  private void heard(Speakers now) {
    var active = new HashSet<>(now.active());
    for (var member : call.roster.inside()) {
      var speaking = active.contains(member.id);
      if (member.speaking != speaking) {
        member.speaking = speaking;
        call.roster.change(member).put("speaking", speaking);
      }
    }
    var loudest = new LinkedHashSet<String>();
    now.dominant().ifPresent(loudest::add);
    loudest.addAll(now.active());
    loudest.removeIf(id -> call.roster.byId(id).filter(one -> !one.inLobby).isEmpty());
    if (!List.copyOf(loudest).equals(speakers)) {
      speakers = List.copyOf(loudest);
      call.roster.tell(Notices.list("speakers", call.place.callId(), speakers), _ -> true);
    }
  }

  void put(ObjectNode snapshot) {
    speakers.forEach(snapshot.putArray("speakers")::add);
  }

  /** The call is over. */
  void end() {
    if (hold != null) {
      hold.run();
      hold = null;
    }
  }
}
