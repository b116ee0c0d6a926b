package dev.parley.bench;

import dev.parley.base.blob.FileBlobs;
import dev.parley.base.kit.LocalMasterKeys;
import dev.parley.base.kit.OwnerOnly;
import dev.parley.base.kit.Sealer;
import dev.parley.base.kit.Secret;
import dev.parley.base.kit.Settings;
import dev.parley.base.store.ResourceCopy;
import dev.parley.base.store.Store;
import dev.parley.base.wire.HealthRoutes;
import dev.parley.base.wire.HttpServer;
import dev.parley.base.wire.Route;
import dev.parley.base.wire.TlsDevelopmentCa;
import dev.parley.base.wire.WireConfig;
import dev.parley.base.words.ResourceId;
import dev.parley.feature.identity.Identity;
import dev.parley.feature.identity.IdentityConfig;
import dev.parley.feature.manage.Listeners;
import dev.parley.feature.manage.ManageConfig;
import dev.parley.feature.manage.Resources;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;

/**
 * Parley's edge and identity as they are, with something else behind chat's routes; takes the
 * arguments of {@code parley up}.
 */
final class PeerServer {
  /** What a peer puts behind chat's routes. */
  interface Chat {
    List<Route> routes(Store store, Identity identity, SecureRandom random);
  }

  /** How a peer opens its store. */
  interface Opening {
    Store open(Path data, Settings settings);
  }

  private PeerServer() {}

  static void start(String[] arguments, Opening opening, Chat chat) throws Exception {
    var given = new HashMap<String, String>();
    for (var i = 0; i + 1 < arguments.length; i++) {
      switch (arguments[i]) {
        case "--data" -> given.put("data", arguments[i + 1]);
        case "--port" -> given.put("https.port", arguments[i + 1]);
        case "--set" ->
            given.put(arguments[i + 1].split("=", 2)[0], arguments[i + 1].split("=", 2)[1]);
        default -> {}
      }
    }
    ((ch.qos.logback.classic.Logger) org.slf4j.LoggerFactory.getLogger("ROOT"))
        .setLevel(ch.qos.logback.classic.Level.WARN);
    var data = Path.of(given.remove("data"));
    OwnerOnly.folder(data);
    var settings = new Settings(given);
    var random = new SecureRandom();
    var clock = InstantSource.system();
    var store = opening.open(data, settings);
    var resources =
        new Resources(
            ManageConfig.of(settings, true),
            store,
            new Sealer(LocalMasterKeys.of("", data.resolve("master.key"), random), random),
            new ResourceCopy(List.of(), Set.of()),
            new FileBlobs(data.resolve("blobs")),
            clock,
            random);
    var identity =
        new Identity(
            IdentityConfig.of(settings),
            _ -> store,
            resources.register(),
            _ -> clock.instant(),
            clock,
            random,
            _ -> new byte[0]);
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var routes = new ArrayList<Route>(HealthRoutes.routes(registry, () -> true, true));
    routes.addAll(identity.routes());
    routes.addAll(chat.routes(store, identity, random));
    var server =
        new HttpServer(
            WireConfig.of(settings, true),
            new TlsDevelopmentCa(data.resolve("tls"), random).material(clock.instant()),
            routes,
            resources.register(),
            identity.bearers(),
            clock,
            Secret.random(random, 32),
            registry);
    server.start();
    var home = resources.start(server.mainPort(), NO_LISTENERS, List.of()).orElseThrow();
    OwnerOnly.write(
        data.resolve("dev.env"), "ACS_CONNECTION_STRING=" + home.connectionString() + "\n");
  }

  private static final Listeners NO_LISTENERS =
      new Listeners() {
        @Override
        public int open(ResourceId resource, int port) {
          return 0;
        }

        @Override
        public void close(ResourceId resource) {}
      };
}
