package dev.parley.feature.numbers;

/** What a number can do. */
public record Capabilities(Capability calling, Capability sms) {
  boolean include(Capabilities other) {
    return calling.includes(other.calling) && sms.includes(other.sms);
  }
}
