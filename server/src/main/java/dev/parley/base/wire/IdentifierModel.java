package dev.parley.base.wire;

import dev.parley.base.words.CommunicationIdentifier;
import dev.parley.base.words.CommunicationIdentifier.CommunicationUser;
import dev.parley.base.words.CommunicationIdentifier.MicrosoftTeamsApp;
import dev.parley.base.words.CommunicationIdentifier.MicrosoftTeamsUser;
import dev.parley.base.words.CommunicationIdentifier.PhoneNumber;
import dev.parley.base.words.CommunicationIdentifier.TeamsExtensionUser;
import dev.parley.base.words.CommunicationIdentifier.Unknown;
import dev.parley.base.words.Refusal;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code CommunicationIdentifierModel} of the contracts. {@code kind} and {@code rawId} are
 * optional in requests and always present in answers, because the JavaScript deserialiser throws
 * without them.
 */
public record IdentifierModel(
    @Nullable String kind,
    @Nullable String rawId,
    @Nullable User communicationUser,
    @Nullable Phone phoneNumber,
    @Nullable TeamsUser microsoftTeamsUser,
    @Nullable TeamsApp microsoftTeamsApp,
    @Nullable TeamsExtension teamsExtensionUser) {
  /** {@code CommunicationUserIdentifierModel}. */
  public record User(@Nullable String id) {}

  /** {@code PhoneNumberIdentifierModel}. */
  public record Phone(@Nullable String value) {}

  /** {@code MicrosoftTeamsUserIdentifierModel}. */
  public record TeamsUser(
      @Nullable String userId, @Nullable Boolean isAnonymous, @Nullable String cloud) {}

  /** {@code MicrosoftTeamsAppIdentifierModel}. */
  public record TeamsApp(@Nullable String appId, @Nullable String cloud) {}

  /** {@code TeamsExtensionUserIdentifierModel}. */
  public record TeamsExtension(
      @Nullable String userId,
      @Nullable String tenantId,
      @Nullable String resourceId,
      @Nullable String cloud) {}

  /** The model of an identifier, complete as an answer needs it. */
  public static IdentifierModel of(CommunicationIdentifier identifier) {
    var raw = identifier.rawId();
    return switch (identifier) {
      case CommunicationUser _ ->
          new IdentifierModel("communicationUser", raw, new User(raw), null, null, null, null);
      case PhoneNumber phone ->
          new IdentifierModel("phoneNumber", raw, null, new Phone(phone.value()), null, null, null);
      case MicrosoftTeamsUser teams ->
          new IdentifierModel(
              "microsoftTeamsUser",
              raw,
              null,
              null,
              new TeamsUser(teams.userId(), teams.isAnonymous(), teams.cloud().word()),
              null,
              null);
      case MicrosoftTeamsApp app ->
          new IdentifierModel(
              "microsoftTeamsApp",
              raw,
              null,
              null,
              null,
              new TeamsApp(app.appId(), app.cloud().word()),
              null);
      case TeamsExtensionUser user ->
          new IdentifierModel(
              "teamsExtensionUser",
              raw,
              null,
              null,
              null,
              null,
              new TeamsExtension(
                  user.userId(), user.tenantId(), user.resourceId(), user.cloud().word()));
      case Unknown _ -> new IdentifierModel("unknown", raw, null, null, null, null, null);
    };
  }

  /**
   * The identifier that a request names.
   *
   * @throws Refusal 400 when it names none, two, or contradicts its own raw id
   */
  public CommunicationIdentifier identifier() {
    var named =
        Stream.of(
                communicationUser,
                phoneNumber,
                microsoftTeamsUser,
                microsoftTeamsApp,
                teamsExtensionUser)
            .filter(Objects::nonNull)
            .count();
    if (named > 1) {
      throw Refusal.of(400, "BadRequest", "Only one identifier may be specified.");
    }
    var raw = rawIdOfMember();
    if (raw == null) {
      raw = rawId;
    }
    if (raw == null || raw.isBlank() || raw.length() > 512) {
      throw Refusal.of(400, "BadRequest", "The identifier is missing or malformed.");
    }
    return CommunicationIdentifier.ofRawId(raw);
  }

  private @Nullable String rawIdOfMember() {
    if (communicationUser != null) {
      return communicationUser.id();
    }
    if (phoneNumber != null) {
      return phoneNumber.value() == null ? null : "4:" + phoneNumber.value();
    }
    if (rawId != null && !rawId.isBlank()) {
      return rawId;
    }
    if (microsoftTeamsUser != null && microsoftTeamsUser.userId() != null) {
      return teamsPrefix(microsoftTeamsUser) + microsoftTeamsUser.userId();
    }
    if (microsoftTeamsApp != null && microsoftTeamsApp.appId() != null) {
      return "28:" + cloudPrefix(microsoftTeamsApp.cloud()) + microsoftTeamsApp.appId();
    }
    if (teamsExtensionUser != null) {
      return "8:acs:%s_%s_%s"
          .formatted(
              teamsExtensionUser.resourceId(),
              teamsExtensionUser.tenantId(),
              teamsExtensionUser.userId());
    }
    return null;
  }

  private static String teamsPrefix(TeamsUser user) {
    return Boolean.TRUE.equals(user.isAnonymous())
        ? "8:teamsvisitor:"
        : "8:" + cloudPrefix(user.cloud());
  }

  private static String cloudPrefix(@Nullable String cloud) {
    return "dod".equals(cloud) ? "dod:" : "gcch".equals(cloud) ? "gcch:" : "orgid:";
  }
}
