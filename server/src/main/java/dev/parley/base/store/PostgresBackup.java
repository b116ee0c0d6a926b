package dev.parley.base.store;

import dev.parley.base.kit.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * All tables in one file, as of one moment, and back. A zip file: first {@code manifest.json}, then
 * the rows of each table in the text form of COPY.
 */
final class PostgresBackup {
  static final String MANIFEST = "manifest.json";
  static final int FORMAT = 1;
  private static final Set<OpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private static final String COLUMNS =
      """
      SELECT table_name::text, column_name::text FROM information_schema.columns
      JOIN information_schema.tables USING (table_schema, table_name)
      WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
      ORDER BY table_name, ordinal_position\
      """;

  /** A table and its columns, in the order of the file. */
  record Table(String name, List<String> columns) {
    String copy(String direction) {
      return "COPY %s (\"%s\") %s".formatted(quoted(), String.join("\", \"", columns), direction);
    }

    String quoted() {
      return '"' + name + '"';
    }
  }

  /**
   * What the file holds.
   *
   * @param versions the schema's version of each room
   */
  record Manifest(int format, Map<String, Long> versions, List<Table> tables) {}

  private PostgresBackup() {}

  /** Writes everything that the reading's snapshot sees to a new file. */
  static void write(PostgresRows rows, Path target) {
    var manifest = new Manifest(FORMAT, versions(rows), tables(rows));
    try {
      if (Files.exists(target)) {
        throw new FileAlreadyExistsException(target.toString());
      }
      var partial = target.resolveSibling(target.getFileName() + ".partial");
      Files.deleteIfExists(partial);
      try (var file = FileChannel.open(partial, NEW, ownerOnly(partial));
          var zip = new ZipOutputStream(new BufferedOutputStream(Channels.newOutputStream(file)))) {
        zip.setLevel(Deflater.BEST_SPEED);
        zip.putNextEntry(new ZipEntry(MANIFEST));
        zip.write(Json.bytes(manifest));
        for (var table : manifest.tables()) {
          zip.putNextEntry(new ZipEntry(table.name()));
          copyOut(rows, table, zip);
        }
        zip.finish();
        zip.flush();
        file.force(true);
      }
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      try (var folder = FileChannel.open(target.toAbsolutePath().getParent())) {
        folder.force(true);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads every row of every table to its end, and looks at the settings that durability rests on.
   *
   * @return what is wrong, in sentences
   */
  static List<String> check(PostgresRows rows) {
    var found = new ArrayList<String>();
    for (var setting : List.of("fsync", "full_page_writes")) {
      var value = rows.one("SELECT current_setting(?)", row -> row.text(1), setting);
      if (value.equals(Optional.of("off"))) {
        found.add(
            "PostgreSQL runs with %s = off and loses data in a power cut.".formatted(setting));
      }
    }
    for (var table : tables(rows)) {
      try {
        copyOut(rows, table, OutputStream.nullOutputStream());
      } catch (IOException e) {
        found.add("Table %s cannot be read: %s".formatted(table.name(), e.getMessage()));
        // The transaction is broken with it, so the tables after this one wait for the next check.
        return found;
      }
    }
    return found;
  }

  private static List<Table> tables(PostgresRows rows) {
    var tables = new TreeMap<String, List<String>>();
    rows.all(COLUMNS, row -> List.of(row.text(1), row.text(2)))
        .forEach(column ->
            tables
                .computeIfAbsent(column.getFirst(), _ -> new ArrayList<>())
                .add(column.getLast()));
    return tables.entrySet().stream()
        .map(table -> new Table(table.getKey(), List.copyOf(table.getValue())))
        .toList();
  }

  private static Map<String, Long> versions(PostgresRows rows) {
    return rows
        .all(
            "SELECT room, version FROM schema_version",
            row -> Map.entry(row.text(1), row.number(2)))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static void copyOut(PostgresRows rows, Table table, OutputStream out) throws IOException {
    try {
      copies(rows.connection()).copyOut(table.copy("TO STDOUT"), out);
    } catch (SQLException e) {
      throw new IOException(PostgresProblems.said(e), e);
    }
  }

  static CopyManager copies(PostgresConnection connection) throws SQLException {
    return connection.jdbc().unwrap(PGConnection.class).getCopyAPI();
  }

  private static FileAttribute<?>[] ownerOnly(Path file) {
    var posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
