package dev.parley.feature.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way to one subscription. Belongs to its courier, which changes it under its lock.
 */
final class Parcel {
  private Retry retry;
  private @Nullable GridEvent event;
  private @Nullable Intake intake;
  private Intake.@Nullable Open row;
  private boolean passing;

  private Parcel(Retry retry) {
    this.retry = retry;
  }

  /** An event that was just taken. */
  static Parcel fresh(GridEvent event, Intake intake, Intake.Open row, Instant published) {
    var parcel = new Parcel(Retry.now(event.id(), published));
    parcel.event = event;
    parcel.intake = intake;
    parcel.row = row;
    return parcel;
  }

  /** An event that the journal does not have: it is sent once, or lost. */
  static Parcel passing(GridEvent event) {
    var parcel = new Parcel(Retry.now(event.id(), event.time()));
    parcel.event = event;
    parcel.passing = true;
    return parcel;
  }

  /** An event that waits; its content is read when its time comes. */
  static Parcel waiting(Retry retry) {
    return new Parcel(retry);
  }

  String id() {
    return retry.eventId();
  }

  /** Whether nobody tries it again, and nothing of it is kept. */
  boolean isPassing() {
    return passing;
  }

  Retry retry() {
    return retry;
  }

  void set(Retry next) {
    retry = next;
  }

  @Nullable GridEvent event() {
    return event;
  }

  void set(GridEvent known) {
    event = known;
  }

  /** Waiting takes no memory for content. */
  void drop() {
    event = null;
  }

  /** The row that the event came from is done with it. */
  void leaveRow() {
    if (intake != null && row != null) {
      intake.settle(row);
    }
    intake = null;
    row = null;
  }
}
