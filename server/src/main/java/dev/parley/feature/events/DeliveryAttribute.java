package dev.parley.feature.events;

/** A header that a subscription adds to its requests. */
sealed interface DeliveryAttribute {
  String name();

  /**
   * The same value always.
   *
   * @param secret whether the value is never shown
   */
  record Static(String name, String value, boolean secret) implements DeliveryAttribute {}

  /**
   * A value from the event.
   *
   * @param sourceField as conditions name it, {@code data.threadId}
   */
  record Dynamic(String name, String sourceField) implements DeliveryAttribute {}
}
