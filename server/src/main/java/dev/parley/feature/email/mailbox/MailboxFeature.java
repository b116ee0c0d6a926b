package dev.parley.feature.email.mailbox;

import dev.parley.base.blob.Blobs;
import dev.parley.base.store.Migration;
import dev.parley.base.store.Stores;
import dev.parley.base.wire.Feature;
import dev.parley.base.wire.PageGuard;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import dev.parley.feature.email.Outbox;
import dev.parley.feature.email.Outgoing;
import dev.parley.feature.email.delivery.LastHop;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The mailbox for tests put together; without captures it has no operations. */
public final class MailboxFeature implements Feature {
  private final MailboxConfig config;
  private final Mailbox mailbox;
  private final LastHop hop;
  private final PageGuard guard;

  public MailboxFeature(
      MailboxConfig config,
      Stores stores,
      Blobs blobs,
      Outbox outbox,
      Outgoing outgoing,
      PageGuard guard,
      ServiceClock clock) {
    this.config = config;
    this.guard = guard;
    this.mailbox = new Mailbox(config, stores, blobs, clock);
    this.hop = new MailboxHop(mailbox, outbox, outgoing);
  }

  /** The schema of this room. */
  public static List<Migration> migrations() {
    return MailboxSchema.MIGRATIONS;
  }

  /** Where mail goes instead of out, when it is captured. */
  public Optional<LastHop> hop() {
    return config.captures() ? Optional.of(hop) : Optional.empty();
  }

  @Override
  public List<Route> routes() {
    return config.captures()
        ? Stream.of(new MailboxHttp(mailbox).routes(), new MailboxPage(mailbox, guard).routes())
            .flatMap(List::stream)
            .toList()
        : List.of();
  }

  @Override
  public Map<String, String> environment(Resource home) {
    return config.captures() ? Map.of("ACS_EMAIL_TO", "test@" + config.domain()) : Map.of();
  }

  @Override
  public List<String> greeting(Resource home) {
    return config.captures()
        ? List.of("Mail: %s/parley/mail (code %s)".formatted(home.endpoint(), guard.code()))
        : List.of();
  }

  @Override
  public void eraseAll(ResourceId resource) {
    mailbox.empty(resource, Optional.empty());
    mailbox.deleteRules(resource);
  }
}
