package dev.parley.media;

/**
 * What has come of one published track so far, all layers together.
 *
 * @param codec its name in SDP; empty before the first packet
 * @param lossFraction what of the packets sent never came, 0 to 1
 * @param bitsPerSecond in the last second
 */
public record PublishedTrack(
    String mid,
    String codec,
    long packets,
    double lossFraction,
    double jitterMillis,
    long bitsPerSecond) {
  static PublishedTrack of(Track track) {
    var codec = "";
    var packets = 0L;
    var lost = 0L;
    var jitter = 0.0;
    var rate = 0L;
    for (var receiver : track.receivers) {
      var statistics = receiver.statistics;
      var named = receiver.codec();
      codec = named == null ? codec : named.encoding();
      packets += statistics.packets;
      lost += Math.max(0, statistics.lost());
      jitter = Math.max(jitter, statistics.jitterMillis());
      rate += statistics.bitsPerSecond;
    }
    var sent = packets + lost;
    return new PublishedTrack(
        track.section.mid(), codec, packets, sent == 0 ? 0 : (double) lost / sent, jitter, rate);
  }
}
