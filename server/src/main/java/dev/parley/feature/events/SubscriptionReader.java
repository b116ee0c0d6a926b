package dev.parley.feature.events;

import dev.parley.feature.events.Subscription.DeadLetterPlace;
import dev.parley.feature.events.Subscription.RetryPolicy;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Settings of a subscription as requests write them, with the service's bounds. */
final class SubscriptionReader {
  private static final int URL_CHARACTERS_MAX = 2_048;
  private static final int BATCH_EVENTS_MAX = 5_000;
  private static final int BATCH_KILOBYTES = 64;
  private static final int BATCH_KILOBYTES_MAX = 1_024;
  private static final int LABELS_MAX = 25;
  private static final int LABEL_CHARACTERS_MAX = 256;
  private static final int HEADERS_MAX = 10;
  private static final int HEADER_VALUE_CHARACTERS_MAX = 4_096;
  private static final int FIELD_CHARACTERS_MAX = 512;
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");
  private static final Pattern PLAIN = Pattern.compile("[\\x20-\\x7e]*");
  private static final Pattern CONTAINER = Pattern.compile("[a-z0-9]([a-z0-9-]{1,61})[a-z0-9]");

  /** Headers that the server writes itself, or that would change how a request is read. */
  private static final Set<String> RESERVED =
      Set.of(
          "host",
          "content-length",
          "content-type",
          "content-encoding",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "upgrade",
          "expect",
          "te",
          "trailer",
          "proxy-authorization",
          "proxy-connection");

  private SubscriptionReader() {}

  /**
   * The settings.
   *
   * @throws dev.parley.base.words.Refusal 400 for what is missing, unknown or beyond a bound
   */
  static Subscription.Settings read(String name, SubscriptionModel model) {
    if (model.deliveryWithResourceIdentity() != null
        && !model.deliveryWithResourceIdentity().isNull()) {
      throw EventsProblems.noIdentities("deliveryWithResourceIdentity");
    }
    if (model.deadLetterWithResourceIdentity() != null
        && !model.deadLetterWithResourceIdentity().isNull()) {
      throw EventsProblems.noIdentities("deadLetterWithResourceIdentity");
    }
    return new Subscription.Settings(
        name,
        endpoint(model.destination()),
        FilterReader.read(model.filter()),
        schema(model.eventDeliverySchema()),
        retry(model.retryPolicy()),
        deadLetters(model.deadLetterDestination()),
        labels(model.labels()),
        Optional.ofNullable(model.expirationTimeUtc()).map(SubscriptionReader::time));
  }

  private static Endpoint endpoint(SubscriptionModel.@Nullable Destination destination) {
    if (destination == null) {
      throw EventsProblems.missing("destination");
    }
    var type = destination.endpointType();
    if (type == null) {
      throw EventsProblems.missing("destination.endpointType");
    }
    var properties = destination.properties();
    return switch (type.toLowerCase(Locale.ROOT)) {
      case "webhook" -> webHook(given(properties));
      case "azurefunction" -> function(given(properties));
      default -> throw EventsProblems.noSuchDestination(type);
    };
  }

  private static SubscriptionModel.DestinationProperties given(
      SubscriptionModel.@Nullable DestinationProperties properties) {
    if (properties == null) {
      throw EventsProblems.missing("destination.properties");
    }
    return properties;
  }

  private static Endpoint webHook(SubscriptionModel.DestinationProperties properties) {
    return new Endpoint.WebHook(
        url(properties.endpointUrl()),
        batchEvents(properties),
        batchKilobytes(properties),
        token(properties),
        attributes(properties.deliveryAttributeMappings()));
  }

  private static Endpoint function(SubscriptionModel.DestinationProperties properties) {
    var id = properties.resourceId();
    if (id == null || id.isBlank()) {
      throw EventsProblems.missing("destination.properties.resourceId");
    }
    return new Endpoint.AzureFunction(
        id,
        batchEvents(properties),
        batchKilobytes(properties),
        attributes(properties.deliveryAttributeMappings()));
  }

