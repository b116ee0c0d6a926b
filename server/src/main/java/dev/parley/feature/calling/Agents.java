package dev.parley.feature.calling;

import dev.parley.base.words.ResourceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** All agents of this process, by session and by user. Safe on every thread. */
final class Agents {
  /** A user of a resource. */
  record UserKey(ResourceId resource, String user) {}

  private final Map<String, Agent> bySession = new ConcurrentHashMap<>();
  private final Map<UserKey, List<Agent>> byUser = new ConcurrentHashMap<>();

  /** Takes one in; false when the user has too many. */
  boolean add(Agent agent) {
    var key = new UserKey(agent.resource, agent.user);
    var all =
        byUser.merge(
            key,
            List.of(agent),
            (some, one) ->
                some.size() >= CallingConfig.AGENTS_OF_USER_MAX
                    ? some
                    : java.util.stream.Stream.concat(some.stream(), one.stream()).toList());
    if (!all.contains(agent)) {
      return false;
    }
    bySession.put(agent.id, agent);
    return true;
  }

  void remove(Agent agent) {
    bySession.remove(agent.id);
    byUser.computeIfPresent(
        new UserKey(agent.resource, agent.user),
        (_, some) -> {
          var rest = some.stream().filter(one -> one != agent).toList();
          return rest.isEmpty() ? null : rest;
        });
  }

  Optional<Agent> find(String session) {
    return Optional.ofNullable(bySession.get(session));
  }

  List<Agent> of(ResourceId resource, String user) {
    return byUser.getOrDefault(new UserKey(resource, user), List.of());
  }

  void each(Consumer<Agent> action) {
    bySession.values().forEach(action);
  }
}
