package dev.parley.feature.numbers;

import static dev.parley.feature.numbers.NumbersRoutes.country;
import static dev.parley.feature.numbers.NumbersRoutes.nextLink;
import static dev.parley.feature.numbers.NumbersRoutes.page;
import static dev.parley.feature.numbers.NumbersRoutes.route;

import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.feature.numbers.NumbersModels.AreaCodeModel;
import dev.parley.feature.numbers.NumbersModels.AvailableModel;
import dev.parley.feature.numbers.NumbersModels.BrowseRequest;
import dev.parley.feature.numbers.NumbersModels.BrowseResult;
import dev.parley.feature.numbers.NumbersModels.CountryModel;
import dev.parley.feature.numbers.NumbersModels.LocalityModel;
import dev.parley.feature.numbers.NumbersModels.OfferingModel;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Routes of the lists before a search. */
final class CatalogueHttp {
  private static final int LANGUAGE_MAX = 200;
  private static final int PREFIXES_MAX = 20;
  private static final Pattern PREFIX = Pattern.compile("\\+?[0-9]{1,15}");

  private record Countries(List<CountryModel> countries, @Nullable String nextLink) {}

  private record Localities(List<LocalityModel> phoneNumberLocalities, @Nullable String nextLink) {}

  private record AreaCodes(List<AreaCodeModel> areaCodes, @Nullable String nextLink) {}

  private record Offerings(List<OfferingModel> phoneNumberOfferings, @Nullable String nextLink) {}

  private final Catalogue catalogue;
  private final Operations operations;

  CatalogueHttp(Catalogue catalogue, Operations operations) {
    this.catalogue = catalogue;
    this.operations = operations;
  }

  List<Route> routes() {
    var country = "/availablePhoneNumbers/countries/{countryCode}";
    return List.of(
        route(
            Method.GET,
            "/availablePhoneNumbers/countries",
            "PhoneNumbers_ListAvailableCountries",
            this::countries),
        route(
            Method.GET,
            country + "/localities",
            "PhoneNumbers_ListAvailableLocalities",
            this::localities),
        route(Method.GET, country + "/areaCodes", "PhoneNumbers_ListAreaCodes", this::areaCodes),
        route(Method.GET, country + "/offerings", "PhoneNumbers_ListOfferings", this::offerings),
        route(
            Method.POST,
            country + "/:browse",
            "PhoneNumbers_BrowseAvailableNumbers",
            this::browse));
  }

  private Response countries(Request request) {
    var language = language(request);
    var page = page(request, catalogue.countries());
    var models =
        page.items().stream()
            .map(code -> new CountryModel(Locale.of("", code).getDisplayCountry(language), code))
            .toList();
    return Response.json(200, new Countries(models, nextLink(request, page)));
  }

  /** The first language that the caller likes, or English. */
  private static Locale language(Request request) {
    var header = request.header("accept-language").orElse("");
    if (header.isEmpty() || header.length() > LANGUAGE_MAX) {
      return Locale.ENGLISH;
    }
    try {
      return Locale.LanguageRange.parse(header).stream()
          .map(range -> Locale.forLanguageTag(range.getRange()))
          .filter(locale -> !locale.getLanguage().isEmpty())
          .findFirst()
          .orElse(Locale.ENGLISH);
    } catch (IllegalArgumentException _) {
      return Locale.ENGLISH;
    }
  }

  private Response localities(Request request) {
    var all =
        catalogue.localities(
            country(request),
            NumbersRoutes.typeIf(request),
            request.query("administrativeDivision"));
    var page = page(request, all);
    return Response.json(
        200,
        new Localities(
            page.items().stream().map(LocalityModel::of).toList(), nextLink(request, page)));
  }

  private Response areaCodes(Request request) {
    var all =
        catalogue.areaCodes(
            country(request),
            NumbersRoutes.type(request.query("phoneNumberType").orElse(null)),
            NumbersRoutes.assignmentIf(request),
            request.query("locality"),
            request.query("administrativeDivision"));
    var page = page(request, all);
    return Response.json(
        200,
        new AreaCodes(
            page.items().stream().map(AreaCodeModel::new).toList(), nextLink(request, page)));
  }

  private Response offerings(Request request) {
    var assignment = NumbersRoutes.assignmentIf(request);
    var all =
        catalogue.offerings(country(request), NumbersRoutes.typeIf(request), assignment).stream()
            .flatMap(OfferingModel::of)
            .filter(model ->
                assignment
                    .map(AssignmentType::word)
                    .map(model.assignmentType()::equals)
                    .orElse(true))
            .toList();
    var page = page(request, all);
    return Response.json(200, new Offerings(page.items(), nextLink(request, page)));
  }

  private Response browse(Request request) {
    var body = request.json(BrowseRequest.class);
    var country = country(request);
    var assignment = Optional.ofNullable(body.assignmentType()).map(NumbersRoutes::assignment);
    var shown =
        catalogue.browse(
            country,
            NumbersRoutes.type(body.phoneNumberType()),
            assignment,
            NumbersRoutes.capabilities(body.capabilities()),
            prefixes(body));
    var agreement = operations.needsAgreement(country);
    var models =
        shown.stream()
            .map(one ->
                AvailableModel.of(
                    one, assignment.orElse(one.offer().assignments().getLast()), agreement))
            .toList();
    return Response.json(200, new BrowseResult(models));
  }

  private static List<String> prefixes(BrowseRequest body) {
    var given = body.phoneNumberPrefixes();
    if (given == null) {
      return List.of();
    }
    if (given.size() > PREFIXES_MAX) {
      throw NumbersProblems.outOfBounds("phoneNumberPrefixes", 0, PREFIXES_MAX);
    }
    for (var prefix : given) {
      if (prefix == null || !PREFIX.matcher(prefix).matches()) {
        throw NumbersProblems.badPrefix();
      }
    }
    return given.stream()
        .map(prefix -> prefix.startsWith("+") ? prefix.substring(1) : prefix)
        .toList();
  }
}
