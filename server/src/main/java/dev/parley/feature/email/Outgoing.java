package dev.parley.feature.email;

import dev.parley.base.kit.ByteSource;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceDirectory;
import dev.parley.protocol.dkim.DkimBody;
import dev.parley.protocol.dkim.DkimSigner;
import dev.parley.protocol.mime.MimeHead;
import dev.parley.protocol.mime.MimeHtml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

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

  /**
   * The message to send.
   *
   * @throws IOException when it cannot be read now
   */
  public OutgoingMail message(OutboxItem item) throws IOException {
    var base = resources.byId(item.key().resource()).map(Outgoing::base);
    var message = item.content();
    if (item.tracked() && base.isPresent()) {
      var whole = message.whole();
      message = ByteSource.of(MimeHtml.rewritten(whole, html -> followed(html, item, base.get())));
    }
    return signed(unsubscribe(item, base).getBytes(StandardCharsets.UTF_8), message, item.domain());
  }

  private OutgoingMail signed(byte[] first, ByteSource message, SenderDomain domain)
      throws IOException {
    var head = new MimeHead();
    var hash = new DkimBody();
    var bodyHasLetters = new AtomicBoolean();
    OutgoingMail.pass(
        message,
        (bytes, offset, length) -> {
          var count = head.add(bytes, offset, length);
          hash.add(bytes, offset + count, length - count);
          if (hasLetters(bytes, offset + count, offset + length)) {
            bodyHasLetters.setPlain(true);
          }
        });
    var header = joined(first, head.bytes());
    var signatures = DkimSigner.sign(header, hash.hash(), keys.signing(domain), clock.instant());
    return new OutgoingMail(
        joined(signatures.getBytes(StandardCharsets.US_ASCII), first),
        message,
        hasLetters(header, 0, header.length),
        bodyHasLetters.getPlain());
  }

  private static boolean hasLetters(byte[] bytes, int start, int end) {
    for (var i = start; i < end; i++) {
      if (bytes[i] < 0) {
        return true;
      }
    }
    return false;
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

  private static byte[] joined(byte[] first, byte[] second) {
    var all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
