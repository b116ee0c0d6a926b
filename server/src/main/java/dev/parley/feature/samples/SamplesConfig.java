package dev.parley.feature.samples;

import dev.parley.base.kit.Settings;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Settings of the sample pages.
 *
 * @param web folder of the parts for browsers; empty outside of the developer profile, and where
 *     there is none
 */
public record SamplesConfig(Optional<Path> web) {
  /** Reads the settings. */
  public static SamplesConfig of(Settings settings, boolean developer) {
    var folder =
        settings.text(
            "web.folder",
            "",
            "Folder of the parts for browsers, which the launcher names: calling/ is the calling"
                + " package, samples/dist the sample pages. Used by the developer profile only.");
    return new SamplesConfig(
        developer && !folder.isEmpty()
            ? Optional.of(Path.of(folder).toAbsolutePath().normalize())
            : Optional.empty());
  }

  /** The built calling package. */
  Optional<Path> callingPackage() {
    return web.map(folder -> folder.resolve("calling"));
  }

  /** The built pages. */
  Optional<Path> pages() {
    return web.map(folder -> folder.resolve("samples").resolve("dist"));
  }
}
