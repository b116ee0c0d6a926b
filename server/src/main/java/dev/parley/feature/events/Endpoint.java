package dev.parley.feature.events;

import java.util.List;
import java.util.Optional;

/** Where a subscription's events go, as its settings say it. */
sealed interface Endpoint {
  /** Events in one request, at most. */
  int eventsPerBatch();

  /** What one request should hold at most, kilobytes; a single larger event goes alone. */
  int kilobytesPerBatch();

  List<DeliveryAttribute> attributes();

  /**
   * An address of one's own.
   *
   * @param url with its query, which may hold a secret
   * @param token whom the requests' tokens are for; empty for requests without one
   */
  record WebHook(
      String url,
      int eventsPerBatch,
      int kilobytesPerBatch,
      Optional<TokenWish> token,
      List<DeliveryAttribute> attributes)
      implements Endpoint {
    public WebHook {
      attributes = List.copyOf(attributes);
    }
  }

  /** A function, whose address the operator has configured. */
  record AzureFunction(
      String resourceId,
      int eventsPerBatch,
      int kilobytesPerBatch,
      List<DeliveryAttribute> attributes)
      implements Endpoint {
    public AzureFunction {
      attributes = List.copyOf(attributes);
    }
  }

  /** The application, and its tenant, that a request's token names. */
  record TokenWish(String tenantId, String application) {}
}
