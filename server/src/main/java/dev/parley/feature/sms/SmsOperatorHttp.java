package dev.parley.feature.sms;

import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.feature.sms.carrier.Carrier;
import dev.parley.protocol.sms.SegmentedText;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Our own routes beside the contract: a dry run, the opt-out ledger, what carriers are doing, and
 * sending from a shell.
 */
final class SmsOperatorHttp {
  private record PreviewRequest(
      @Nullable String from, @Nullable String to, @Nullable String message) {}

  private record OfferModel(String carrier, double cost, boolean ready) {}

  private record Preview(
      String encoding,
      int segments,
      int unitsPerSegment,
      int unitsLeft,
      Optional<List<OfferModel>> carriers,
      Optional<Boolean> optedOut) {}

  private record ShellMessage(
      @Nullable String from, @Nullable String to, @Nullable String message) {}

  private record EntryModel(
      String from,
      String to,
      Instant at,
      boolean optedOut,
      String reason,
      String source,
      String actor) {
    static EntryModel of(OptOutEntry entry) {
      return new EntryModel(
          entry.sender(),
          entry.recipient(),
          entry.at(),
          entry.optedOut(),
          entry.reason(),
          entry.source(),
          entry.actor());
    }

    String csv() {
      return List.of(from, to, at, optedOut, reason, source, actor).stream()
          .map(value -> '"' + value.toString().replace("\"", "\"\"") + '"')
          .collect(Collectors.joining(",", "", "\r\n"));
    }
  }

  private record Ledger(List<EntryModel> value, Optional<String> nextLink) {}

  private record CarrierModel(String name, boolean ready, int window, int working) {}

  private record CarrierList(List<CarrierModel> value) {}

  private final Sms sms;
  private final OptOuts optOuts;
  private final Routing routing;
  private final List<Carrier> carriers;
  private final Supplier<Map<String, Integer>> working;
  private final Acting acting;

  SmsOperatorHttp(
      Sms sms,
      OptOuts optOuts,
      Routing routing,
      List<Carrier> carriers,
      Supplier<Map<String, Integer>> working,
      Acting acting) {
    this.acting = acting;
    this.sms = sms;
    this.optOuts = optOuts;
    this.routing = routing;
    this.carriers = carriers;
    this.working = working;
  }

  List<Route> routes() {
    return List.of(
        route(Method.POST, "/parley/sms/:preview", "Parley_PreviewSms", this::preview),
        route(Method.POST, "/parley/sms/:send", "Parley_SendSms", this::send),
        route(Method.GET, "/parley/sms/optouts", "Parley_ExportOptOuts", this::ledger),
        route(Method.GET, "/parley/sms/carriers", "Parley_ListSmsCarriers", this::carriers));
  }

  private static Route route(Method method, String path, String operation, Handler handler) {
    return new Route(
        method,
        path,
        operation,
        Set.of(Callers.KEY_HOLDER, Callers.OPERATOR),
        Set.of(),
        ApiVersions.NONE,
        "parley.sms",
        "ParleyAudit",
        method == Method.POST ? Idempotency.NONE : Idempotency.NATURAL,
        Route.JSON_BYTES_MAX,
        handler);
  }

  /** Nothing is sent: what a message would take, and whom it would go by. */
  private Response preview(Request request) {
    var body = request.json(PreviewRequest.class);
    var text = SegmentedText.of(SmsHttp.plain(body.message()));
    var alphabet = text.alphabet();
    var most = text.segments() == 1 ? alphabet.single() : alphabet.part();
    var from = SmsHttp.plain(body.from());
    var to = SmsHttp.plain(body.to());
    return Response.json(
        200,
        new Preview(
            alphabet.name().replace("_", "-"),
            text.segments(),
            most,
            most - text.unitsOfLast(),
            to.isEmpty() ? Optional.empty() : Optional.of(offers(from, to)),
            to.isEmpty() || from.isEmpty()
                ? Optional.empty()
                : Optional.of(optOuts.check(acting.of(request), from, List.of(to)).contains(to))));
  }

  private List<OfferModel> offers(String from, String to) {
    return routing.offers(from, to).stream()
        .map(offer ->
            new OfferModel(
                offer.carrier(),
                offer.cost(),
                carriers.stream()
                    .anyMatch(one -> one.name().equals(offer.carrier()) && one.ready())))
        .toList();
  }

  /** One message, with lines for a shell. */
  private Response send(Request request) {
    var body = request.json(ShellMessage.class);
    var message = SmsHttp.plain(body.message());
    if (message.isEmpty() || message.length() > SmsHttp.CHARACTERS_MAX) {
      throw SmsProblems.badAction(
          "message", "A message has 1 to " + SmsHttp.CHARACTERS_MAX + " characters.");
    }
    var result =
        sms.send(
                acting.of(request),
                new NewSms(
                    SmsHttp.plain(body.from()),
                    List.of(new NewSms.Recipient(SmsHttp.plain(body.to()), null, null)),
                    message,
                    true,
                    null,
                    Optional.empty(),
                    NewSms.PRIORITY_NORMAL,
                    ""))
            .getFirst();
    if (!result.successful()) {
      throw SmsProblems.badAction("to", result.error().orElse("The message was not accepted."));
    }
    return HandsetHttp.wantsText(request)
        ? Response.text(202, result.messageId().orElse("") + "\n")
        : Response.json(202, SmsModels.SendItem.of(result));
  }

  /** The ledger by sender and recipient; {@code Accept: text/csv} gets a table. */
  private Response ledger(Request request) {
    var after =
        request
            .position("after")
            .map(text -> text.split("\n", 3))
            .map(parts -> new OptOutEntry.Place(parts[0], parts[1], parts[2]))
            .orElse(OptOutEntry.Place.START);
    var page = optOuts.ledger(acting.of(request), after);
    var next =
        page.size() < OptOuts.LEDGER_PAGE
            ? Optional.<String>empty()
            : Optional.of(request.nextLink("after", text(page.getLast().place())));
    var entries = page.stream().map(placed -> EntryModel.of(placed.entry())).toList();
    var csv =
        request
            .header("accept")
            .filter(accept -> accept.toLowerCase(Locale.ROOT).startsWith("text/csv"))
            .isPresent();
    if (!csv) {
      return Response.json(200, new Ledger(entries, next));
    }
    var table =
        "from,to,at,optedOut,reason,source,actor\r\n"
            + entries.stream().map(EntryModel::csv).collect(Collectors.joining());
    var response =
        Response.bytes(
            200,
            "text/csv; charset=utf-8",
            table.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return next.map(link -> response.header("Link", "<" + link + ">; rel=\"next\""))
        .orElse(response);
  }

  private static String text(OptOutEntry.Place place) {
    return place.sender() + '\n' + place.recipient() + '\n' + place.entryId();
  }

  private Response carriers(Request request) {
    var hands = working.get();
    var all =
        carriers.stream()
            .map(one ->
                new CarrierModel(
                    one.name(), one.ready(), one.window(), hands.getOrDefault(one.name(), 0)))
            .toList();
    return HandsetHttp.wantsText(request)
        ? Response.text(
            200,
            all.stream()
                .map(one -> one.name() + "\t" + (one.ready() ? "ready" : "away") + "\n")
                .collect(Collectors.joining()))
        : Response.json(200, new CarrierList(all));
  }
}
