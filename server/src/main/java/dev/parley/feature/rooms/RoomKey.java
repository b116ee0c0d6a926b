package dev.parley.feature.rooms;

import dev.parley.base.store.PartitionKey;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.RoomId;
import java.math.BigInteger;

/** A room of a resource: the partition that everything of the room lies in. */
record RoomKey(ResourceId resource, RoomId id) {
  private static final BigInteger NUMBERS = BigInteger.TEN.pow(15);

  /** The room that the bytes name, at least 8 of them. */
  static RoomKey of(ResourceId resource, byte[] bytes) {
    var number = new BigInteger(1, bytes).mod(NUMBERS);
    return new RoomKey(resource, new RoomId("99%015d".formatted(number)));
  }

  static RoomKey of(PartitionKey partition) {
    return new RoomKey(
        partition.resource(), new RoomId(partition.value().substring("room:".length())));
  }

  PartitionKey partition() {
    return new PartitionKey(resource, "room:" + id.value());
  }
}
