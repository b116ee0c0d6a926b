package dev.parley.base.words;

import dev.parley.base.words.CommunicationIdentifier.Cloud;
import dev.parley.base.words.CommunicationIdentifier.CommunicationUser;
import dev.parley.base.words.CommunicationIdentifier.MicrosoftTeamsApp;
import dev.parley.base.words.CommunicationIdentifier.MicrosoftTeamsUser;
import dev.parley.base.words.CommunicationIdentifier.PhoneNumber;
import dev.parley.base.words.CommunicationIdentifier.TeamsExtensionUser;
import dev.parley.base.words.CommunicationIdentifier.Unknown;

/** The prefixes of raw ids. */
final class RawIds {
  private RawIds() {}

  static CommunicationIdentifier parse(String rawId) {
    if (rawId.startsWith("4:")) {
      return new PhoneNumber(rawId);
    }
    var scopeEnd = rawId.indexOf(':', rawId.indexOf(':') + 1);
    if (scopeEnd < 0) {
      return new Unknown(rawId);
    }
    var suffix = rawId.substring(scopeEnd + 1);
    return switch (rawId.substring(0, scopeEnd + 1)) {
      case "8:acs:" -> acs(rawId, suffix, Cloud.PUBLIC);
      case "8:dod-acs:" -> acs(rawId, suffix, Cloud.DOD);
      case "8:gcch-acs:" -> acs(rawId, suffix, Cloud.GCCH);
      case "8:spool:" -> new CommunicationUser(rawId);
      case "8:orgid:" -> new MicrosoftTeamsUser(rawId, suffix, false, Cloud.PUBLIC);
      case "8:dod:" -> new MicrosoftTeamsUser(rawId, suffix, false, Cloud.DOD);
      case "8:gcch:" -> new MicrosoftTeamsUser(rawId, suffix, false, Cloud.GCCH);
      case "8:teamsvisitor:" -> new MicrosoftTeamsUser(rawId, suffix, true, Cloud.PUBLIC);
      case "28:orgid:" -> new MicrosoftTeamsApp(rawId, suffix, Cloud.PUBLIC);
      case "28:dod:" -> new MicrosoftTeamsApp(rawId, suffix, Cloud.DOD);
      case "28:gcch:" -> new MicrosoftTeamsApp(rawId, suffix, Cloud.GCCH);
      default -> new Unknown(rawId);
    };
  }

  private static CommunicationIdentifier acs(String rawId, String suffix, Cloud cloud) {
    var parts = suffix.split("_", -1);
    return parts.length == 3
        ? new TeamsExtensionUser(rawId, parts[2], parts[1], parts[0], cloud)
        : new CommunicationUser(rawId);
  }
}
