package dev.parley.feature.calling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.feature.calling.CallRole.Capability;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Who is in a call, and what of it was not yet told. Changes are gathered and written once for all;
 * those in the lobby are shown only to who manages it. Belongs to the call's thread.
 */
final class Roster {
  private final String callId;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Set<Member> added = new LinkedHashSet<>();
  private final Map<Member, ObjectNode> changed = new LinkedHashMap<>();
  private final List<ObjectNode> removed = new ArrayList<>();

  Roster(String callId) {
    this.callId = callId;
  }

  Collection<Member> all() {
    return List.copyOf(members.values());
  }

  /** Those who are in the call and not before its door. */
  List<Member> inside() {
    return members.values().stream().filter(one -> !one.inLobby).toList();
  }

  int size() {
    return members.size();
  }

  Optional<Member> byId(String id) {
    return Optional.ofNullable(members.get(id));
  }

  Optional<Member> of(Agent agent) {
    return members.values().stream().filter(one -> one.agent == agent).findFirst();
  }

  /** Whom a request means: an id of a participant, or the raw id of a user. */
  List<Member> named(String name) {
    var one = members.get(name);
    return one != null
        ? List.of(one)
        : members.values().stream().filter(each -> each.user.equals(name)).toList();
  }

  void add(Member member) {
    members.put(member.id, member);
    show(member);
  }

  /** Tells of it as of somebody new. */
  void show(Member member) {
    changed.remove(member);
    added.add(member);
  }

  /** What to note a change in. */
  ObjectNode change(Member member) {
    return changed.computeIfAbsent(member, one -> Notices.object().put("id", one.id));
  }

  void changeState(Member member) {
    if (!member.away) {
      change(member).put("state", member.state());
    }
  }

  void remove(Member member, EndReason reason) {
    members.remove(member.id);
    hide(member, reason);
  }

  /** Tells of it as of somebody who is gone. */
  void hide(Member member, EndReason reason) {
    changed.remove(member);
    if (!added.remove(member) && !member.away) {
      var json = Notices.object().put("id", member.id);
      json.set("reason", reason.json());
      removed.add(json);
    }
  }

  boolean pending() {
    return !added.isEmpty() || !changed.isEmpty() || !removed.isEmpty();
  }

  /** Tells everybody inside what was gathered. */
  void flush() {
    if (!pending()) {
      return;
    }
    var hidden =
        added.stream().anyMatch(one -> one.inLobby)
            || changed.keySet().stream().anyMatch(one -> one.inLobby);
    var whole = Notices.body(delta(_ -> true));
    var open = hidden ? Notices.body(delta(one -> !one.inLobby)) : whole;
    for (var member : members.values()) {
      if (!member.inLobby) {
        member.tell(member.role.can(Capability.MANAGE_LOBBY) ? whole : open);
      }
    }
    added.clear();
    changed.clear();
    removed.clear();
  }

  private ObjectNode delta(Predicate<Member> shown) {
    var json = Notices.of("participants", callId);
    var news = json.putArray("added");
    added.stream().filter(shown).forEach(one -> news.add(one.json()));
    var changes = json.putArray("changed");
    changed.forEach((one, change) -> {
      if (shown.test(one) && !added.contains(one)) {
        changes.add(change);
      }
    });
    json.putArray("removed").addAll(removed);
    return json;
  }

  /** Tells everybody inside. */
  void tell(ObjectNode notification, Predicate<Member> whom) {
    flush();
    var body = Notices.body(notification);
    for (var member : members.values()) {
      if (!member.inLobby && whom.test(member)) {
        member.tell(body);
      }
    }
  }

  void putParticipants(ObjectNode snapshot, Member viewer) {
    var list = snapshot.putArray("participants");
    for (var member : members.values()) {
      var visible =
          viewer.inLobby
              ? member == viewer
              : !member.inLobby || viewer.role.can(Capability.MANAGE_LOBBY);
      if (member == viewer || (visible && !member.away)) {
        list.add(member.json());
      }
    }
  }
}
