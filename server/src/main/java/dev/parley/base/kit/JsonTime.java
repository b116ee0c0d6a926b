package dev.parley.base.kit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;

/** Reads times in JSON: RFC 3339 text and nothing else. */
final class JsonTime extends StdDeserializer<Instant> {
  private static final long serialVersionUID = 1L;

  JsonTime() {
    super(Instant.class);
  }

  @Override
  public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
    if (!parser.hasToken(JsonToken.VALUE_STRING)) {
      return (Instant) context.handleUnexpectedToken(Instant.class, parser);
    }
    var text = parser.getText();
    try {
      return Rfc3339.parse(text);
    } catch (DateTimeException _) {
      throw context.weirdStringException(text, Instant.class, "it is no RFC 3339 time");
    }
  }
}
