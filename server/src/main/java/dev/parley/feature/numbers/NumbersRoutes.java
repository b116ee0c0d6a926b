package dev.parley.feature.numbers;

import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Page;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What all routes of the contract have in common, and how its words are read. */
final class NumbersRoutes {
  static final ApiVersions VERSIONS =
      ApiVersions.of(
          "2021-03-07",
          "2022-01-11-preview2",
          "2022-06-01-preview",
          "2022-12-01",
          "2022-12-02-preview2",
          "2023-05-01-preview",
          "2023-10-01-preview",
          "2024-01-31-preview",
          "2024-03-01-preview",
          "2024-03-01",
          "2025-02-11",
          "2025-04-01",
          "2025-06-01");

  private static final String CONTINUATION = "continuation";
  private static final int PAGE_MAX = 100;
  private static final Pattern NUMBER = Pattern.compile("\\+?[1-9][0-9]{5,14}");
  private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}");

  private NumbersRoutes() {}

  static Route route(Method method, String path, String operation, Handler handler) {
    // PhoneNumbers_ListAreaCodes counts as phoneNumbers.listAreaCodes.
    var verb = operation.substring(operation.indexOf('_') + 1);
    return new Route(
        method,
        path,
        operation,
        Set.of(Callers.KEY_HOLDER, Callers.PRINCIPAL),
        Set.of(),
        VERSIONS,
        "phoneNumbers." + Character.toLowerCase(verb.charAt(0)) + verb.substring(1),
        "PhoneNumbersOperational",
        method == Method.POST ? Idempotency.NONE : Idempotency.NATURAL,
        Route.JSON_BYTES_MAX,
        handler);
  }

  static String country(Request request) {
    var country = request.path("countryCode").toUpperCase(Locale.ROOT);
    if (!COUNTRY.matcher(country).matches()) {
      throw NumbersProblems.countryNotFound("of another form");
    }
    return country;
  }

  /** With its plus, which a path may leave out. */
  static String number(String text) {
    if (!NUMBER.matcher(text).matches()) {
      throw NumbersProblems.badNumber("of %d characters".formatted(text.length()));
    }
    return text.startsWith("+") ? text : "+" + text;
  }

  static NumberType type(@Nullable String word) {
    if (word == null) {
      throw NumbersProblems.missing("phoneNumberType");
    }
    return NumberType.ofWord(word)
        .orElseThrow(() ->
            NumbersProblems.badWord(
                "phoneNumberType", words(NumberType.values(), NumberType::word)));
  }

  static AssignmentType assignment(@Nullable String word) {
    if (word == null) {
      throw NumbersProblems.missing("assignmentType");
    }
    return AssignmentType.ofWord(word)
        .orElseThrow(() ->
            NumbersProblems.badWord(
                "assignmentType", words(AssignmentType.values(), AssignmentType::word)));
  }

  static Optional<NumberType> typeIf(Request request) {
    return request.query("phoneNumberType").map(NumbersRoutes::type);
  }

  static Optional<AssignmentType> assignmentIf(Request request) {
    return request.query("assignmentType").map(NumbersRoutes::assignment);
  }

  static Optional<Capability> capabilityIf(String member, @Nullable String word) {
    return Optional.ofNullable(word)
        .map(text ->
            Capability.ofWord(text)
                .orElseThrow(() ->
                    NumbersProblems.badWord(member, words(Capability.values(), Capability::word))));
  }

  /** What is not asked for need not be offered. */
  static Capabilities capabilities(NumbersModels.@Nullable CapabilitiesModel model) {
    return model == null
        ? new Capabilities(Capability.NONE, Capability.NONE)
        : new Capabilities(
            capabilityIf("calling", model.calling()).orElse(Capability.NONE),
            capabilityIf("sms", model.sms()).orElse(Capability.NONE));
  }

  private static <T> String words(T[] values, Function<T, String> word) {
    return Arrays.stream(values).map(word).collect(Collectors.joining(", "));
  }

  /** Items on a page; the older contracts have {@code top}, the newer ones {@code maxPageSize}. */
  static int pageSize(Request request) {
    var size =
        request
            .queryInt("maxPageSize", 1, Integer.MAX_VALUE)
            .or(() -> request.queryInt("top", 1, Integer.MAX_VALUE));
    return Math.min(PAGE_MAX, size.orElse(PAGE_MAX));
  }

  /** How many items come before the first page. */
  static int skip(Request request) {
    return request.position(CONTINUATION).isPresent()
        ? 0
        : request.queryInt("skip", 0, Integer.MAX_VALUE).orElse(0);
  }

  /** Where the page before ended. */
  static Optional<String> position(Request request) {
    return request.position(CONTINUATION);
  }

  /** A page of a short list. */
  static <T> Page<T> page(Request request, List<T> all) {
    var start = position(request).map(Integer::parseInt).orElseGet(() -> skip(request));
    var from = Math.min(start, all.size());
    var to = (int) Math.min((long) from + pageSize(request), all.size());
    return new Page<>(
        all.subList(from, to),
        to < all.size() ? Optional.of(Integer.toString(to)) : Optional.empty());
  }

  /** A relative link, since the JavaScript client puts its own endpoint before what has another. */
  static @Nullable String nextLink(Request request, Page<?> page) {
    return page.next()
        .map(next ->
            request
                .nextLink(CONTINUATION, next)
                .substring(request.resource().endpoint().toString().length()))
        .orElse(null);
  }

  /** A relative address that says by which version it is to be read. */
  static String versioned(Request request, String path) {
    return path + "?api-version=" + request.apiVersion();
  }
}
