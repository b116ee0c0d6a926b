package dev.parley.base.store;

import dev.parley.base.words.ResourceId;

/**
 * Names one repeatable request: remembered for 24 hours in the effect's own transaction.
 *
 * @param caller {@code Origin.actor} of the caller
 * @param operation the ACS operation name
 * @param id the client's repeatability id
 * @param bodyHash base64 SHA-256 of the request body, to refuse the same id with another body
 */
public record RepeatKey(
    ResourceId resource, String caller, String operation, String id, String bodyHash) {

  /**
   * 32 bytes that depend on everything but the body; an operation that makes a new thing derives
   * the thing's id from them, so that the repeat meets the same partition.
   */
  public byte[] derivedId() {
    return Hashes.sha256(String.join("\n", resource.value(), caller, operation, id));
  }
}