  private static String url(@Nullable String url) {
    if (url == null || url.isBlank()) {
      throw EventsProblems.missing("destination.properties.endpointUrl");
    }
    if (url.length() > URL_CHARACTERS_MAX) {
      throw EventsProblems.tooLong("destination.properties.endpointUrl", URL_CHARACTERS_MAX);
    }
    try {
      var address = new URI(url);
      var scheme = address.getScheme() == null ? "" : address.getScheme();
      if (!scheme.equalsIgnoreCase("https") && !scheme.equalsIgnoreCase("http")) {
        throw EventsProblems.badUrl("it must begin with https://");
      }
      if (address.getHost() == null) {
        throw EventsProblems.badUrl("it names no host");
      }
      if (address.getUserInfo() != null || address.getFragment() != null) {
        throw EventsProblems.badUrl("it must have no user name and no fragment");
      }
      return url;
    } catch (URISyntaxException _) {
      throw EventsProblems.badUrl("it is no URL");
    }
  }

  private static int batchEvents(SubscriptionModel.DestinationProperties properties) {
    return number(
        "destination.properties.maxEventsPerBatch",
        properties.maxEventsPerBatch(),
        1,
        BATCH_EVENTS_MAX,
        1);
  }

  private static int batchKilobytes(SubscriptionModel.DestinationProperties properties) {
    return number(
        "destination.properties.preferredBatchSizeInKilobytes",
        properties.preferredBatchSizeInKilobytes(),
        1,
        BATCH_KILOBYTES_MAX,
        BATCH_KILOBYTES);
  }

  private static Optional<Endpoint.TokenWish> token(
      SubscriptionModel.DestinationProperties properties) {
    var tenant = properties.azureActiveDirectoryTenantId();
    var application = properties.azureActiveDirectoryApplicationIdOrUri();
    if (application == null || application.isBlank()) {
      if (tenant != null && !tenant.isBlank()) {
        throw EventsProblems.missing(
            "destination.properties.azureActiveDirectoryApplicationIdOrUri");
      }
      return Optional.empty();
    }
    return Optional.of(new Endpoint.TokenWish(tenant == null ? "" : tenant, application));
  }

  private static List<DeliveryAttribute> attributes(
      @Nullable List<SubscriptionModel.@Nullable Attribute> given) {
    var attributes = new ArrayList<DeliveryAttribute>();
    if (given == null) {
      return attributes;
    }
    if (given.size() > HEADERS_MAX) {
      throw EventsProblems.tooMany("destination.properties.deliveryAttributeMappings", HEADERS_MAX);
    }
    var names = new HashSet<String>();
    for (var attribute : given) {
      if (attribute == null) {
        throw EventsProblems.badHeader("A delivery attribute must be an object.");
      }
      if (!names.add(headerName(attribute.name()).toLowerCase(Locale.ROOT))) {
        throw EventsProblems.badHeader("Two delivery attributes have the same name.");
      }
      attributes.add(attribute(attribute));
    }
    return attributes;
  }

  private static DeliveryAttribute attribute(SubscriptionModel.Attribute attribute) {
    var name = headerName(attribute.name());
    var properties = attribute.properties();
    var type = attribute.type() == null ? "" : attribute.type().toLowerCase(Locale.ROOT);
    if (properties == null || !(type.equals("static") || type.equals("dynamic"))) {
      throw EventsProblems.badHeader(
          "A delivery attribute is Static with a value, or Dynamic with a source field.");
    }
    return type.equals("static") ? fixed(name, properties) : dynamic(name, properties);
  }

  private static DeliveryAttribute fixed(
      String name, SubscriptionModel.AttributeProperties properties) {
    var value = properties.value();
    if (value == null
        || value.length() > HEADER_VALUE_CHARACTERS_MAX
        || !PLAIN.matcher(value).matches()) {
      throw EventsProblems.badHeader(
          "A static delivery attribute needs a value of at most %d printable ASCII characters."
              .formatted(HEADER_VALUE_CHARACTERS_MAX));
    }
    return new DeliveryAttribute.Static(name, value, Boolean.TRUE.equals(properties.isSecret()));
  }

