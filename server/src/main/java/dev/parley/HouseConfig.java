package dev.parley;

import dev.parley.base.bus.BusConfig;
import dev.parley.base.kit.Settings;
import dev.parley.base.kit.SettingsProblem;
import dev.parley.base.store.PostgresConfig;
import dev.parley.base.store.StoreOptions;
import dev.parley.base.wire.OutboundConfig;
import dev.parley.base.wire.TlsMaterial;
import dev.parley.base.wire.WireConfig;
import dev.parley.feature.access.AccessConfig;
import dev.parley.feature.calling.CallingConfig;
import dev.parley.feature.chat.ChatConfig;
import dev.parley.feature.directory.DirectoryConfig;
import dev.parley.feature.events.EventsConfig;
import dev.parley.feature.identity.IdentityConfig;
import dev.parley.feature.manage.ManageConfig;
import dev.parley.feature.numbers.NumbersConfig;
import dev.parley.feature.realtime.RealtimeConfig;
import dev.parley.feature.relay.RelayConfig;
import dev.parley.feature.rooms.RoomsConfig;
import dev.parley.feature.samples.SamplesConfig;
import dev.parley.feature.siprouting.SipConfig;
import dev.parley.feature.sms.SmsConfig;
import dev.parley.media.MediaConfig;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The settings of all rooms.
 *
 * @param folder the data folder, which holds everything
 * @param developer whether this is the developer profile, which makes what a fresh machine lacks;
 *     production makes nothing by itself
 * @param masterKey base64 keys that seal stored secrets, newest first; empty text for the file in
 *     the data folder
 * @param openMetrics whether anybody may read {@code /metrics}
 * @param tls the configured certificate, if there is one
 * @param blobs folder of large bytes; shared when several servers share a database
 * @param postgres where everything else is kept; empty for SQLite in the data folder
 */
record HouseConfig(
    HouseFolder folder,
    boolean developer,
    String masterKey,
    boolean openMetrics,
    Optional<TlsMaterial> tls,
    Path blobs,
    Optional<PostgresConfig> postgres,
    StoreOptions store,
    BusConfig bus,
    WireConfig wire,
    OutboundConfig outbound,
    ManageConfig manage,
    DirectoryConfig directory,
    AccessConfig access,
    IdentityConfig identity,
    ChatConfig chat,
    EventsConfig events,
    RealtimeConfig realtime,
    NumbersConfig numbers,
    SipConfig sip,
    EmailConfigs email,
    MediaConfig media,
    SmsConfig sms,
    RoomsConfig rooms,
    CallingConfig calling,
    RelayConfig relay,
    SamplesConfig samples) {
  /**
   * Reads all settings; whatever nobody reads stops the start.
   *
   * @throws SettingsProblem one sentence on what is wrong
   */
  static HouseConfig of(Settings settings) {
    var data = Path.of(settings.text("data", "data", "Folder that holds everything."));
    var developer = developer(settings);
    var config =
        new HouseConfig(
            new HouseFolder(data.toAbsolutePath().normalize()),
            developer,
            settings.secret(
                "master-key",
                "Base64 keys of 32 bytes that seal stored secrets, newest first, between commas;"
                    + " empty for the file master.key in the data folder."),
            settings.flag(
                "metrics.open", developer, "Whether /metrics answers without credentials."),
            tls(settings, developer),
            blobs(settings, data),
            PostgresConfig.of(settings),
            StoreOptions.of(settings),
            BusConfig.of(settings),
            WireConfig.of(settings, developer),
            OutboundConfig.of(settings, developer),
            ManageConfig.of(settings, developer),
            DirectoryConfig.of(settings),
            AccessConfig.of(settings),
            IdentityConfig.of(settings),
            ChatConfig.of(settings),
            EventsConfig.of(settings, data.toAbsolutePath().normalize().resolve("dead-letters")),
            RealtimeConfig.of(settings),
            NumbersConfig.of(settings, developer),
            SipConfig.of(settings, developer),
            EmailConfigs.of(settings, developer),
            MediaConfig.of(settings, developer),
            SmsConfig.of(settings, developer),
            RoomsConfig.of(settings),
            CallingConfig.of(settings),
            RelayConfig.of(settings, developer),
            SamplesConfig.of(settings, developer));
    LogSetup.configure(settings);
    settings.refuseUnknown();
    return config;
  }

  private static Path blobs(Settings settings, Path data) {
    var given =
        settings.text(
            "blobs.folder",
            "",
            "Folder of images and other large bytes; empty for blobs in the data folder. Servers"
                + " that share a database share it.");
    return given.isEmpty() ? data.resolve("blobs") : Path.of(given);
  }

  private static boolean developer(Settings settings) {
    var profile =
        settings.text(
            "profile",
            "developer",
            "developer makes certificates and a first resource; production insists on what is"
                + " configured.");
    return switch (profile) {
      case "developer" -> true;
      case "production" -> false;
      default ->
          throw new SettingsProblem(
              "profile must be developer or production, not \"" + profile + "\".");
    };
  }

  private static Optional<TlsMaterial> tls(Settings settings, boolean developer) {
    var certificate =
        settings.text(
            "tls.certificate",
            "",
            "PEM file with the server's certificate and its chain; empty for a development"
                + " certificate.");
    var key = settings.text("tls.key", "", "PEM file with the certificate's key, PKCS#8.");
    if (certificate.isEmpty() != key.isEmpty()) {
      throw new SettingsProblem("tls.certificate and tls.key go together.");
    }
    if (!certificate.isEmpty()) {
      return Optional.of(new TlsMaterial(Path.of(certificate), Path.of(key)));
    }
    if (!developer) {
      throw new SettingsProblem("The production profile needs tls.certificate and tls.key.");
    }
    return Optional.empty();
  }
}
