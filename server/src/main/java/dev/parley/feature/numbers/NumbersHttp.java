package dev.parley.feature.numbers;

import static dev.parley.feature.numbers.NumbersRoutes.country;
import static dev.parley.feature.numbers.NumbersRoutes.nextLink;
import static dev.parley.feature.numbers.NumbersRoutes.number;
import static dev.parley.feature.numbers.NumbersRoutes.pageSize;
import static dev.parley.feature.numbers.NumbersRoutes.position;
import static dev.parley.feature.numbers.NumbersRoutes.route;
import static dev.parley.feature.numbers.NumbersRoutes.versioned;

import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.feature.numbers.NumbersModels.CapabilitiesModel;
import dev.parley.feature.numbers.NumbersModels.NumberModel;
import dev.parley.feature.numbers.NumbersModels.OperationModel;
import dev.parley.feature.numbers.NumbersModels.PurchaseRequest;
import dev.parley.feature.numbers.NumbersModels.SearchModel;
import dev.parley.feature.numbers.NumbersModels.SearchRequest;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Routes of owned numbers and of the long-running operations. All links are relative, as the
 * service sends them.
 */
final class NumbersHttp {
  private static final Pattern AREA_CODE = Pattern.compile("[0-9]{1,8}");

  private record NumberList(List<NumberModel> phoneNumbers, @Nullable String nextLink) {}

  private final Numbers numbers;
  private final Operations operations;

  NumbersHttp(Numbers numbers, Operations operations) {
    this.numbers = numbers;
    this.operations = operations;
  }

  List<Route> routes() {
    return List.of(
        route(
            Method.POST,
            "/availablePhoneNumbers/countries/{countryCode}/:search",
            "PhoneNumbers_SearchAvailablePhoneNumbers",
            this::search),
        route(
            Method.GET,
            "/availablePhoneNumbers/searchResults/{searchId}",
            "PhoneNumbers_GetSearchResult",
            this::result),
        route(
            Method.POST,
            "/availablePhoneNumbers/:purchase",
            "PhoneNumbers_PurchasePhoneNumbers",
            this::purchase),
        route(
            Method.GET,
            "/phoneNumbers/operations/{operationId}",
            "PhoneNumbers_GetOperation",
            this::operation),
        route(
            Method.DELETE,
            "/phoneNumbers/operations/{operationId}",
            "PhoneNumbers_CancelOperation",
            this::cancel),
        route(Method.GET, "/phoneNumbers", "PhoneNumbers_ListPhoneNumbers", this::list),
        route(Method.GET, "/phoneNumbers/{phoneNumber}", "PhoneNumbers_GetByNumber", this::get),
        route(
            Method.DELETE,
            "/phoneNumbers/{phoneNumber}",
            "PhoneNumbers_ReleasePhoneNumber",
            this::release),
        route(
            Method.PATCH,
            "/phoneNumbers/{phoneNumber}/capabilities",
            "PhoneNumbers_UpdateCapabilities",
            this::update));
  }

  private Response search(Request request) {
    var operation = operations.search(request.caller(), wish(request));
    // The clients take the result from the Location; recorded answers have no body.
    return accepted(request, operation, Response.empty(202), "search-id");
  }

  private static SearchWish wish(Request request) {
    var body = request.json(SearchRequest.class);
    var areaCode = body.areaCode() == null ? "" : body.areaCode();
    if (!areaCode.isEmpty() && !AREA_CODE.matcher(areaCode).matches()) {
      throw NumbersProblems.badAreaCode();
    }
    var quantity = body.quantity() == null ? 1L : body.quantity();
    if (quantity < 1 || quantity > Integer.MAX_VALUE) {
      throw NumbersProblems.outOfBounds("quantity", 1, Integer.MAX_VALUE);
    }
    return new SearchWish(
        country(request),
        NumbersRoutes.type(body.phoneNumberType()),
        NumbersRoutes.assignment(body.assignmentType()),
        NumbersRoutes.capabilities(body.capabilities()),
        areaCode,
        (int) Math.min(quantity, Numbers.SEARCH_MAX));
  }

  private Response result(Request request) {
    var search = operations.result(request.caller(), request.path("searchId"));
    var agreement = operations.needsAgreement(search.wish().country());
    return Response.json(200, SearchModel.of(search, agreement));
  }

  private Response purchase(Request request) {
    var body = request.json(PurchaseRequest.class);
    var searchId = body.searchId();
    if (searchId == null) {
      throw NumbersProblems.missing("searchId");
    }
    var operation =
        operations.purchase(
            request.caller(), searchId, Boolean.TRUE.equals(body.agreeToNotResell()));
    return accepted(request, operation, Response.empty(202), "purchase-id");
  }

  private Response release(Request request) {
    var operation = operations.release(request.caller(), number(request.path("phoneNumber")));
    return accepted(request, operation, Response.empty(202), "release-id");
  }

  private Response update(Request request) {
    var number = number(request.path("phoneNumber"));
    var body = request.json(CapabilitiesModel.class);
    var operation =
        operations.update(
            request.caller(),
            number,
            NumbersRoutes.capabilityIf("calling", body.calling()),
            NumbersRoutes.capabilityIf("sms", body.sms()));
    var after = NumberModel.of(numbers.get(request.caller(), number));
    return accepted(request, operation, Response.json(202, after), "capabilities-id");
  }

  /** The headers that all clients poll by. */
  static Response accepted(
      Request request, Operation operation, Response response, String idHeader) {
    var answer =
        response
            .header(
                "Operation-Location",
                versioned(request, "/phoneNumbers/operations/" + operation.id()))
            .header("operation-id", operation.id())
            .header(idHeader, operation.guid());
    return operation
        .resultPath()
        .map(path -> answer.header("Location", versioned(request, path)))
        .orElse(answer);
  }

  private Response operation(Request request) {
    var operation = operations.get(request.caller(), request.path("operationId"));
    var response = Response.json(200, OperationModel.of(operation, request));
    return operation
        .resultPath()
        .map(path -> response.header("Location", versioned(request, path)))
        .orElse(response);
  }

  private Response cancel(Request request) {
    operations.cancel(request.caller(), request.path("operationId"));
    return Response.empty(204);
  }

  private Response list(Request request) {
    var page =
        numbers.list(
            request.caller(), NumbersRoutes.skip(request), pageSize(request), position(request));
    return Response.json(
        200,
        new NumberList(
            page.items().stream().map(NumberModel::of).toList(), nextLink(request, page)));
  }

  private Response get(Request request) {
    var found = numbers.get(request.caller(), number(request.path("phoneNumber")));
    return Response.json(200, NumberModel.of(found));
  }
}