  private static DeliveryAttribute dynamic(
      String name, SubscriptionModel.AttributeProperties properties) {
    var field = properties.sourceField();
    if (field == null || field.isBlank() || field.length() > FIELD_CHARACTERS_MAX) {
      throw EventsProblems.badHeader("A dynamic delivery attribute needs a source field.");
    }
    return new DeliveryAttribute.Dynamic(name, field);
  }

  private static String headerName(@Nullable String name) {
    if (name == null || !HEADER.matcher(name).matches()) {
      throw EventsProblems.badHeader("The name of a delivery attribute must be a header name.");
    }
    var small = name.toLowerCase(Locale.ROOT);
    if (RESERVED.contains(small) || small.startsWith("aeg-")) {
      throw EventsProblems.badHeader("The header '" + name + "' is the server's own.");
    }
    return name;
  }

  private static DeliverySchema schema(@Nullable String word) {
    return word == null
        ? DeliverySchema.EVENT_GRID
        : DeliverySchema.ofWord(word)
            .orElseThrow(() ->
                EventsProblems.notOneOf(
                    "eventDeliverySchema", "EventGridSchema, CloudEventSchemaV1_0"));
  }

  private static RetryPolicy retry(SubscriptionModel.@Nullable RetryPolicy policy) {
    if (policy == null) {
      return RetryPolicy.DEFAULT;
    }
    return new RetryPolicy(
        number(
            "retryPolicy.maxDeliveryAttempts",
            policy.maxDeliveryAttempts(),
            1,
            RetryPolicy.ATTEMPTS_MAX,
            RetryPolicy.ATTEMPTS_MAX),
        number(
            "retryPolicy.eventTimeToLiveInMinutes",
            policy.eventTimeToLiveInMinutes(),
            1,
            RetryPolicy.MINUTES_MAX,
            RetryPolicy.MINUTES_MAX));
  }

  private static Optional<DeadLetterPlace> deadLetters(
      SubscriptionModel.@Nullable DeadLetter given) {
    if (given == null) {
      return Optional.empty();
    }
    if (given.endpointType() != null && !given.endpointType().equalsIgnoreCase("StorageBlob")) {
      throw EventsProblems.notOneOf("deadLetterDestination.endpointType", "StorageBlob");
    }
    var properties = given.properties();
    if (properties == null) {
      throw EventsProblems.missing("deadLetterDestination.properties");
    }
    var container = properties.blobContainerName();
    if (container == null || !CONTAINER.matcher(container).matches()) {
      throw EventsProblems.badDeadLetter(
          "blobContainerName has 3 to 63 small letters, digits and hyphens.");
    }
    var account = properties.resourceId();
    if (account != null && account.length() > URL_CHARACTERS_MAX) {
      throw EventsProblems.tooLong(
          "deadLetterDestination.properties.resourceId", URL_CHARACTERS_MAX);
    }
    return Optional.of(new DeadLetterPlace(account == null ? "" : account, container));
  }

  private static List<String> labels(@Nullable List<@Nullable String> given) {
    var labels = new ArrayList<String>();
    if (given == null) {
      return labels;
    }
    if (given.size() > LABELS_MAX) {
      throw EventsProblems.tooMany("labels", LABELS_MAX);
    }
    for (var label : given) {
      if (label == null || label.length() > LABEL_CHARACTERS_MAX) {
        throw EventsProblems.tooLong("labels", LABEL_CHARACTERS_MAX);
      }
      labels.add(label);
    }
    return labels;
  }

  private static Instant time(String text) {
    try {
      return DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from);
    } catch (DateTimeException _) {
      throw EventsProblems.badTime("expirationTimeUtc");
    }
  }

  private static int number(
      String member, @Nullable Integer given, int min, int max, int fallback) {
    var number = given == null ? fallback : given;
    if (number < min || number > max) {
      throw EventsProblems.outOfRange(member, min, max);
    }
    return number;
  }

  /** Whether two endpoints are one that needs no second proof. */
  static boolean sameAddress(Endpoint one, Endpoint other) {
    return switch (one) {
      case Endpoint.WebHook hook ->
          other instanceof Endpoint.WebHook same && hook.url().equals(same.url());
      case Endpoint.AzureFunction function ->
          other instanceof Endpoint.AzureFunction same
              && function.resourceId().equalsIgnoreCase(same.resourceId());
    };
  }
}
