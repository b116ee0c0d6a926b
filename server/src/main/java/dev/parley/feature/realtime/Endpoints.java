package dev.parley.feature.realtime;

import dev.parley.base.words.ResourceId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Which endpoints each user has here. Safe on every thread; looking takes no lock. */
final class Endpoints {
  private static final Endpoint[] NONE = {};

  private final Map<ResourceId, Map<String, Endpoint[]>> resources = new ConcurrentHashMap<>();

  /** Those of a user; not to be changed. */
  Endpoint[] of(ResourceId resource, String userId) {
    var users = resources.get(resource);
    return users == null ? NONE : users.getOrDefault(userId, NONE);
  }

  /** Whether anybody of the resource is here. */
  boolean any(ResourceId resource) {
    var users = resources.get(resource);
    return users != null && !users.isEmpty();
  }

  @Nullable Endpoint find(ResourceId resource, String userId, String epid) {
    for (var endpoint : of(resource, userId)) {
      if (endpoint.epid.equals(epid)) {
        return endpoint;
      }
    }
    return null;
  }

  /**
   * The endpoint of that name, made if it is not there; one without a connection makes room.
   *
   * @return null when the user has too many that are connected
   */
  @Nullable Endpoint findOrAdd(
      ResourceId resource, String userId, String epid, int max, Supplier<Endpoint> fresh) {
    var users = resources.computeIfAbsent(resource, _ -> new ConcurrentHashMap<>());
    var all =
        users.compute(
            userId,
            (_, known) -> {
              var before = known == null ? NONE : known;
              for (var endpoint : before) {
                if (endpoint.epid.equals(epid)) {
                  endpoint.expected();
                  return before;
                }
              }
              var kept = before.length < max ? before : withoutOneDetached(before);
              if (kept.length >= max) {
                return before;
              }
              var more = Arrays.copyOf(kept, kept.length + 1);
              more[kept.length] = fresh.get();
              return more;
            });
    for (var endpoint : all) {
      if (endpoint.epid.equals(epid)) {
        return endpoint;
      }
    }
    return null;
  }

  private static Endpoint[] withoutOneDetached(Endpoint[] all) {
    for (var endpoint : all) {
      if (endpoint.detachedNanos() > 0) {
        return without(all, endpoint);
      }
    }
    return all;
  }

  private static Endpoint[] without(Endpoint[] all, Endpoint gone) {
    return Arrays.stream(all).filter(endpoint -> !endpoint.equals(gone)).toArray(Endpoint[]::new);
  }

  /** Holds an endpoint that has just got a connection, also when it was forgotten before that. */
  void keep(Endpoint connected) {
    resources
        .computeIfAbsent(connected.resource, _ -> new ConcurrentHashMap<>())
        .compute(
            connected.userId,
            (_, known) -> {
              var before = known == null ? NONE : known;
              if (Arrays.asList(before).contains(connected)) {
                return before;
              }
              var more = Arrays.copyOf(before, before.length + 1);
              more[before.length] = connected;
              return more;
            });
  }

  /** Forgets an endpoint, unless it has got a connection meanwhile. */
  void removeDetached(Endpoint gone) {
    var users = resources.get(gone.resource);
    if (users != null) {
      users.computeIfPresent(
          gone.userId,
          (_, known) -> {
            if (gone.link() != null) {
              return known;
            }
            var rest = without(known, gone);
            return rest.length == 0 ? null : rest;
          });
    }
  }

  void each(Consumer<Endpoint> action) {
    for (var users : resources.values()) {
      for (var endpoints : users.values()) {
        for (var endpoint : endpoints) {
          action.accept(endpoint);
        }
      }
    }
  }

  /** How many there are; for a gauge. */
  int count() {
    var count = 0;
    for (var users : resources.values()) {
      for (var endpoints : users.values()) {
        count += endpoints.length;
      }
    }
    return count;
  }

  /** Those of one resource. */
  List<Endpoint> all(ResourceId resource) {
    var all = new ArrayList<Endpoint>();
    var users = resources.get(resource);
    if (users != null) {
      users.values().forEach(endpoints -> all.addAll(Arrays.asList(endpoints)));
    }
    return all;
  }
}
