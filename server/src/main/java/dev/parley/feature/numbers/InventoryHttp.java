package dev.parley.feature.numbers;

import dev.parley.base.kit.Json;
import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Routes of the operator's inventory (our own). A body is CSV, or JSON with the rows in {@code
 * numbers}, or JSON that names a {@code file} which the server reads.
 */
final class InventoryHttp {
  private static final int BODY_BYTES_MAX = 16 << 20;
  private static final long FILE_BYTES_MAX = 64L << 20;

  private record ImportRequest(
      @Nullable String file, @Nullable List<Map<String, String>> numbers) {}

  private record FileOfRows(@Nullable List<Map<String, String>> numbers) {}

  private record OfferCount(
      String country,
      String phoneNumberType,
      String assignmentType,
      String calling,
      String sms,
      long free,
      long held,
      long owned,
      long quarantined) {}

  private record OfferCounts(List<OfferCount> value) {}

  private final Inventory inventory;

  InventoryHttp(Inventory inventory) {
    this.inventory = inventory;
  }

  List<Route> routes() {
    return List.of(
        route(Method.GET, "/parley/numbers", "Parley_ListNumberOffers", 0, this::list),
        route(
            Method.POST,
            "/parley/numbers/:import",
            "Parley_ImportNumbers",
            BODY_BYTES_MAX,
            this::add),
        route(
            Method.POST,
            "/parley/numbers/:remove",
            "Parley_RemoveNumbers",
            BODY_BYTES_MAX,
            this::remove));
  }

  private static Route route(
      Method method, String path, String operation, int bodyBytesMax, Handler handler) {
    return new Route(
        method,
        path,
        operation,
        Set.of(Callers.OPERATOR),
        Set.of(),
        ApiVersions.NONE,
        "parley.numbers",
        "ParleyAudit",
        Idempotency.NATURAL,
        bodyBytesMax,
        handler);
  }

  private Response add(Request request) {
    var ranges = ranges(request);
    var added = inventory.add(ranges);
    return Response.text(
        200, "%d numbers added, %d there already.\n".formatted(added, total(ranges) - added));
  }

  private Response remove(Request request) {
    var ranges = ranges(request);
    var removed = inventory.remove(ranges);
    return Response.text(
        200,
        "%d numbers removed, %d not there or in use.\n"
            .formatted(removed, total(ranges) - removed));
  }

  private static long total(List<NumberRange> ranges) {
    return ranges.stream().mapToLong(NumberRange::count).sum();
  }

  private static List<NumberRange> ranges(Request request) {
    var type = request.header("content-type").orElse("").toLowerCase(Locale.ROOT);
    if (type.startsWith("text/csv")) {
      return NumberFile.csv(new String(request.body(), StandardCharsets.UTF_8));
    }
    var body = request.json(ImportRequest.class);
    if (body.file() != null) {
      return file(body.file());
    }
    if (body.numbers() == null) {
      throw NumbersProblems.missing("numbers");
    }
    return NumberFile.items(body.numbers());
  }

  private static List<NumberRange> file(String name) {
    try {
      var file = Path.of(name);
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw NumbersProblems.badFile("it has more than %d bytes".formatted(FILE_BYTES_MAX));
      }
      var bytes = Files.readAllBytes(file);
      if (!name.endsWith(".json")) {
        return NumberFile.csv(new String(bytes, StandardCharsets.UTF_8));
      }
      var rows = Json.parse(bytes, FileOfRows.class).numbers();
      return NumberFile.items(rows == null ? List.of() : rows);
    } catch (IOException | InvalidPathException e) {
      throw NumbersProblems.badFile(e.getClass().getSimpleName());
    }
  }

  private Response list(Request request) {
    var counts =
        inventory.counts().stream()
            .map(stock ->
                new OfferCount(
                    stock.offer().country(),
                    stock.offer().type().word(),
                    stock.offer().assignment().map(AssignmentType::word).orElse("any"),
                    stock.offer().capabilities().calling().word(),
                    stock.offer().capabilities().sms().word(),
                    stock.free(),
                    stock.held(),
                    stock.owned(),
                    stock.quarantined()))
            .toList();
    if (!request.header("accept").orElse("").startsWith("text/plain")) {
      return Response.json(200, new OfferCounts(counts));
    }
    var lines = new StringBuilder();
    for (var count : counts) {
      lines.append(
          String.join(
              "\t",
              count.country(),
              count.phoneNumberType(),
              count.assignmentType(),
              "calling " + count.calling(),
              "sms " + count.sms(),
              count.free() + " free",
              count.held() + " held",
              count.owned() + " owned",
              count.quarantined() + " in quarantine\n"));
    }
    return Response.text(200, lines.toString());
  }
}
