package dev.parley.base.store;

import dev.parley.base.kit.Json;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.zip.ZipInputStream;

/** Fills an empty database from the file of a {@link PostgresBackup}; all of it or nothing. */
public final class PostgresRestore {
  private static final String TABLES =
      """
      SELECT COUNT(*) FROM information_schema.tables
      WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'\
      """;

  private PostgresRestore() {}

  /**
   * Restores.
   *
   * @param migrations those of all rooms, which make the tables as they were; a later start brings
   *     them up to date
   * @throws IllegalStateException when the database is not empty, or the file is no backup that
   *     this program understands
   */
  public static void restore(PostgresConfig config, List<Migration> migrations, Path backup) {
    try (var connection = PostgresConnection.writer(config);
        var zip = new ZipInputStream(new BufferedInputStream(Files.newInputStream(backup)))) {
      connection.script("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '10s'");
      refuseUnlessEmpty(connection, config);
      var manifest = manifest(zip, backup);
      PostgresSchema.tryMigrate(connection, asOf(manifest, StoreSchema.with(migrations)));
      for (var table : manifest.tables()) {
        var entry = zip.getNextEntry();
        if (entry == null || !entry.getName().equals(table.name())) {
          throw new IllegalStateException(backup + " ends before table " + table.name() + ".");
        }
        connection.script("DELETE FROM " + table.quoted());
        PostgresBackup.copies(connection).copyIn(table.copy("FROM STDIN"), zip);
      }
      connection.commit();
    } catch (SQLException e) {
      throw PostgresProblems.unable(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void refuseUnlessEmpty(PostgresConnection connection, PostgresConfig config)
      throws SQLException {
    var tables = new PostgresRow(connection.ask(new PostgresCall(TABLES)).getFirst(), 0).number(1);
    if (tables > 0) {
      throw new IllegalStateException(
          "The database %s is not empty; a restore wants a new one.".formatted(config.place()));
    }
  }

  private static PostgresBackup.Manifest manifest(ZipInputStream zip, Path backup)
      throws IOException {
    var entry = zip.getNextEntry();
    if (entry == null || !entry.getName().equals(PostgresBackup.MANIFEST)) {
      throw new IllegalStateException(backup + " is not a backup of a PostgreSQL store.");
    }
    var manifest = Json.parse(zip.readAllBytes(), PostgresBackup.Manifest.class);
    if (manifest.format() > PostgresBackup.FORMAT) {
      throw new IllegalStateException(backup + " was written by a newer Parley.");
    }
    return manifest;
  }

  /** The steps that had been applied when the backup was made. */
  private static List<Migration> asOf(
      PostgresBackup.Manifest manifest, List<Migration> migrations) {
    for (var room : manifest.versions().entrySet()) {
      var known =
          migrations.stream()
              .anyMatch(
                  step -> step.room().equals(room.getKey()) && step.version() == room.getValue());
      if (!known) {
        throw new IllegalStateException(
            "The backup holds %s %d, which this Parley does not know."
                .formatted(room.getKey(), room.getValue()));
      }
    }
    return migrations.stream()
        .filter(step -> step.version() <= manifest.versions().getOrDefault(step.room(), 0L))
        .toList();
  }
}
