package dev.parley.feature.sms;

import dev.parley.base.words.ResourceId;
import java.util.Optional;

/** Who owns which sender: phone numbers, short codes. Answers from memory or one quick read. */
public interface SenderDirectory {
  /** What a sender of a resource may do. */
  record Rights(boolean send, boolean receive) {}

  /** The rights of the resource in a number; empty when it is somebody else's or nobody's. */
  Optional<Rights> rights(ResourceId resource, String number);

  /** Whose number it is, to find the resource of a message that came in. */
  Optional<ResourceId> owner(String number);
}
