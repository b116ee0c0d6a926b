package dev.parley.feature.calling;

import dev.parley.base.words.ResourceId;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The front door for server code: what it may do with a call that rings, by the context in the
 * event IncomingCall, and with calls that go on. Each method returns when it is done.
 */
public final class IncomingCalls {
  private static final int WAIT_SECONDS = 10;

  private final Calls calls;
  private final CallContext context;

  IncomingCalls(Calls calls, CallContext context) {
    this.calls = calls;
    this.context = context;
  }

  /** Server code's part in a call. */
  public record Claimed(String callId, String serverCallId, String participantId) {}

  /**
   * What came of it.
   *
   * @param reason null when it was done
   */
  public record Outcome<T>(@Nullable T done, @Nullable EndReason reason) {}

  /** Why server code says no. */
  public enum Rejection {
    NONE,
    BUSY,
    FORBIDDEN
  }

  /** Answers the call in the place of the callee; every client of the callee stops ringing. */
  public Outcome<Claimed> claim(ResourceId resource, String incomingCallContext) {
    return withRing(
        resource,
        incomingCallContext,
        (call, ringId) -> {
          var member = call.ringing.claim(ringId);
          return new Claimed(call.place.callId(), call.place.serverCallId(), member.id);
        });
  }

  /** Has it ring at another user. */
  public Outcome<Boolean> redirect(ResourceId resource, String incomingCallContext, String user) {
    return withRing(
        resource,
        incomingCallContext,
        (call, ringId) -> {
          call.ringing.redirect(ringId, user);
          return true;
        });
  }

  /** Says no in the place of the callee. */
  public Outcome<Boolean> reject(ResourceId resource, String incomingCallContext, Rejection why) {
    var reason =
        switch (why) {
          case NONE -> EndReason.DECLINED;
          case BUSY -> EndReason.BUSY;
          case FORBIDDEN -> EndReason.expected(403, 0, "The application refused the call.");
        };
    return withRing(
        resource,
        incomingCallContext,
        (call, ringId) -> {
          call.ringing.reject(ringId, reason);
          return true;
        });
  }

  /** Ends a call for everybody. */
  public Outcome<Boolean> hangUp(ResourceId resource, String callId) {
    return within(
        resource,
        callId,
        call -> {
          call.end(EndReason.ENDED_BY_SERVER, java.util.Optional.empty());
          return true;
        });
  }

  /** Takes somebody out of a call. */
  public Outcome<Boolean> remove(ResourceId resource, String callId, String participant) {
    return within(
        resource,
        callId,
        call -> {
          var named = call.roster.named(participant);
          if (named.isEmpty()) {
            throw new CallProblem(EndReason.NO_SUCH_PARTICIPANT);
          }
          named.forEach(one -> call.leave(one, EndReason.REMOVED_BY_SERVER, EndReason.LEFT));
          return true;
        });
  }

  /** Whether a recording goes on, as everybody in the call is told. */
  public enum Recording {
    NONE("none"),
    ACTIVE("active"),
    PAUSED("paused");

    private final String word;

    Recording(String word) {
      this.word = word;
    }
  }

  /** Tells everybody in the call about a recording. */
  public Outcome<Boolean> recording(ResourceId resource, String callId, Recording state) {
    return within(resource, callId, told(call -> call.floor.recording(state.word)));
  }

  /** Tells everybody in the call whether it is transcribed. */
  public Outcome<Boolean> transcription(ResourceId resource, String callId, boolean active) {
    return within(resource, callId, told(call -> call.floor.transcription(active)));
  }

  private static Function<Call, Boolean> told(Consumer<Call> telling) {
    return call -> {
      telling.accept(call);
      return true;
    };
  }

  private interface RingTask<T> {
    T run(Call call, String ringId);
  }

  private <T> Outcome<T> withRing(ResourceId resource, String text, RingTask<T> task) {
    IncomingContexts.Incoming incoming;
    try {
      incoming = context.contexts().read(resource, text, context.clock().now(resource));
    } catch (CallProblem problem) {
      return new Outcome<>(null, problem.reason());
    }
    return within(resource, incoming.callId(), call -> task.run(call, incoming.ringId()));
  }

  private <T> Outcome<T> within(ResourceId resource, String callId, Function<Call, T> task) {
    var call = calls.find(resource, callId);
    var answer = new ArrayBlockingQueue<Outcome<T>>(1);
    var taken =
        call.isPresent()
            && call.get()
                .must(() -> {
                  try {
                    answer.add(new Outcome<>(task.apply(call.get()), null));
                  } catch (CallProblem problem) {
                    answer.add(new Outcome<>(null, problem.reason()));
                  }
                });
    try {
      var outcome = taken ? answer.poll(WAIT_SECONDS, TimeUnit.SECONDS) : null;
      return outcome == null ? new Outcome<>(null, EndReason.NO_SUCH_CALL) : outcome;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Outcome<>(null, EndReason.SERVER_FAILED);
    }
  }
}
