package dev.parley.base.wire;

import dev.parley.base.kit.Secret;
import dev.parley.base.words.AccessKey;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceDirectory;
import dev.parley.base.words.ResourceId;
import java.net.URI;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Two tenants: alpha, which localhost leads to as well, and beta. Other names lead nowhere. */
final class TwoResources implements ResourceDirectory {
  static final Resource ALPHA = resource("alpha", "1");
  static final Resource BETA = resource("beta", "2");

  private record Place(ResourceId id, KeySlot slot) {}

  private final Map<String, Resource> hosts =
      Map.of(
          "localhost", ALPHA,
          "127.0.0.1", ALPHA,
          "[::1]", ALPHA,
          "alpha.communication.localhost", ALPHA,
          "beta.communication.localhost", BETA);
  private final Map<Place, AccessKey> keys = new ConcurrentHashMap<>();
  private final Map<Integer, Resource> ports = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();

  TwoResources() {
    for (var resource : List.of(ALPHA, BETA)) {
      for (var slot : KeySlot.values()) {
        keys.put(new Place(resource.id(), slot), new AccessKey(slot, 1, fresh()));
      }
    }
  }

  private static Resource resource(String name, String digit) {
    var id = new ResourceId("00000000-0000-0000-0000-00000000000" + digit);
    return new Resource(id, name, URI.create("https://" + name + ".example:9443"));
  }

  private Secret fresh() {
    return Secret.random(random, 32);
  }

  /** Regenerates a key; what was signed with the old one is void. */
  void rotate(Resource resource, KeySlot slot) {
    keys.compute(
        new Place(resource.id(), slot),
        (_, key) -> new AccessKey(slot, key == null ? 1 : key.generation() + 1, fresh()));
  }

  void listens(Resource resource, int port) {
    ports.put(port, resource);
  }

  Secret secret(Resource resource, KeySlot slot) {
    return key(resource.id(), slot).orElseThrow().secret();
  }

  @Override
  public Optional<Resource> byHost(String host) {
    return Optional.ofNullable(hosts.get(host.toLowerCase(Locale.ROOT)));
  }

  @Override
  public Optional<Resource> byPort(int port) {
    return Optional.ofNullable(ports.get(port));
  }

  @Override
  public Optional<Resource> byId(ResourceId id) {
    return List.of(ALPHA, BETA).stream().filter(resource -> resource.id().equals(id)).findFirst();
  }

  @Override
  public Optional<AccessKey> key(ResourceId id, KeySlot slot) {
    return Optional.ofNullable(keys.get(new Place(id, slot)));
  }
}
