package dev.parley.feature.email;

import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceDirectory;
import dev.parley.protocol.dkim.DkimSigner;
import dev.parley.protocol.mime.MimeHtml;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What leaves the house for one recipient: the accepted message with its links followed and a way
 * off the list, where the domain or the settings say so, and signed with both keys.
 */
public final class Outgoing {
  static final String OPENED = "open";
  static final String CLICKED = "click";
  static final String UNSUBSCRIBED = "unsubscribe";

  /** The use of tokens in return paths. */
  public static final String BOUNCED = "bounce";

  private final EmailConfig config;
  private final DomainKeys keys;
  private final EmailTokens tokens;
  private final ResourceDirectory resources;
  private final InstantSource clock;

  Outgoing(
      EmailConfig config,
      DomainKeys keys,
      EmailTokens tokens,
      ResourceDirectory resources,
      InstantSource clock) {
    this.config = config;
    this.keys = keys;
    this.tokens = tokens;
    this.resources = resources;
    this.clock = clock;
  }

  /** The bytes to send, with CRLF. */
  public byte[] message(OutboxItem item) {
    var base = resources.byId(item.key().resource()).map(Outgoing::base);
    var body =
        item.tracked() && base.isPresent()
            ? MimeHtml.rewritten(item.raw(), html -> followed(html, item, base.get()))
            : item.raw();
    var unsigned = join(unsubscribe(item, base), body);
    var signature = DkimSigner.sign(unsigned, keys.signing(item.domain()), clock.instant());
    return join(signature, unsigned);
  }

  /** Where bounces go: an address that names the recipient, when bounces are received here. */
  public String returnPath(OutboxItem item) {
    return config.bounceDomain().isEmpty()
        ? item.sender()
        : tokens.token(BOUNCED, item.key(), item.number()) + "@" + config.bounceDomain();
  }

  private static String base(Resource resource) {
    return resource.endpoint().toString();
  }

  private String unsubscribe(OutboxItem item, Optional<String> base) {
    if (!config.listUnsubscribe() || base.isEmpty()) {
      return "";
    }
    return "List-Unsubscribe: <%s/parley/unsubscribe/%s>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        .formatted(base.get(), tokens.token(UNSUBSCRIBED, item.key(), item.number()));
  }

  private String followed(String html, OutboxItem item, String base) {
    var click = tokens.token(CLICKED, item.key(), item.number());
    var open = tokens.token(OPENED, item.key(), item.number());
    return HtmlLinks.followed(
        html,
        link ->
            "%s/parley/engage/%s/click?u=%s&s=%s"
                .formatted(base, click, HtmlLinks.encoded(link), tokens.proof(click, link)),
        "%s/parley/engage/%s/open.gif".formatted(base, open));
  }

  static byte[] join(String head, byte[] rest) {
    if (head.isEmpty()) {
      return rest;
    }
    var first = head.getBytes(StandardCharsets.UTF_8);
    var all = new byte[first.length + rest.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(rest, 0, all, first.length, rest.length);
    return all;
  }
}
