package dev.parley.feature.sms;

import dev.parley.base.kit.Settings;
import dev.parley.base.kit.SettingsProblem;
import dev.parley.feature.sms.carrier.CarrierConfig;
import dev.parley.feature.sms.carrier.SubmitterConfig;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Settings of SMS.
 *
 * @param reportTimeout a message without a receipt for so long has timed out; also the longest wait
 *     in the queue
 * @param claimLease when a hand-over that was cut off may be taken up again
 * @param retryUnknown whether a message that the carrier may have or not is sent again
 * @param optOutsOfResource whether an opt-out from one sender holds for all senders of the resource
 * @param keywordReplies whether STOP, START and HELP are answered
 * @param bodyRetention texts are erased after so long; zero keeps them as long as the history
 * @param historyRetention messages are forgotten after so long
 * @param reassembly how long the first segments of a message wait for the others
 * @param namePrefixesForbidden destinations that take no alphanumeric senders
 * @param pools senders by the name of a pool that a request may name in {@code from}
 * @param senderRates messages a second, by sender
 * @param handsets whether there is a handset network
 * @param handsetPrefixes numbers that it answers for, as prefixes
 */
public record SmsConfig(
    Duration reportTimeout,
    Duration claimLease,
    boolean retryUnknown,
    boolean optOutsOfResource,
    boolean keywordReplies,
    Map<String, Keywords.Language> keywords,
    Duration bodyRetention,
    Duration historyRetention,
    Duration reassembly,
    Set<String> names,
    List<String> namePrefixesForbidden,
    Map<String, List<String>> pools,
    Map<String, Integer> senderRates,
    boolean handsets,
    List<String> handsetPrefixes,
    List<CarrierConfig> carriers,
    SubmitterConfig submitters) {

  /** Reads the settings; the developer profile has a handset network. */
  public static SmsConfig of(Settings settings, boolean developer) {
    return new SmsConfig(
        settings.duration(
            "sms.report-timeout",
            Duration.ofHours(12),
            "A message without a receipt for so long has failed with 5002, where the request names no time-out."),
        settings.duration(
            "sms.claim-lease",
            Duration.ofSeconds(60),
            "A hand-over to a carrier that was cut off is taken up again after so long."),
        retryUnknown(settings),
        optOutsOfResource(settings),
        settings.flag("sms.keyword-replies", true, "Whether STOP, START and HELP get an answer."),
        keywords(settings),
        settings.duration(
            "sms.body-retention",
            Duration.ofDays(30),
            "Texts of messages are erased after so long; 0s keeps them with the message."),
        settings.duration(
            "sms.history-retention",
            Duration.ofDays(90),
            "Messages and their reports are forgotten after so long; at least a day."),
        settings.duration(
            "sms.reassembly-wait",
            Duration.ofMinutes(10),
            "An inbound message of several segments is given out incomplete after so long."),
        Set.copyOf(
            list(
                settings.text(
                    "sms.alphanumeric-senders",
                    "",
                    "Alphanumeric senders that every resource may use, with commas between."))),
        list(
            settings.text(
                "sms.alphanumeric-forbidden",
                "+1",
                "Destinations, as prefixes with commas between, that take no alphanumeric sender.")),
        pools(settings),
        rates(settings),
        settings.flag(
            "sms.handsets",
            developer,
            "Whether a simulated handset network answers for the numbers of sms.handset-prefixes."),
        list(
            settings.text(
                "sms.handset-prefixes",
                "+1425555",
                "Numbers of the handset network, as prefixes with commas between.")),
        CarrierConfig.all(settings),
        SubmitterConfig.of(settings));
  }

  private static boolean retryUnknown(Settings settings) {
    var text =
        settings.text(
            "sms.unknown-outcome",
            "retry",
            "A bind cut between submit and answer leaves open whether the carrier has the message: retry may send it twice, fail reports 9999 and never does.");
    return switch (text) {
      case "retry" -> true;
      case "fail" -> false;
      default -> throw new SettingsProblem("sms.unknown-outcome must be retry or fail.");
    };
  }

  private static boolean optOutsOfResource(Settings settings) {
    var text =
        settings.text(
            "sms.opt-out-scope",
            "sender",
            "Whether an opt-out holds for the sender it was told, as the service has it, or for every sender of the resource.");
    return switch (text) {
      case "sender" -> false;
      case "resource" -> true;
      default -> throw new SettingsProblem("sms.opt-out-scope must be sender or resource.");
    };
  }

  private static Map<String, Keywords.Language> keywords(Settings settings) {
    var all = new LinkedHashMap<>(Keywords.defaults());
    var none = new Keywords.Language(List.of(), List.of(), List.of(), "", "", "");
    for (var name : settings.names("sms.keywords")) {
      all.put(name, keywords(settings, name, all.getOrDefault(name, none)));
    }
    return all;
  }

  private static Keywords.Language keywords(
      Settings settings, String name, Keywords.Language fallback) {
    var key = "sms.keywords." + name;
    return new Keywords.Language(
        words(settings, key + ".stop", fallback.stop(), "Words that opt out."),
        words(settings, key + ".start", fallback.start(), "Words that opt in again."),
        words(settings, key + ".help", fallback.help(), "Words that ask for help."),
        settings.text(key + ".stop-reply", fallback.stopReply(), "Answer to an opt-out."),
        settings.text(key + ".start-reply", fallback.startReply(), "Answer to an opt-in."),
        settings.text(key + ".help-reply", fallback.helpReply(), "Answer to a cry for help."));
  }

  private static List<String> words(
      Settings settings, String key, List<String> fallback, String sentence) {
    return list(settings.text(key, String.join(",", fallback), sentence));
  }

  private static Map<String, List<String>> pools(Settings settings) {
    var pools = new LinkedHashMap<String, List<String>>();
    for (var name : settings.names("sms.pools")) {
      var senders =
          list(
              settings.text(
                  "sms.pools." + name,
                  "",
                  "Numbers of a pool that a request may name as its sender, with commas between."));
      if (senders.isEmpty()) {
        throw new SettingsProblem("sms.pools." + name + " names no number.");
      }
      pools.put(name, senders);
    }
    return pools;
  }

  private static Map<String, Integer> rates(Settings settings) {
    var rates = new LinkedHashMap<String, Integer>();
    var text =
        settings.text(
            "sms.sender-rates",
            "",
            "Messages a second that a sender hands over at most, as sender=rate with commas between.");
    for (var item : list(text)) {
      var parts = item.split("=", -1);
      if (parts.length != 2 || !parts[1].matches("[1-9][0-9]{0,5}")) {
        throw new SettingsProblem("sms.sender-rates has no rate in \"" + item + "\".");
      }
      rates.put(parts[0], Integer.valueOf(parts[1]));
    }
    return rates;
  }

  /** Items between commas, without the space around them. */
  static List<String> list(String text) {
    return Stream.of(text.split(",")).map(String::strip).filter(item -> !item.isEmpty()).toList();
  }
}
