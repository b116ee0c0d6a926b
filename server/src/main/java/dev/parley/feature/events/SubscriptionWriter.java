package dev.parley.feature.events;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.base.kit.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Settings of a subscription as answers show them, and as they are kept. */
final class SubscriptionWriter {
  private SubscriptionWriter() {}

  /** The settings with their secrets, to be sealed. */
  static SubscriptionModel kept(Subscription.Settings settings) {
    return model(settings, true, null, null);
  }

  /**
   * What may be shown: no query of an address, no secret header.
   *
   * @param topic id of the communication service
   */
  static SubscriptionModel shown(Subscription subscription, String topic) {
    return model(subscription.settings(), false, topic, subscription.state().word());
  }

  private static SubscriptionModel model(
      Subscription.Settings settings,
      boolean secrets,
      @Nullable String topic,
      @Nullable String state) {
    return new SubscriptionModel(
        topic,
        state,
        destination(settings.endpoint(), secrets),
        null,
        filter(settings.filter()),
        List.copyOf(settings.labels()),
        settings.expires().map(Object::toString).orElse(null),
        settings.schema().word(),
        new SubscriptionModel.RetryPolicy(
            settings.retry().attemptsMax(), settings.retry().minutesToLive()),
        settings.deadLetters().map(SubscriptionWriter::deadLetter).orElse(null),
        null);
  }

  private static SubscriptionModel.Destination destination(Endpoint endpoint, boolean secrets) {
    return switch (endpoint) {
      case Endpoint.WebHook hook ->
          new SubscriptionModel.Destination(
              "WebHook",
              new SubscriptionModel.DestinationProperties(
                  secrets ? hook.url() : null,
                  secrets ? null : base(hook.url()),
                  null,
                  hook.eventsPerBatch(),
                  hook.kilobytesPerBatch(),
                  hook.token().map(Endpoint.TokenWish::tenantId).orElse(null),
                  hook.token().map(Endpoint.TokenWish::application).orElse(null),
                  attributes(hook, secrets)));
      case Endpoint.AzureFunction function ->
          new SubscriptionModel.Destination(
              "AzureFunction",
              new SubscriptionModel.DestinationProperties(
                  null,
                  null,
                  function.resourceId(),
                  function.eventsPerBatch(),
                  function.kilobytesPerBatch(),
                  null,
                  null,
                  attributes(function, secrets)));
    };
  }

  /** An address without its query, which may hold a secret. */
  static String base(String url) {
    var question = url.indexOf('?');
    return question < 0 ? url : url.substring(0, question);
  }

  private static @Nullable List<SubscriptionModel.@Nullable Attribute> attributes(
      Endpoint endpoint, boolean secrets) {
    return endpoint.attributes().isEmpty()
        ? null
        : List.copyOf(attributes(endpoint.attributes(), secrets));
  }

  /** The headers; secret ones without their values unless they are to be kept. */
  static List<SubscriptionModel.Attribute> attributes(
      List<DeliveryAttribute> attributes, boolean secrets) {
    return attributes.stream().map(attribute -> attribute(attribute, secrets)).toList();
  }

  private static SubscriptionModel.Attribute attribute(
      DeliveryAttribute attribute, boolean secrets) {
    return switch (attribute) {
      case DeliveryAttribute.Static fixed ->
          new SubscriptionModel.Attribute(
              fixed.name(),
              "Static",
              new SubscriptionModel.AttributeProperties(
                  fixed.secret() && !secrets ? null : fixed.value(), fixed.secret(), null));
      case DeliveryAttribute.Dynamic dynamic ->
          new SubscriptionModel.Attribute(
              dynamic.name(),
              "Dynamic",
              new SubscriptionModel.AttributeProperties(null, null, dynamic.sourceField()));
    };
  }

  private static @Nullable List<@Nullable String> types(EventFilter filter) {
    return filter.types().isEmpty() ? null : new ArrayList<>(new TreeSet<>(filter.types()));
  }

  private static SubscriptionModel.Filter filter(EventFilter filter) {
    return new SubscriptionModel.Filter(
        filter.subjectBegins(),
        filter.subjectEnds(),
        types(filter),
        filter.caseSensitive(),
        filter.arrays(),
        filter.advanced().isEmpty()
            ? null
            : List.copyOf(filter.advanced().stream().map(SubscriptionWriter::condition).toList()));
  }

  private static SubscriptionModel.Condition condition(AdvancedFilter condition) {
    Optional<JsonNode> value = Optional.empty();
    Optional<JsonNode> values = Optional.empty();
    switch (condition) {
      case AdvancedFilter.StringMatches text -> values = Optional.of(tree(text.values()));
      case AdvancedFilter.NumberCompares number -> {
        if (number.operatorType().endsWith("In")) {
          values = Optional.of(tree(number.values()));
        } else {
          value = Optional.of(tree(number.values().getFirst()));
        }
      }
      case AdvancedFilter.NumberRanges ranges ->
          values =
              Optional.of(
                  tree(
                      ranges.ranges().stream()
                          .map(range -> List.of(range.from(), range.to()))
                          .toList()));
      case AdvancedFilter.BoolEquals bool -> value = Optional.of(tree(bool.value()));
      case AdvancedFilter.IsNull _ -> {
        // It has no value.
      }
    }
    return new SubscriptionModel.Condition(
        condition.operatorType(), condition.key(), value.orElse(null), values.orElse(null));
  }

  private static JsonNode tree(Object value) {
    return Json.mapper().valueToTree(value);
  }

  private static SubscriptionModel.DeadLetter deadLetter(Subscription.DeadLetterPlace place) {
    return new SubscriptionModel.DeadLetter(
        "StorageBlob",
        new SubscriptionModel.DeadLetterProperties(place.storageAccount(), place.container()));
  }
}
