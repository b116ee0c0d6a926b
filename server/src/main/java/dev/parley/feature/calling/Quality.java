package dev.parley.feature.calling;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.media.PublishedTrack;

/** The samples of one stream, as averages and maxima; what call diagnostics logs are made of. */
final class Quality {
  /** An average and a maximum. */
  static final class Sum {
    private double sum;
    private double max;
    private long count;

    void add(JsonNode sample, double bound) {
      if (sample.isNumber() && sample.asDouble() >= 0 && sample.asDouble() <= bound) {
        add(sample.asDouble());
      }
    }

    void add(double value) {
      sum += value;
      max = Math.max(max, value);
      count++;
    }

    double average() {
      return count == 0 ? 0 : sum / count;
    }

    double max() {
      return max;
    }
  }

  final String streamId;
  final String type;
  final String direction;
  final Sum rtt = new Sum();
  final Sum jitter = new Sum();
  final Sum loss = new Sum();
  final Sum bitrate = new Sum();
  final Sum frameRate = new Sum();
  final Sum freeze = new Sum();
  String codec = "";
  long samples;

  Quality(String streamId, String type, String direction) {
    this.streamId = streamId;
    this.type = type;
    this.direction = direction;
  }

  /** What the server itself has measured of a stream that it received. */
  void add(PublishedTrack measured) {
    samples++;
    loss.add(measured.lossFraction());
    jitter.add(measured.jitterMillis());
    bitrate.add((double) measured.bitsPerSecond());
    codec = measured.codec();
  }

  void add(JsonNode sample) {
    samples++;
    rtt.add(sample.path("rtt"), 1e6);
    jitter.add(sample.path("jitter"), 1e6);
    loss.add(sample.path("loss"), 1);
    bitrate.add(sample.path("bitrate"), 1e11);
    frameRate.add(sample.path("frameRate"), 1000);
    freeze.add(sample.path("freeze"), 1e8);
    var named = sample.path("codec").asText();
    if (!named.isEmpty() && named.length() <= 32) {
      codec = named;
    }
  }
}
