package dev.parley.feature.manage;

import dev.parley.base.store.Store;
import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Routes of the operator's upkeep: backup, and a check of the store. */
public final class UpkeepHttp {
  private record BackupRequest(@Nullable String folder) {}

  private final Store store;
  private final Backup backup;

  public UpkeepHttp(Store store, Backup backup) {
    this.store = store;
    this.backup = backup;
  }

  /** All operations of this kind. */
  public List<Route> routes() {
    return List.of(
        route("/parley/:backup", "Parley_Backup", this::backup),
        route("/parley/:check", "Parley_Check", this::check));
  }

  private static Route route(String path, String operation, Handler handler) {
    return new Route(
        Method.POST,
        path,
        operation,
        Set.of(Callers.OPERATOR),
        Set.of(),
        ApiVersions.NONE,
        "parley.upkeep",
        "ParleyAudit",
        Idempotency.NONE,
        Route.JSON_BYTES_MAX,
        handler);
  }

  private Response backup(Request request) {
    var folder = request.json(BackupRequest.class).folder();
    if (folder == null) {
      throw ManageProblems.badFolder();
    }
    try {
      backup.write(Path.of(folder));
    } catch (InvalidPathException _) {
      throw ManageProblems.badFolder();
    }
    return Response.text(200, "The backup is in " + folder + ".\n");
  }

  private Response check(Request request) {
    var found = store.check();
    return found.isEmpty()
        ? Response.text(200, "The store is sound.\n")
        : Response.text(500, String.join("\n", found) + "\n");
  }
}
