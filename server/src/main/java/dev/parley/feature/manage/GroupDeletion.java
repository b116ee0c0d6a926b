package dev.parley.feature.manage;

import dev.parley.base.arm.Arm;
import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.ArmStatuses;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Refusal;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes a resource group with everything in it. The group takes nothing more from the first
 * moment; when a resource cannot be deleted, the group stays and takes resources again.
 */
final class GroupDeletion {
  private static final Logger log = LoggerFactory.getLogger(GroupDeletion.class);

  /** Later types of the list may live in earlier ones, so everything is tried this often. */
  private static final int ROUNDS = 3;

  private final Set<String> running = ConcurrentHashMap.newKeySet();
  private final Places places;
  private final Arm arm;
  private final BiConsumer<ArmId, Origin> aftermath;

  /**
   * Deletes groups.
   *
   * @param aftermath what else goes with a group: the rights at it
   */
  GroupDeletion(Places places, Arm arm, BiConsumer<ArmId, Origin> aftermath) {
    this.places = places;
    this.arm = arm;
    this.aftermath = aftermath;
  }

  /** Begins; the status says when it is over. */
  void begin(Places.Group group, String status, Caller.Principal caller) {
    places.putGroup(
        group.id(), there -> places.deleting(there.orElse(group), true), caller.origin());
    Thread.ofVirtual().name("delete group").start(() -> run(group, status, caller));
  }

  /** Goes on with groups whose deletion a crash cut off. */
  void resume() {
    for (var subscription : places.subscriptions()) {
      for (var group : places.groups(subscription.id())) {
        if (group.deleting() && !running.contains(group.id().key())) {
          run(group, "", Places.operator());
        }
      }
    }
  }

  private void run(Places.Group group, String status, Caller.Principal caller) {
    Optional<ArmStatuses.Failure> failure = Optional.empty();
    running.add(group.id().key());
    try {
      empty(group.id(), caller);
      places.deleteGroup(group.id(), caller.origin());
      places.forgetLocks(group.id(), caller.origin());
      aftermath.accept(group.id(), caller.origin());
    } catch (Refusal refusal) {
      failure = Optional.of(new ArmStatuses.Failure(refusal.code(), refusal.message()));
      places.putGroup(
          group.id(), there -> places.deleting(there.orElse(group), false), caller.origin());
    } catch (RuntimeException e) {
      log.error("group {} could not be deleted", group.id(), e);
      failure =
          Optional.of(
              new ArmStatuses.Failure("InternalServerError", "The group could not be deleted."));
    } finally {
      running.remove(group.id().key());
    }
    if (!status.isEmpty()) {
      arm.statuses().end(status, failure);
    }
  }

  private void empty(ArmId group, Caller.Principal caller) {
    Optional<Refusal> last = Optional.empty();
    for (var round = 0; round < ROUNDS; round++) {
      last = Optional.empty();
      for (var inventory : arm.inventories()) {
        for (var one : inventory.list(group.subscription())) {
          if (one.id().within(group)) {
            try {
              inventory.delete(caller, one.id());
            } catch (Refusal refusal) {
              last = Optional.of(refusal);
            }
          }
        }
      }
      if (last.isEmpty()) {
        return;
      }
    }
    throw last.orElseThrow();
  }
}
