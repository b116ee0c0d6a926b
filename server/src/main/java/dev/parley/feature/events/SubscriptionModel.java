package dev.parley.feature.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code EventSubscriptionProperties} of the contract (2022-06-15), for requests and answers. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SubscriptionModel(
    @Nullable String topic,
    @Nullable String provisioningState,
    @Nullable Destination destination,
    @Nullable JsonNode deliveryWithResourceIdentity,
    @Nullable Filter filter,
    @Nullable List<@Nullable String> labels,
    @Nullable String expirationTimeUtc,
    @Nullable String eventDeliverySchema,
    @Nullable RetryPolicy retryPolicy,
    @Nullable DeadLetter deadLetterDestination,
    @Nullable JsonNode deadLetterWithResourceIdentity) {
  /** {@code EventSubscriptionDestination}. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Destination(@Nullable String endpointType, @Nullable DestinationProperties properties) {}

  /** Properties of webhooks and functions. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record DestinationProperties(
      @Nullable String endpointUrl,
      @Nullable String endpointBaseUrl,
      @Nullable String resourceId,
      @Nullable Integer maxEventsPerBatch,
      @Nullable Integer preferredBatchSizeInKilobytes,
      @Nullable String azureActiveDirectoryTenantId,
      @Nullable String azureActiveDirectoryApplicationIdOrUri,
      @Nullable List<@Nullable Attribute> deliveryAttributeMappings) {}

  /** {@code DeliveryAttributeMapping}. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Attribute(
      @Nullable String name, @Nullable String type, @Nullable AttributeProperties properties) {}

  /** Properties of both kinds of attributes. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record AttributeProperties(
      @Nullable String value, @Nullable Boolean isSecret, @Nullable String sourceField) {}

  /** {@code EventSubscriptionFilter}. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Filter(
      @Nullable String subjectBeginsWith,
      @Nullable String subjectEndsWith,
      @Nullable List<@Nullable String> includedEventTypes,
      @Nullable Boolean isSubjectCaseSensitive,
      @Nullable Boolean enableAdvancedFilteringOnArrays,
      @Nullable List<@Nullable Condition> advancedFilters) {}

  /** {@code AdvancedFilter}; value and values as the operator has them. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Condition(
      @Nullable String operatorType,
      @Nullable String key,
      @Nullable JsonNode value,
      @Nullable JsonNode values) {}

  /** {@code RetryPolicy}. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record RetryPolicy(
      @Nullable Integer maxDeliveryAttempts, @Nullable Integer eventTimeToLiveInMinutes) {}

  /** {@code StorageBlobDeadLetterDestination}. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record DeadLetter(@Nullable String endpointType, @Nullable DeadLetterProperties properties) {}

  /** Its properties. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record DeadLetterProperties(@Nullable String resourceId, @Nullable String blobContainerName) {}

  /** These settings with those of an update in their places; what an update leaves out stays. */
  SubscriptionModel patched(SubscriptionModel update) {
    return new SubscriptionModel(
        topic,
        provisioningState,
        or(update.destination, destination),
        or(update.deliveryWithResourceIdentity, deliveryWithResourceIdentity),
        or(update.filter, filter),
        or(update.labels, labels),
        or(update.expirationTimeUtc, expirationTimeUtc),
        or(update.eventDeliverySchema, eventDeliverySchema),
        or(update.retryPolicy, retryPolicy),
        or(update.deadLetterDestination, deadLetterDestination),
        or(update.deadLetterWithResourceIdentity, deadLetterWithResourceIdentity));
  }

  private static <T> @Nullable T or(@Nullable T one, @Nullable T other) {
    return one == null ? other : one;
  }
}
