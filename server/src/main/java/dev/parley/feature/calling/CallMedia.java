package dev.parley.feature.calling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.feature.calling.CallRole.Capability;
import dev.parley.feature.calling.MemberMedia.Sent;
import dev.parley.feature.calling.MemberMedia.Wanted;
import dev.parley.media.Media;
import dev.parley.media.MediaJoin;
import dev.parley.media.Publishing;
import dev.parley.media.Sight;
import dev.parley.media.TrackName;
import dev.parley.media.Viewing;
import dev.parley.media.control.Demand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sound and the pictures of one call: who may send what, who is offered what. One room of the
 * media core, in which a participant's id names what it sends. Belongs to the call's thread.
 */
final class CallMedia {
  private static final Logger log = LoggerFactory.getLogger(CallMedia.class);
  private static final int TRACKS_MAX = 8;
  private static final int STREAMS_MAX = 25;
  private static final int SIDE_MAX = 16_384;
  private static final int LINES_USUAL = 720;

  /** Sections of audio; they are lent to whoever speaks, so that these are enough for all. */
  private static final int VOICES_MAX = 16;

  /** An offer that is not answered for so long is taken for lost. */
  private static final long ANSWER_NANOS = Duration.ofSeconds(5).toNanos();

  private final Call call;
  private final Media media;
  private final String room;
  private final CallSpeakers speakers;

  /** Whether others may have to be offered something else. */
  private boolean moved;

  CallMedia(Call call, Media media) {
    this.call = call;
    this.media = media;
    speakers = new CallSpeakers(call);
    room = "calls/" + call.place.resource().value() + "/" + call.place.callId();
  }

  // Sending.

  /** {@code media.publish}. */
  ObjectNode publish(Member me, JsonNode body) {
    var sdp = Fields.text(body, "sdp", CallingConfig.MESSAGE_BYTES_MAX);
    var tracks = tracks(me, body);
    var publishing = me.media.publishing;
    if (publishing == null) {
      publishing = media.publishing(room, me.id, () -> lost(me, "publish"));
    }
    var joined = publishing.offer(sdp, tracks.keySet());
    var answer = answer(me, joined);
    me.media.publishing = publishing;
    speakers.listen(media, room);
    tracks.keySet().retainAll(publishing.live());
    me.media.sent = tracks;
    regulate(me);
    var change = call.roster.change(me);
    me.media.putStreams(change);
    moved = true;
    var json = Notices.object().put("sdp", answer);
    var streams = json.putArray("streams");
    tracks.values().forEach(one -> streams.addObject().put("mid", one.mid()).put("id", one.id()));
    return json;
  }

  private static Map<String, Sent> tracks(Member me, JsonNode body) {
    var list = body.path("tracks");
    if (!list.isArray() || list.size() > TRACKS_MAX) {
      throw CallProblem.malformed(
          "The member tracks must be a list of at most " + TRACKS_MAX + ".");
    }
    var tracks = new LinkedHashMap<String, Sent>();
    for (var track : list) {
      var mid = Fields.text(track, "mid", 16);
      var type =
          StreamType.of(track.path("type").asText())
              .orElseThrow(() -> CallProblem.malformed("The type of a track is malformed."));
      me.role.need(needed(type));
      var before = me.media.sent.get(mid);
      var id =
          type == StreamType.AUDIO
              ? 0
              : before != null && before.type() == type ? before.id() : me.media.nextId();
      var lines = side(track, "height", LINES_USUAL);
      if (tracks.put(mid, new Sent(mid, type, id, lines)) != null) {
        throw CallProblem.malformed("A mid of the tracks is there twice.");
      }
    }
    if (tracks.values().stream().filter(one -> one.type() == StreamType.AUDIO).count() > 1) {
      throw CallProblem.malformed("One track of audio is the most.");
    }
    return tracks;
  }

  private static int side(JsonNode json, String name, int otherwise) {
    return json.has(name) ? (int) Fields.number(json, name, 0, SIDE_MAX) : otherwise;
  }

