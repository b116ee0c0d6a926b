package dev.parley.feature.sms;

import dev.parley.base.store.Rows;
import dev.parley.base.store.Stores;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import dev.parley.feature.sms.carrier.SubmitterConfig;
import dev.parley.feature.sms.carrier.SubmitterDesk;
import dev.parley.protocol.sms.Concatenation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Takes what older applications submit by SMPP, as a request of one recipient: the same rules hold.
 * Segments of a long message are kept until all are there; then the message has the id that the
 * last segment was answered with.
 */
final class Submitters implements SubmitterDesk {
  /** Before the account's name in the origin of a message. */
  static final String ORIGIN = "smpp:";

  /** What belongs to the house and to no resource is read where everything is. */
  private static final ResourceId HOUSE = new ResourceId("");

  private final Stores stores;
  private final Sms sms;
  private final Senders senders;
  private final ServiceClock clock;
  private final MessageIds ids;
  private final Function<String, Optional<ResourceId>> resources;
  private final SubmitterStore waiting = new SubmitterStore();
  private final IncomingStore parts = new IncomingStore();
  private final SmsStore rows = new SmsStore();

  /**
   * The room.
   *
   * @param resources by name; the default one by empty text
   */
  Submitters(
      Stores stores,
      Sms sms,
      Senders senders,
      ServiceClock clock,
      MessageIds ids,
      Function<String, Optional<ResourceId>> resources) {
    this.stores = stores;
    this.sms = sms;
    this.senders = senders;
    this.clock = clock;
    this.ids = ids;
    this.resources = resources;
  }

  @Override
  public Answer submit(SubmitterConfig.Account account, Submit message) {
    var resource = resources.apply(account.resource());
    if (resource.isEmpty()) {
      return new Answer.BadFrom();
    }
    if (!Senders.isNumber(message.to())) {
      return new Answer.BadTo();
    }
    try {
      return message.place().filter(place -> place.total() > 1).isPresent()
          ? segment(account, resource.get(), message, message.place().get())
          : whole(account, resource.get(), message, message.text());
    } catch (Refusal _) {
      return new Answer.BadFrom();
    }
  }

  private Answer whole(
      SubmitterConfig.Account account, ResourceId resource, Submit message, String text) {
    var plain = SmsHttp.plain(text);
    if (plain.isEmpty() || plain.length() > SmsHttp.CHARACTERS_MAX) {
      return new Answer.BadText();
    }
    var actor = "principal:" + ORIGIN + account.systemId();
    var caller =
        new Caller.Principal(
            resource, ORIGIN + account.systemId(), false, new Origin(actor, "", ""));
    var result =
        sms.send(
                caller,
                new NewSms(
                    message.from(),
                    List.of(new NewSms.Recipient(message.to(), null, null)),
                    plain,
                    message.receipt(),
                    null,
                    Optional.empty(),
                    message.urgent() ? 0 : NewSms.PRIORITY_NORMAL,
                    ORIGIN + account.systemId()))
            .getFirst();
    return result.messageId().<Answer>map(Answer.Taken::new).orElseGet(Answer.BadTo::new);
  }

  /** Keeps a segment; with the last one the message is whole. */
  private Answer segment(
      SubmitterConfig.Account account, ResourceId resource, Submit message, Concatenation place) {
    var key = senders.sending(resource, message.from()).getFirst();
    var group =
        new IncomingStore.Group(
            ORIGIN + account.systemId() + ":" + message.to(), place.reference(), place.total());
    var store = stores.of(resource);
    var there =
        store.write(
            key.partition(),
            tx -> {
              parts.keep(tx, key, group, place.sequence(), message.text(), clock.now(resource));
              return parts.parts(tx, key, group);
            });
    if (there.size() < place.total()) {
      return new Answer.Taken(ids.outgoing(clock.now(resource)));
    }
    var answer = whole(account, resource, message, String.join("", there));
    store.write(
        key.partition(),
        tx -> {
          parts.drop(tx, key, group);
          return true;
        });
    return answer;
  }

  @Override
  public List<Due> due(String systemId, int limit) {
    var submitter = ORIGIN + systemId;
    var due = new ArrayList<Due>();
    for (var place : stores.of(HOUSE).read(all -> waiting.waiting(all, submitter, limit))) {
      stores
          .of(place.key().resource())
          .read(all -> due(all, place))
          // The message is forgotten by now, and nobody can be told of it.
          .ifPresentOrElse(due::add, () -> takeOff(submitter, place.key(), place.messageId()));
    }
    return due;
  }

  private Optional<Due> due(Rows all, SubmitterStore.Place place) {
    return rows.outgoing(all, place.key(), place.messageId())
        .map(message ->
            new Due(
                message.messageId(),
                place.key().sender(),
                message.recipient(),
                message.code(),
                message.accepted(),
                message.done()));
  }

  @Override
  public void taken(String systemId, Due receipt) {
    var submitter = ORIGIN + systemId;
    stores
        .of(HOUSE)
        .read(all -> waiting.sender(all, submitter, receipt.messageId()))
        .ifPresent(key -> takeOff(submitter, key, receipt.messageId()));
  }

  private void takeOff(String submitter, SenderKey key, String messageId) {
    stores
        .of(key.resource())
        .write(
            key.partition(),
            tx -> {
              waiting.delete(tx, key, messageId, submitter);
              return true;
            });
  }
}
