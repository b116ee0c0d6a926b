package dev.parley.feature.events;

import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.SystemData;
import dev.parley.base.words.ResourceId;
import java.util.Map;

/**
 * Another name in the management plane for the events of a communication service, which has at most
 * one. Subscriptions below it are those of the service.
 */
record SystemTopic(ArmId id, ResourceId source, Map<String, String> tags, SystemData made) {
  static final String TYPE = "Microsoft.EventGrid/systemTopics";

  /** The one kind of source that this server has. */
  static final String TOPIC_TYPE = "Microsoft.Communication.CommunicationServices";

  SystemTopic {
    tags = Map.copyOf(tags);
  }
}
