package dev.parley.feature.sms.carrier;

import dev.parley.base.kit.Settings;
import dev.parley.base.kit.SettingsProblem;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

/**
 * Settings of a provider with an HTTP API. In templates {@code {from}}, {@code {to}}, {@code
 * {text}} and {@code {id}} stand for the message, written as the content type wants it. Paths are
 * JSON pointers (RFC 6901), or names of form fields when a webhook posts a form.
 *
 * @param idPath where the answer has the provider's id
 * @param secret of the webhooks' signature; empty refuses every webhook
 * @param signatureHeader header with the HMAC-SHA256 of the webhook's body, hex or base64
 * @param delivered states that mean delivered; {@code failed} those that mean failed, any other is
 *     on its way
 */
public record HttpConfig(
    String name,
    Reach reach,
    URI url,
    String contentType,
    String body,
    String headerName,
    String headerValue,
    String idPath,
    int window,
    int perSecond,
    boolean receipts,
    String secret,
    String signatureHeader,
    String statusId,
    String statusState,
    List<String> delivered,
    List<String> failed,
    String inboundFrom,
    String inboundTo,
    String inboundText)
    implements CarrierConfig {
  static HttpConfig of(Settings settings, String name, String key) {
    return new HttpConfig(
        name,
        Reach.of(settings, key),
        url(settings.text(key + ".url", "", "Address that takes one message by POST."), key),
        settings.text(
            key + ".content-type",
            "application/json",
            "application/json or application/x-www-form-urlencoded."),
        settings.text(
            key + ".body",
            "{\"from\":\"{from}\",\"to\":\"{to}\",\"text\":\"{text}\",\"reference\":\"{id}\"}",
            "Body of the request; {from}, {to}, {text} and {id} stand for the message."),
        settings.text(key + ".header-name", "Authorization", "Header that proves who we are."),
        settings.secret(key + ".header-value", "Value of that header; empty sends none."),
        settings.text(key + ".id-path", "/id", "JSON pointer to the provider's id in its answer."),
        settings.number(key + ".window", 16, 1, 256, "Requests at the same time, at most."),
        settings.number(
            key + ".per-second", 0, 0, 100_000, "Messages a second, at most; 0 for no bound."),
        settings.flag(
            key + ".receipts",
            true,
            "Whether the provider calls the status webhook; else taken counts as delivered."),
        settings.secret(
            key + ".webhook-secret", "Secret of the webhooks' signature; empty refuses them all."),
        settings.text(
            key + ".signature-header",
            "X-Signature",
            "Header with the HMAC-SHA256 of a webhook's body, hex or base64."),
        settings.text(key + ".status-id", "/id", "Where a status webhook has the provider's id."),
        settings.text(key + ".status-state", "/status", "Where a status webhook has the state."),
        words(
            settings.text(
                key + ".status-delivered",
                "delivered",
                "States that mean delivered, with commas between.")),
        words(
            settings.text(
                key + ".status-failed",
                "failed,undelivered,rejected,expired",
                "States that mean failed, with commas between.")),
        settings.text(key + ".inbound-from", "/from", "Where an inbound webhook has the handset."),
        settings.text(key + ".inbound-to", "/to", "Where an inbound webhook has our number."),
        settings.text(key + ".inbound-text", "/text", "Where an inbound webhook has the text."));
  }

  private static URI url(String text, String key) {
    try {
      var url = URI.create(text);
      if (url.getHost() != null) {
        return url;
      }
    } catch (IllegalArgumentException _) {
      // Told below.
    }
    throw new SettingsProblem(key + ".url must be an address such as https://sms.example/send.");
  }

  private static List<String> words(String text) {
    return Stream.of(text.split(",")).map(String::strip).filter(word -> !word.isEmpty()).toList();
  }
}
