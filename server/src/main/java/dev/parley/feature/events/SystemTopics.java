package dev.parley.feature.events;

import dev.parley.base.arm.Arm;
import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.ArmProblems;
import dev.parley.base.arm.ArmTags;
import dev.parley.base.arm.SystemData;
import dev.parley.base.store.Stores;
import dev.parley.base.words.Caller;
import dev.parley.base.words.ResourceId;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The front door of system topics: one for each communication service, wherever its group is. */
final class SystemTopics {
  private static final String SUBSCRIBE = "Microsoft.EventGrid/eventSubscriptions/write";

  private final Stores stores;
  private final SystemTopicStore rows = new SystemTopicStore();
  private final Subscriptions subscriptions;
  private final Arm arm;
  private final InstantSource clock;

  SystemTopics(Stores stores, Subscriptions subscriptions, Arm arm, InstantSource clock) {
    this.stores = stores;
    this.subscriptions = subscriptions;
    this.arm = arm;
    this.clock = clock;
  }

  /** Those whose source is there. */
  List<SystemTopic> all() {
    return stores.of(ResourceId.HOUSE).read(rows::all).stream()
        .filter(topic -> arm.places().idOf(topic.source()).isPresent())
        .toList();
  }

  Optional<SystemTopic> find(ArmId id) {
    return all().stream().filter(topic -> topic.id().equals(id)).findFirst();
  }

  SystemTopic get(ArmId id) {
    return find(id).orElseThrow(() -> ArmProblems.noResource(id));
  }

  /** The id of the topic of a service; empty text where it has none. */
  String named(ResourceId source) {
    return all().stream()
        .filter(topic -> topic.source().equals(source))
        .findFirst()
        .map(topic -> topic.id().toString())
        .orElse("");
  }

  /** The service whose events the topic names. */
  ArmId source(SystemTopic topic) {
    return arm.places().idOf(topic.source()).orElseThrow(() -> ArmProblems.noResource(topic.id()));
  }

  /**
   * Makes a topic, or gives one new tags.
   *
   * @throws dev.parley.base.words.Refusal 400 for another source or kind than it has, 403 for who
   *     may not subscribe to the source, 404 where there is no such source
   */
  SystemTopic put(
      ArmId id,
      String source,
      String topicType,
      @Nullable Map<String, @Nullable String> tags,
      Caller.Principal caller) {
    if (!id.name().matches("[A-Za-z0-9-]{3,128}")) {
      throw EventsProblems.badTopicName();
    }
    if (!topicType.equalsIgnoreCase(SystemTopic.TOPIC_TYPE)) {
      throw EventsProblems.notOneOf("properties.topicType", SystemTopic.TOPIC_TYPE);
    }
    var service =
        ArmId.parse(source).orElseThrow(() -> EventsProblems.missing("properties.source"));
    if (!arm.authority().may(caller, SUBSCRIBE, service)) {
      throw ArmProblems.authorizationFailed(caller, SUBSCRIBE, service);
    }
    var resource =
        arm.places()
            .communicationService(service)
            .orElseThrow(() -> ArmProblems.noResource(service));
    var before = all();
    var there = before.stream().filter(topic -> topic.id().equals(id)).findFirst();
    if (there.isPresent() && !there.get().source().equals(resource)) {
      throw EventsProblems.topicHasSource();
    }
    if (there.isEmpty() && before.stream().anyMatch(topic -> topic.source().equals(resource))) {
      throw EventsProblems.sourceHasTopic();
    }
    var now = clock.instant();
    return store(
        new SystemTopic(
            there.map(SystemTopic::id).orElse(id),
            resource,
            ArmTags.checked(tags),
            there
                .map(topic -> topic.made().changed(caller, now))
                .orElseGet(() -> SystemData.made(caller, now))));
  }

  /** Changes the tags. */
  SystemTopic patch(
      ArmId id, @Nullable Map<String, @Nullable String> tags, Caller.Principal caller) {
    var topic = get(id);
    var changed = topic.made().changed(caller, clock.instant());
    var next = tags == null ? topic.tags() : ArmTags.checked(tags);
    return store(new SystemTopic(topic.id(), topic.source(), next, changed));
  }

  private SystemTopic store(SystemTopic topic) {
    return stores
        .of(topic.source())
        .write(
            SystemTopicStore.partition(topic.source()),
            tx -> {
              rows.put(tx, topic);
              return topic;
            });
  }

  /**
   * Deletes a topic with the subscriptions of its source, as the Event Grid does.
   *
   * @return whether it was there
   */
  boolean delete(ArmId id, Caller.Principal caller) {
    var there = find(id);
    there.ifPresent(topic -> {
      for (var subscription : subscriptions.list(topic.source())) {
        subscriptions.delete(topic.source(), subscription.key().name(), caller.origin());
      }
      forget(topic.source());
    });
    return there.isPresent();
  }

  /** The source is gone. */
  void forget(ResourceId source) {
    stores
        .of(source)
        .write(
            SystemTopicStore.partition(source),
            tx -> {
              rows.delete(tx, source);
              return true;
            });
  }
}
