package dev.parley.base.words;

/**
 * Anybody who can take part in a communication, by raw id ({@code behaviour.md} section 7 of the
 * contracts; the forms are those of the official SDKs' {@code createIdentifierFromRawId}).
 */
public sealed interface CommunicationIdentifier {
  /** The one text form that names this identifier everywhere. */
  String rawId();

  /** A user made in a communication resource: {@code 8:acs:<resource guid>_<user guid>}. */
  record CommunicationUser(String rawId) implements CommunicationIdentifier {}

  /** A Teams user seen through a resource: {@code 8:acs:<resource>_<tenant>_<user>}. */
  record TeamsExtensionUser(
      String rawId, String userId, String tenantId, String resourceId, Cloud cloud)
      implements CommunicationIdentifier {}

  /** A phone number: {@code 4:+14255550123}, or {@code 4:anonymous}. */
  record PhoneNumber(String rawId) implements CommunicationIdentifier {
    /** The number without the prefix; {@code anonymous} when withheld. */
    public String value() {
      return rawId.substring(2);
    }
  }

  /** A Teams user: {@code 8:orgid:<guid>}, or {@code 8:teamsvisitor:<id>} when anonymous. */
  record MicrosoftTeamsUser(String rawId, String userId, boolean isAnonymous, Cloud cloud)
      implements CommunicationIdentifier {}

  /** A Teams bot: {@code 28:orgid:<guid>}. */
  record MicrosoftTeamsApp(String rawId, String appId, Cloud cloud)
      implements CommunicationIdentifier {}

  /** Anything else; kept as it came. */
  record Unknown(String rawId) implements CommunicationIdentifier {}

  /** The cloud an identifier belongs to. */
  enum Cloud {
    PUBLIC("public"),
    DOD("dod"),
    GCCH("gcch");

    private final String word;

    Cloud(String word) {
      this.word = word;
    }

    /** The contract's spelling. */
    public String word() {
      return word;
    }
  }

  /** Reads a raw id; never fails, since whatever is not recognised is {@link Unknown}. */
  static CommunicationIdentifier ofRawId(String rawId) {
    return RawIds.parse(rawId);
  }
}
