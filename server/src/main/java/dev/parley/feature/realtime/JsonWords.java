package dev.parley.feature.realtime;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.Map;
import java.util.TreeMap;

/**
 * A JSON object written member by member. Notifications hold JSON in texts of JSON in a text of
 * JSON, each level made by escaping the one before.
 */
final class JsonWords {
  private final StringBuilder text = new StringBuilder(512).append('{');

  /** The text between quotation marks. */
  static String escaped(String text) {
    return new String(JsonStringEncoder.getInstance().quoteAsString(text));
  }

  /** An object of text values, as text. */
  static String object(Map<String, String> values) {
    var json = new JsonWords();
    new TreeMap<>(values).forEach(json::text);
    return json.end();
  }

  JsonWords text(String name, String value) {
    name(name).append('"');
    JsonStringEncoder.getInstance().quoteAsString(value, text);
    text.append('"');
    return this;
  }

  JsonWords number(String name, long value) {
    name(name).append(value);
    return this;
  }

  /** A member whose value is JSON already. */
  JsonWords json(String name, String value) {
    name(name).append(value);
    return this;
  }

  private StringBuilder name(String name) {
    if (text.length() > 1) {
      text.append(',');
    }
    text.append('"');
    JsonStringEncoder.getInstance().quoteAsString(name, text);
    return text.append("\":");
  }

  String end() {
    return text.append('}').toString();
  }

  /** The object so far, open for a last member. */
  String open() {
    return text.toString();
  }
}
