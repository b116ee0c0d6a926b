package dev.parley.feature.numbers;

import static dev.parley.feature.numbers.NumbersRoutes.nextLink;
import static dev.parley.feature.numbers.NumbersRoutes.pageSize;
import static dev.parley.feature.numbers.NumbersRoutes.position;
import static dev.parley.feature.numbers.NumbersRoutes.route;

import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.feature.numbers.NumbersModels.AgreementRequest;
import dev.parley.feature.numbers.NumbersModels.AvailableModel;
import dev.parley.feature.numbers.NumbersModels.ReservationModel;
import dev.parley.feature.numbers.NumbersModels.ReservationRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Routes of reservations (2025-06-01). */
final class ReservationHttp {
  /** Numbers of one change, at most. */
  private static final int CHANGE_MAX = 100;

  private record ReservationList(List<ReservationModel> reservations, @Nullable String nextLink) {}

  private final Reservations reservations;
  private final Operations operations;

  ReservationHttp(Reservations reservations, Operations operations) {
    this.reservations = reservations;
    this.operations = operations;
  }

  List<Route> routes() {
    var all = "/availablePhoneNumbers/reservations";
    var one = all + "/{reservationId}";
    return List.of(
        route(Method.GET, all, "PhoneNumbers_ListReservations", this::list),
        route(Method.GET, one, "PhoneNumbers_GetReservation", this::get),
        route(Method.PATCH, one, "PhoneNumbers_CreateOrUpdateReservation", this::change),
        route(Method.DELETE, one, "PhoneNumbers_DeleteReservation", this::delete),
        route(Method.POST, one + "/:purchase", "PhoneNumbers_PurchaseReservation", this::purchase));
  }

  private static String id(Request request) {
    try {
      return UUID.fromString(request.path("reservationId")).toString();
    } catch (IllegalArgumentException _) {
      throw NumbersProblems.badReservationId();
    }
  }

  private Response list(Request request) {
    var page = reservations.list(request.caller(), pageSize(request), position(request));
    return Response.json(
        200,
        new ReservationList(
            page.items().stream().map(ReservationModel::brief).toList(), nextLink(request, page)));
  }

  private Response get(Request request) {
    var found = reservations.get(request.caller(), id(request));
    return Response.json(200, ReservationModel.of(found, operations));
  }

  private Response change(Request request) {
    var id = id(request);
    var body = request.json(ReservationRequest.class).phoneNumbers();
    var numbers = body == null ? Map.<String, @Nullable AvailableModel>of() : body;
    if (numbers.size() > CHANGE_MAX) {
      throw NumbersProblems.outOfBounds("phoneNumbers", 0, CHANGE_MAX);
    }
    var added = new ArrayList<Wanted>();
    var removed = new ArrayList<String>();
    numbers.forEach((key, wanted) -> {
      if (wanted == null) {
        removed.add(NumbersRoutes.number(key));
      } else {
        added.add(wanted(key, wanted));
      }
    });
    var changed = reservations.change(request.caller(), id, added, removed);
    return Response.json(status(changed), ReservationModel.of(changed.reservation(), operations));
  }

  private static Wanted wanted(String key, AvailableModel wanted) {
    var number = wanted.phoneNumber() == null ? key : wanted.phoneNumber();
    return new Wanted(
        NumbersRoutes.number(number),
        NumbersRoutes.assignment(wanted.assignmentType()),
        Optional.ofNullable(wanted.capabilities()).map(NumbersRoutes::capabilities));
  }

  /** 207 says that some numbers could not be had. */
  private static int status(Reservations.Changed changed) {
    var partial =
        changed.reservation().items().stream()
            .anyMatch(item -> item.state() == Reservation.ItemState.ERROR);
    if (partial) {
      return 207;
    }
    return changed.created() ? 201 : 200;
  }

  private Response delete(Request request) {
    reservations.delete(request.caller(), id(request));
    return Response.empty(204);
  }

  private Response purchase(Request request) {
    var agreed = request.json(AgreementRequest.class).agreeToNotResell();
    var operation =
        operations.purchaseReservation(request.caller(), id(request), Boolean.TRUE.equals(agreed));
    return NumbersHttp.accepted(request, operation, Response.empty(202), "reservation-purchase-id");
  }
}
