package dev.parley.feature.realtime;

import dev.parley.base.kit.Secret;
import dev.parley.base.words.AccessKey;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceDirectory;
import dev.parley.base.words.ResourceId;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A directory of one resource, whose keys follow from its id. */
record OneResource(ResourceId resource) implements ResourceDirectory {
  @Override
  public Optional<Resource> byHost(String host) {
    return byId(resource);
  }

  @Override
  public Optional<Resource> byPort(int port) {
    return byId(resource);
  }

  @Override
  public Optional<Resource> byId(ResourceId id) {
    return Optional.of(new Resource(resource, "contoso", URI.create("https://localhost")));
  }

  @Override
  public Optional<AccessKey> key(ResourceId id, KeySlot slot) {
    var key = Secret.of(id.value().getBytes(StandardCharsets.UTF_8));
    return Optional.of(new AccessKey(slot, 1, key));
  }
}
