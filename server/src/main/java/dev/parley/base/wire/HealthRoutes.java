package dev.parley.base.wire;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** {@code /health/live}, {@code /health/ready} and {@code /metrics}. */
public final class HealthRoutes {
  private static final String BUCKET = "parley.health";
  private static final String CATEGORY = "ParleyHealth";

  private HealthRoutes() {}

  /**
   * The routes.
   *
   * @param ready whether the server can do its work
   * @param openMetrics whether anybody may read the metrics; otherwise only the operator
   */
  public static List<Route> routes(
      PrometheusMeterRegistry registry, BooleanSupplier ready, boolean openMetrics) {
    return List.of(
        route("/health/live", "Health_Live", true, _ -> Response.text(200, "live\n")),
        route(
            "/health/ready",
            "Health_Ready",
            true,
            _ ->
                ready.getAsBoolean()
                    ? Response.text(200, "ready\n")
                    : Response.text(503, "not ready\n")),
        route(
            "/metrics",
            "Metrics_Get",
            openMetrics,
            _ ->
                Response.bytes(
                    200,
                    "text/plain; version=0.0.4; charset=utf-8",
                    registry.scrape().getBytes(StandardCharsets.UTF_8))));
  }

  private static Route route(String path, String operation, boolean open, Handler handler) {
    return new Route(
        Method.GET,
        path,
        operation,
        Set.of(open ? Callers.ANONYMOUS : Callers.OPERATOR),
        Set.of(),
        ApiVersions.NONE,
        BUCKET,
        CATEGORY,
        Idempotency.NATURAL,
        0,
        handler);
  }
}
