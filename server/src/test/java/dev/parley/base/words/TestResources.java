package dev.parley.base.words;

import dev.parley.base.kit.Secret;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Resources that a test makes and whose keys it regenerates. */
public final class TestResources implements ResourceDirectory {
  private final SecureRandom random = new SecureRandom();
  private final Map<ResourceId, Resource> resources = new ConcurrentHashMap<>();
  private final Map<ResourceId, Map<KeySlot, AccessKey>> keys = new ConcurrentHashMap<>();

  public Resource add(String name) {
    return add(name, URI.create("https://" + name + ".communication.localhost:8443"));
  }

  public Resource add(String name, URI endpoint) {
    var resource = new Resource(new ResourceId(UUID.randomUUID().toString()), name, endpoint);
    keys.put(resource.id(), new ConcurrentHashMap<>());
    for (var slot : KeySlot.values()) {
      regenerate(resource.id(), slot);
    }
    resources.put(resource.id(), resource);
    return resource;
  }

  public void regenerate(ResourceId id, KeySlot slot) {
    keys.get(id)
        .compute(
            slot,
            (_, old) ->
                new AccessKey(
                    slot, old == null ? 1 : old.generation() + 1, Secret.random(random, 64)));
  }

  public void remove(ResourceId id) {
    resources.remove(id);
    keys.remove(id);
  }

  @Override
  public Optional<Resource> byHost(String host) {
    return resources.values().stream()
        .filter(resource -> host.equals(resource.endpoint().getHost()))
        .findFirst();
  }

  @Override
  public Optional<Resource> byPort(int port) {
    return Optional.empty();
  }

  @Override
  public Optional<Resource> byId(ResourceId id) {
    return Optional.ofNullable(resources.get(id));
  }

  @Override
  public Optional<AccessKey> key(ResourceId id, KeySlot slot) {
    return Optional.ofNullable(keys.get(id)).map(slots -> slots.get(slot));
  }
}