  private static Capability needed(StreamType type) {
    return switch (type) {
      case AUDIO -> Capability.UNMUTE_MIC;
      case VIDEO -> Capability.TURN_VIDEO_ON;
      case SCREEN -> Capability.SHARE_SCREEN;
    };
  }

  private String answer(Member me, MediaJoin joined) {
    return switch (joined) {
      case MediaJoin.Joined(String _, String sdp) -> sdp;
      case MediaJoin.Unacceptable(boolean _, String detail) -> {
        log.info("SDP of {} in call {}: {}", me.user, call.place.callId(), detail);
        throw new CallProblem(EndReason.BAD_SDP);
      }
      case MediaJoin.Full() -> throw new CallProblem(EndReason.TOO_BUSY);
    };
  }

  /**
   * Holds back what a participant may not, or does not want to, be heard or seen with, whatever it
   * sends; to be called after its mute, its hold or its role has changed.
   */
  void regulate(Member member) {
    var paused = new HashSet<String>();
    var forbidden = new HashSet<String>();
    for (var one : member.media.sent.values()) {
      if (member.held || (member.muted && one.type() == StreamType.AUDIO)) {
        paused.add(one.mid());
      }
      if (!member.role.can(needed(one.type()))) {
        paused.add(one.mid());
        forbidden.add(one.mid());
      }
    }
    if (member.media.publishing != null) {
      member.media.publishing.pause(paused);
    }
    if (member.media.sent.keySet().removeAll(forbidden)) {
      member.media.putStreams(call.roster.change(member));
      moved = true;
    }
    look(member);
  }

  // Being shown.

  /** {@code media.subscribe}. */
  ObjectNode subscribe(Member me, JsonNode body) {
    var list = body.path("streams");
    if (!list.isArray() || list.size() > STREAMS_MAX) {
      throw CallProblem.malformed(
          "The member streams must be a list of at most " + STREAMS_MAX + ".");
    }
    var wanted = new LinkedHashSet<Wanted>();
    for (var one : list) {
      wanted.add(
          new Wanted(
              Fields.text(one, "participant", 64),
              (int) Fields.number(one, "stream", 0, Integer.MAX_VALUE),
              side(one, "height", 0)));
    }
    me.media.wanted = List.copyOf(wanted);
    if (me.media.viewing == null) {
      me.media.viewing = media.viewing(room, me.id, () -> lost(me, "subscribe"));
    }
    look(me);
    offerWhenDue(me);
    return Call.done();
  }

  /** {@code media.answer}. */
  ObjectNode answered(Member me, JsonNode body) {
    var number = (int) Fields.number(body, "offer", 1, Integer.MAX_VALUE);
    var sdp = Fields.text(body, "sdp", CallingConfig.MESSAGE_BYTES_MAX);
    var viewing = me.media.viewing;
    if (viewing == null) {
      throw CallProblem.conflict("Nothing was offered.");
    }
    if (number == viewing.number()) {
      me.media.offeredNanos = 0;
    }
    var _ = answer(me, viewing.answer(number, sdp));
    offerWhenDue(me);
    return Call.done();
  }

  /** {@code media.restart}. */
  ObjectNode restart(Member me, JsonNode body) {
    if (!body.path("connection").asText().equals("subscribe")) {
      throw CallProblem.malformed("The client restarts what it publishes by an offer.");
    }
    if (me.media.viewing != null) {
      offer(me, me.media.viewing, true);
    }
    return Call.done();
  }

  /** Says how large everything is shown; nothing is sent to who is on hold. */
  private void look(Member member) {
    var viewing = member.media.viewing;
    if (viewing == null) {
      return;
    }
    var sights = new HashMap<TrackName, Sight>();
    for (var wanted : member.media.wanted) {
      find(wanted)
          .ifPresent(found -> {
            var priority =
                found.sent().type() == StreamType.SCREEN
                    ? Demand.Priority.SCREEN
                    : Demand.Priority.OTHER;
            sights.put(found.name(), new Sight(wanted.lines(), found.sent().lines(), priority));
          });
    }
    viewing.look(sights, member.held);
  }

  private record Found(TrackName name, Sent sent) {}

