package dev.parley.base.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.parley.base.event.Event;
import dev.parley.base.kit.Json;

/** Events as the journal's text. */
final class EventCodec {
  private static final ObjectWriter WRITER = Json.mapper().writerFor(Event.class);
  private static final ObjectReader READER = Json.mapper().readerFor(Event.class);

  private EventCodec() {}

  static String text(Event event) {
    try {
      return WRITER.writeValueAsString(event);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not expressible in JSON: " + event.getClass(), e);
    }
  }

  static Event event(String text) {
    try {
      return READER.readValue(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A journaled event cannot be read.", e);
    }
  }
}
