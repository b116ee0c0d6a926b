package dev.parley.feature.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * Which events a subscription wants; all conditions hold together.
 *
 * @param types empty for all
 * @param arrays whether a condition may look at the values of an array
 */
record EventFilter(
    Set<String> types,
    String subjectBegins,
    String subjectEnds,
    boolean caseSensitive,
    boolean arrays,
    List<AdvancedFilter> advanced) {
  /** Everything. */
  static final EventFilter ALL = new EventFilter(Set.of(), "", "", false, false, List.of());

  EventFilter {
    types = Set.copyOf(types);
    advanced = List.copyOf(advanced);
  }

  boolean wants(GridEvent event) {
    return (types.isEmpty() || types.contains(event.type()))
        && subjectFits(event.subject())
        && advanced.stream().allMatch(condition -> holds(condition, event));
  }

  private boolean subjectFits(String subject) {
    var text = caseSensitive ? subject : subject.toLowerCase(Locale.ROOT);
    var begins = caseSensitive ? subjectBegins : subjectBegins.toLowerCase(Locale.ROOT);
    var ends = caseSensitive ? subjectEnds : subjectEnds.toLowerCase(Locale.ROOT);
    return text.startsWith(begins) && text.endsWith(ends);
  }

  private boolean holds(AdvancedFilter condition, GridEvent event) {
    var value = value(condition.key(), event);
    if (!value.isArray() || condition instanceof AdvancedFilter.IsNull) {
      return condition.holds(value);
    }
    if (!arrays) {
      return condition.negated();
    }
    var values = StreamSupport.stream(value.spliterator(), false);
    return condition.negated()
        ? values.allMatch(condition::holds)
        : values.anyMatch(condition::holds);
  }

  /** Members of both schemas by their names; what lies in the data by its path. */
  static JsonNode value(String key, GridEvent event) {
    var dot = key.indexOf('.');
    if (dot > 0 && key.substring(0, dot).equalsIgnoreCase("data")) {
      JsonNode node = event.data();
      for (var name : key.substring(dot + 1).split("\\.", -1)) {
        node = node.path(name);
      }
      return node;
    }
    return switch (key.toLowerCase(Locale.ROOT)) {
      case "id" -> TextNode.valueOf(event.id());
      case "topic", "source" -> TextNode.valueOf(event.topic());
      case "subject" -> TextNode.valueOf(event.subject());
      case "eventtype", "type" -> TextNode.valueOf(event.type());
      case "dataversion" -> TextNode.valueOf(DeliverySchema.DATA_VERSION);
      case "metadataversion" -> TextNode.valueOf(DeliverySchema.METADATA_VERSION);
      case "specversion" -> TextNode.valueOf("1.0");
      case "eventtime", "time" -> TextNode.valueOf(event.time().toString());
      case "data" -> event.data();
      default -> MissingNode.getInstance();
    };
  }
}
