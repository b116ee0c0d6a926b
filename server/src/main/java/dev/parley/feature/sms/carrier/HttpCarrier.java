package dev.parley.feature.sms.carrier;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.parley.base.kit.Json;
import dev.parley.base.wire.OutboundHttp;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * A provider with an HTTP API, described by its settings. It takes a message whole; the provider
 * cuts it, and its one id stands for all segments.
 */
public final class HttpCarrier implements ConfiguredCarrier {
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final HttpConfig config;
  private final OutboundHttp outbound;
  private final Semaphore window;

  public HttpCarrier(HttpConfig config, OutboundHttp outbound) {
    this.config = config;
    this.outbound = outbound;
    this.window = new Semaphore(config.window());
  }

  /** Its settings, for the webhooks too. */
  @Override
  public HttpConfig config() {
    return config;
  }

  @Override
  public void start(CarrierListener listener) {}

  @Override
  public boolean ready() {
    return true;
  }

  @Override
  public Outcome submit(Submission submission) {
    try {
      window.acquire();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Outcome.Later(List.of(), PAUSE, "interrupted");
    }
    try {
      var answer =
          outbound.post(
              config.url(),
              config.headerValue().isEmpty()
                  ? Map.of()
                  : Map.of(config.headerName(), config.headerValue()),
              config.contentType(),
              body(submission).getBytes(StandardCharsets.UTF_8));
      return outcome(submission, answer);
    } catch (ConnectException | UnknownHostException e) {
      return new Outcome.Later(List.of(), PAUSE, e.toString());
    } catch (IOException e) {
      return new Outcome.Unknown(List.of(), e.toString());
    } finally {
      window.release();
    }
  }

  private Outcome outcome(Submission submission, OutboundHttp.Answer answer) {
    var status = answer.status();
    if (status == 429 || status == 503) {
      return new Outcome.Later(List.of(), PAUSE, "status " + status);
    }
    if (status >= 500) {
      return new Outcome.Unknown(List.of(), "status " + status);
    }
    if (status >= 300) {
      return new Outcome.Refused(List.of(), DeliveryCode.FAILED, "status " + status);
    }
    var segments =
        dev.parley.protocol.sms.SegmentedText.of(submission.text()).segments()
            - submission.firstSegment();
    // Without an id no receipt can be matched; our own is then the best there is.
    var id = id(answer.body(), submission.messageId());
    return new Outcome.Accepted(Collections.nCopies(segments, id));
  }

  private String id(byte[] body, String fallback) {
    try {
      var id = Json.mapper().readTree(body).at(config.idPath()).asText("");
      return id.isEmpty() || id.length() > 64 ? fallback : id;
    } catch (IOException | IllegalArgumentException _) {
      return fallback;
    }
  }

  private String body(Submission submission) {
    return config
        .body()
        .replace("{from}", escaped(submission.from()))
        .replace("{to}", escaped(submission.to()))
        .replace("{id}", escaped(submission.messageId()))
        .replace("{text}", escaped(submission.text()));
  }

  private String escaped(String value) {
    if (!config.contentType().contains("json")) {
      return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
    try {
      var quoted = Json.mapper().writeValueAsString(value);
      return quoted.substring(1, quoted.length() - 1);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {}
}
