package dev.parley.feature.sms;

import dev.parley.base.words.ResourceId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** Who may send as whom, and the forms of numbers. */
final class Senders {
  private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{6,14}");
  private static final Pattern SHORT_CODE = Pattern.compile("[0-9]{5,6}");
  private static final Pattern NAME = Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}");

  private final SmsConfig config;
  private final SenderDirectory directory;

  Senders(SmsConfig config, SenderDirectory directory) {
    this.config = config;
    this.directory = directory;
  }

  /** Whether it is a telephone number that a message can go to. */
  static boolean isNumber(String text) {
    return E164.matcher(text).matches();
  }

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /**
   * The senders that {@code from} stands for: one, or those of a pool.
   *
   * @throws dev.parley.base.words.Refusal 400 for no form of a sender, 401 for one of others
   */
  List<SenderKey> sending(ResourceId resource, String from) {
    var pool = config.pools().getOrDefault(from, List.of(from));
    return pool.stream().map(sender -> sending(resource, from, sender)).toList();
  }

  private SenderKey sending(ResourceId resource, String from, String sender) {
    var key = owned(resource, sender);
    if (!isName(sender)
        && directory.rights(resource, sender).filter(SenderDirectory.Rights::send).isEmpty()) {
      throw SmsProblems.cannotSend(from);
    }
    return key;
  }

  /** The sender, if the resource owns it. */
  SenderKey owned(ResourceId resource, String from) {
    if (isName(from)) {
      if (!config.names().contains(from)) {
        throw SmsProblems.notOwned(from);
      }
    } else if (!isNumber(from) && !SHORT_CODE.matcher(from).matches()) {
      throw SmsProblems.badFrom();
    } else if (directory.rights(resource, from).isEmpty()) {
      throw SmsProblems.notOwned(from);
    }
    return new SenderKey(resource, from);
  }

  /**
   * The sender of a pool for one recipient: always the same, and when the pool changes, another one
   * for as few recipients as possible (highest random weight).
   */
  static SenderKey sticky(List<SenderKey> pool, String recipient) {
    var best = pool.getFirst();
    var bestWeight = -1L;
    for (var sender : pool) {
      var crc = new CRC32();
      crc.update((sender.sender() + '\n' + recipient).getBytes(StandardCharsets.UTF_8));
      // A CRC alone is linear: senders that differ in a digit would differ in the same bits.
      var weight = (crc.getValue() * 0x9E3779B97F4A7C15L) >>> 1;
      if (weight > bestWeight) {
        best = sender;
        bestWeight = weight;
      }
    }
    return best;
  }

  /** Whether an alphanumeric sender is forbidden at the destination. */
  boolean nameForbidden(String sender, String to) {
    return isName(sender) && config.namePrefixesForbidden().stream().anyMatch(to::startsWith);
  }
}
