package dev.parley.feature.samples;

import dev.parley.base.wire.Feature;
import dev.parley.base.wire.PageGuard;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceId;
import dev.parley.feature.identity.Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The sample pages put together; without a folder of them there are no operations. */
public final class SamplesFeature implements Feature {
  private final SamplesConfig config;
  private final Optional<SamplesHttp> http;
  private final PageGuard guard;

  public SamplesFeature(SamplesConfig config, Identity identity, PageGuard guard) {
    this.config = config;
    this.guard = guard;
    this.http =
        config.pages().map(pages -> new SamplesHttp(new SampleFiles(pages), identity, guard));
  }

  @Override
  public List<Route> routes() {
    return http.map(SamplesHttp::routes).orElse(List.of());
  }

  /** The folder of the calling package, once it has been built. */
  @Override
  public Map<String, String> environment(Resource home) {
    return config
        .callingPackage()
        .filter(folder -> Files.isDirectory(folder.resolve("dist")))
        .map(Path::toString)
        .map(folder -> Map.of("PARLEY_CALLING_PACKAGE", folder))
        .orElse(Map.of());
  }

  @Override
  public List<String> greeting(Resource home) {
    return http.isPresent()
        ? List.of("A call: %s/samples (code %s)".formatted(home.endpoint(), guard.code()))
        : List.of();
  }

  /** Nothing is kept. */
  @Override
  public void eraseAll(ResourceId resource) {}
}