  private Optional<Found> find(Wanted wanted) {
    return call.roster
        .byId(wanted.participant())
        .filter(one -> !one.inLobby)
        .flatMap(one ->
            one.media.stream(wanted.stream())
                .map(sent -> new Found(MemberMedia.name(one, sent), sent)));
  }

  private List<TrackName> tracksFor(Member me) {
    var tracks = new ArrayList<TrackName>();
    for (var other : call.roster.inside()) {
      if (other != me && tracks.size() < VOICES_MAX) {
        other.media.audio().ifPresent(sent -> tracks.add(MemberMedia.name(other, sent)));
      }
    }
    for (var wanted : me.media.wanted) {
      find(wanted).map(Found::name).filter(name -> !tracks.contains(name)).ifPresent(tracks::add);
    }
    return tracks;
  }

  /** Offers what has changed, unless an answer is still to come: then after that. */
  private void offerWhenDue(Member me) {
    var viewing = me.media.viewing;
    var since = me.media.offeredNanos;
    if (viewing != null && (since == 0 || System.nanoTime() - since > ANSWER_NANOS)) {
      offer(me, viewing, false);
    }
  }

  private void offer(Member me, Viewing viewing, boolean restart) {
    viewing
        .offer(tracksFor(me), restart)
        .ifPresent(offer -> {
          me.media.offeredNanos = Math.max(1, System.nanoTime());
          var json =
              Notices.of("media.offer", call.place.callId())
                  .put("offer", offer.number())
                  .put("sdp", offer.sdp());
          var tracks = json.putArray("tracks");
          for (var shown : offer.shown()) {
            describe(tracks.addObject().put("mid", shown.mid()), shown.track());
          }
          me.tell(Notices.body(json));
        });
  }

  private void describe(ObjectNode json, TrackName track) {
    var sent =
        call.roster.byId(track.stream()).map(one -> one.media.sent.get(track.mid())).orElseThrow();
    json.put("participant", track.stream())
        .put("stream", sent.id())
        .put("type", sent.type().word());
  }

  // What happens around it.

  /** Whether somebody is to be offered something soon. */
  boolean pending() {
    return moved;
  }

  /** Offers everybody what has changed since the last time. */
  void flush() {
    if (moved) {
      moved = false;
      for (var member : call.roster.inside()) {
        look(member);
        offerWhenDue(member);
      }
    }
  }

  /** Time has passed: what was offered in vain is offered again, when it has changed. */
  void tick() {
    call.roster.inside().forEach(this::offerWhenDue);
  }

  /** Somebody is let in. */
  void admitted() {
    moved = true;
  }

  /** Somebody is gone, and what it sent and saw with it. */
  void left(Member member) {
    if (member.media.publishing != null) {
      measure(member, member.media.publishing);
      member.media.publishing.close();
    }
    if (member.media.viewing != null) {
      member.media.viewing.close();
    }
    moved |= !member.media.sent.isEmpty();
    member.media.sent = new LinkedHashMap<>();
    member.media.publishing = null;
    member.media.viewing = null;
  }

  /** For the record, which also those have who tell nothing themselves. */
  private void measure(Member member, Publishing publishing) {
    try {
      for (var track : publishing.tracks()) {
        var sent = member.media.sent.get(track.mid());
        if (sent != null && track.packets() > 0) {
          var quality = new Quality(Integer.toString(sent.id()), sent.type().word(), "outbound");
          quality.add(track);
          member.quality.put("server/" + track.mid(), quality);
        }
      }
    } catch (IllegalStateException e) {
      log.warn("what {} sent in call {} is not recorded", member.id, call.place.callId(), e);
    }
  }

  /** {@code speakers} of a snapshot. */
  void put(ObjectNode snapshot) {
    speakers.put(snapshot);
  }

  /** The call is over. */
  void end() {
    speakers.end();
  }

  private void lost(Member member, String connection) {
    var json = Notices.of("media.lost", call.place.callId()).put("connection", connection);
    var _ =
        call.must(() -> {
          if (call.roster.byId(member.id).isPresent()) {
            member.tell(Notices.body(json));
          }
        });
  }
}
