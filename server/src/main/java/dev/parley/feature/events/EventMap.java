package dev.parley.feature.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.base.bus.Audience;
import dev.parley.base.bus.Details;
import dev.parley.base.bus.Signal;
import dev.parley.base.event.AdminEvent;
import dev.parley.base.event.CallEvent;
import dev.parley.base.event.ChatEvent;
import dev.parley.base.event.EmailEvent;
import dev.parley.base.event.IdentityEvent;
import dev.parley.base.event.NumberEvent;
import dev.parley.base.event.ResourceEvent;
import dev.parley.base.event.RoomEvent;
import dev.parley.base.event.SmsEvent;
import dev.parley.base.event.SubscriptionEvent;
import dev.parley.base.event.UsageEvent;
import dev.parley.base.kit.Json;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Shard;
import dev.parley.base.wire.IdentifierModel;
import dev.parley.base.words.CommunicationIdentifier;
import dev.parley.base.words.ResourceId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * Which events of the Event Grid a journal row is: the one place where types, subjects and payloads
 * of {@code Microsoft.Communication} are made ({@code eventgrid-system-events} of the contracts;
 * subjects as in {@code behaviour.md} section 14).
 *
 * <p>A feature adds its events by a case here. What a row gives is the same whenever it is asked,
 * but for content that was changed or erased in between.
 */
final class EventMap {
  static final String TYPE_PREFIX = "Microsoft.Communication.";

  private final Details details;
  private final Audience audience;
  private final Function<ResourceId, String> topics;

  /**
   * A map.
   *
   * @param details content of events; empty where it was erased
   * @param topics the id of each resource in the management plane
   */
  EventMap(Details details, Audience audience, Function<ResourceId, String> topics) {
    this.details = details;
    this.audience = audience;
    this.topics = topics;
  }

  /** The events of a row, in an order that never changes; none for what the Event Grid lacks. */
  List<GridEvent> of(JournalRow row) {
    return switch (row.event()) {
      case ChatEvent event ->
          new ChatEvents(draft(row), details.of(row), audience.of(row)).of(event);
      case EmailEvent event -> new EmailEvents(draft(row), details.of(row)).of(event);
      case SmsEvent event -> new SmsEvents(draft(row), details.of(row)).of(event);
      case CallEvent _ -> new CallEvents(draft(row), details.of(row)).all();
      case IdentityEvent.Deleted deleted ->
          List.of(
              draft(row)
                  .event(
                      "UserDisconnected",
                      "user/" + deleted.userId(),
                      row.at(),
                      object().set("userCommunicationIdentifier", identifier(deleted.userId()))));
      case IdentityEvent.Created _, IdentityEvent.TokensRevoked _ -> List.of();
      case ResourceEvent _,
          AdminEvent _,
          NumberEvent _,
          UsageEvent _,
          SubscriptionEvent _,
          RoomEvent _ ->
          List.of();
    };
  }

  /** The event of a signal, with an id that leads to no row. */
  GridEvent of(Signal signal) {
    var topic = topics.apply(signal.resource());
    return switch (signal) {
      case Signal.Typing typing ->
          new GridEvent(
              new EventRef(new Shard(0), 0),
              UUID.randomUUID().toString(),
              topic,
              TYPE_PREFIX + "ChatTypingIndicatorReceivedInThread",
              "thread/" + typing.thread() + "/sender/" + typing.userId(),
              typing.at(),
              ChatEvents.typing(typing));
    };
  }

  private Draft draft(JournalRow row) {
    return new Draft(row, topics.apply(row.partition().resource()));
  }

  /** What the events of one row share. */
  record Draft(JournalRow row, String topic) {
    GridEvent event(String name, String subject, Instant time, ObjectNode data) {
      var type = TYPE_PREFIX + name;
      var ref = new EventRef(row.shard(), row.position());
      var id = EventIds.of(row.partition().resource(), ref, type, subject);
      return new GridEvent(ref, id, topic, type, subject, time, data);
    }
  }

  static ObjectNode object() {
    return Json.mapper().createObjectNode();
  }

  /** {@code CommunicationIdentifierModel} of a raw id. */
  static ObjectNode identifier(String rawId) {
    return Json.mapper().valueToTree(IdentifierModel.of(CommunicationIdentifier.ofRawId(rawId)));
  }
}
