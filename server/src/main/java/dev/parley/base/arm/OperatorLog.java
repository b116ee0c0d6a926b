package dev.parley.base.arm;

import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Refusal;
import java.util.List;
import java.util.function.Supplier;

/** Lets what the operator does by {@code /parley/*} leave the same traces as management calls. */
public final class OperatorLog {
  private final ArmActivity activity;
  private final ArmPlaces places;

  public OperatorLog(ArmActivity activity, ArmPlaces places) {
    this.activity = activity;
    this.places = places;
  }

  /**
   * Does the work, and writes down that it was done or refused; what is about everything is written
   * to the log of every subscription.
   */
  public Response logged(Request request, ArmId scope, String action, Supplier<Response> work) {
    try {
      var response = work.get();
      write(request, scope, action, response.status(), "");
      return response;
    } catch (Refusal refusal) {
      write(request, scope, action, refusal.status(), refusal.code());
      throw refusal;
    }
  }

  private void write(Request request, ArmId scope, String action, int status, String code) {
    if (request.caller() instanceof Caller.Principal caller) {
      var scopes = scope.equals(ArmId.ROOT) ? places.subscriptions() : List.of(scope);
      for (var one : scopes) {
        activity.record(
            new ArmActivity.Entry(
                caller, one, action, request.route().operation(), status, code, request.id()));
      }
    }
  }
}
