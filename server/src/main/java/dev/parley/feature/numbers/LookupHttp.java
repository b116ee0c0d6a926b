package dev.parley.feature.numbers;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The route of number lookup. */
final class LookupHttp {
  /** Numbers in one request, at most. */
  private static final int NUMBERS_MAX = 100;

  private record Options(@Nullable Boolean includeAdditionalOperatorDetails) {}

  private record LookupRequest(
      @Nullable List<@Nullable String> phoneNumbers, @Nullable Options options) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record DetailsModel(
      String name, @Nullable String mobileNetworkCode, @Nullable String mobileCountryCode) {
    static DetailsModel of(Carriers.Carrier carrier) {
      return new DetailsModel(
          carrier.name(),
          carrier.networkCode().isEmpty() ? null : carrier.networkCode(),
          carrier.countryCode().isEmpty() ? null : carrier.countryCode());
    }
  }

  /** {@code OperatorInformation}. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record FoundModel(
      String phoneNumber,
      String nationalFormat,
      String internationalFormat,
      @Nullable String isoCountryCode,
      @Nullable String numberType,
      @Nullable DetailsModel operatorDetails) {
    static FoundModel of(OperatorLookup.Found found) {
      return new FoundModel(
          found.number(),
          found.nationalFormat(),
          found.internationalFormat(),
          found.country().orElse(null),
          found.type().orElse(null),
          found.carrier().map(DetailsModel::of).orElse(null));
    }
  }

  private record FoundList(List<FoundModel> values) {}

  private final OperatorLookup lookup;

  LookupHttp(OperatorLookup lookup) {
    this.lookup = lookup;
  }

  List<Route> routes() {
    return List.of(
        NumbersRoutes.route(
            Method.POST,
            "/operatorInformation/:search",
            "PhoneNumbers_OperatorInformationSearch",
            this::search));
  }

  private Response search(Request request) {
    var body = request.json(LookupRequest.class);
    if (body.phoneNumbers() == null || body.phoneNumbers().isEmpty()) {
      throw NumbersProblems.missing("phoneNumbers");
    }
    if (body.phoneNumbers().size() > NUMBERS_MAX) {
      throw NumbersProblems.outOfBounds("phoneNumbers", 1, NUMBERS_MAX);
    }
    var numbers = body.phoneNumbers().stream().map(number -> number == null ? "" : number).toList();
    var details =
        body.options() != null
            && Boolean.TRUE.equals(body.options().includeAdditionalOperatorDetails());
    var found = lookup.search(request.caller(), numbers, details);
    return Response.json(200, new FoundList(found.stream().map(FoundModel::of).toList()));
  }
}
