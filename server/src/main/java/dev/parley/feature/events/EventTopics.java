package dev.parley.feature.events;

/** The id of a communication service as events name it: the provider's words in small letters. */
final class EventTopics {
  private static final String PROVIDER = "Microsoft.Communication/communicationServices";

  private EventTopics() {}

  static String of(String armId) {
    return armId.replace(PROVIDER, PROVIDER.toLowerCase(java.util.Locale.ROOT));
  }
}
