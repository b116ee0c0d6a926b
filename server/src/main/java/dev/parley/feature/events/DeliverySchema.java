package dev.parley.feature.events;

import java.util.Optional;

/** {@code EventDeliverySchema} of the contract, less the input schemas of custom topics. */
enum DeliverySchema {
  EVENT_GRID("EventGridSchema"),
  CLOUD_EVENTS("CloudEventSchemaV1_0");

  static final String DATA_VERSION = "1.0";
  static final String METADATA_VERSION = "1";

  private final String word;

  DeliverySchema(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }

  /**
   * The media type of a request.
   *
   * @param batched whether the body is an array
   */
  String mediaType(boolean batched) {
    return switch (this) {
      case EVENT_GRID -> "application/json; charset=utf-8";
      case CLOUD_EVENTS ->
          batched
              ? "application/cloudevents-batch+json; charset=utf-8"
              : "application/cloudevents+json; charset=utf-8";
    };
  }

  static Optional<DeliverySchema> ofWord(String word) {
    for (var schema : values()) {
      if (schema.word.equalsIgnoreCase(word)) {
        return Optional.of(schema);
      }
    }
    return Optional.empty();
  }
}
