package dev.parley.base.store;

import dev.parley.base.kit.Secret;
import dev.parley.base.kit.Settings;
import dev.parley.base.kit.SettingsProblem;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * How to reach PostgreSQL.
 *
 * @param url JDBC URL; host, database, TLS ({@code sslmode=verify-full&sslrootcert=...}) and, where
 *     wanted, user and password
 * @param user the role to connect as, or empty text when the URL names it
 * @param password its password, or empty when the URL holds it or none is needed
 */
public record PostgresConfig(String url, String user, Secret password) {
  private static final String PREFIX = "jdbc:postgresql:";

  /** Every setting but the URL left to its default. */
  public static PostgresConfig of(String url) {
    return new PostgresConfig(url, "", Secret.of(new byte[0]));
  }

  /** The settings, when a URL is given; without one everything is kept in SQLite. */
  public static Optional<PostgresConfig> of(Settings settings) {
    var url =
        settings.secret(
            "postgres.url",
            "JDBC URL of a PostgreSQL database that keeps everything, e.g."
                + " jdbc:postgresql://db.example.com/parley?sslmode=verify-full; empty means SQLite"
                + " in the data folder.");
    var user = settings.text("postgres.user", "", "Role to connect to PostgreSQL as.");
    var password = settings.secret("postgres.password", "Password of the PostgreSQL role.");
    if (url.isEmpty()) {
      return Optional.empty();
    }
    if (!url.startsWith(PREFIX) || Driver.parseURL(url, new Properties()) == null) {
      throw new SettingsProblem(
          "postgres.url must look like jdbc:postgresql://host:port/database.");
    }
    var secret = Secret.of(password.getBytes(StandardCharsets.UTF_8));
    return Optional.of(new PostgresConfig(url, user, secret));
  }

  /** Host, port and database, for people to read. */
  String place() {
    var parts = Driver.parseURL(url, new Properties());
    return parts == null
        ? "PostgreSQL"
        : "%s:%s/%s"
            .formatted(
                PGProperty.PG_HOST.getOrDefault(parts),
                PGProperty.PG_PORT.getOrDefault(parts),
                PGProperty.PG_DBNAME.getOrDefault(parts));
  }

  /** Without the URL, which may hold a password. */
  @Override
  public String toString() {
    return "PostgresConfig[" + place() + "]";
  }
}
