package dev.parley.feature.identity;

import dev.parley.base.kit.LruCache;
import java.util.function.Function;

/** The states of the users seen lately, for proving tokens without asking the store each time. */
final class UserStates {
  /**
   * What a token is held against: whether its user is there, and the current generation of its
   * tokens.
   */
  record State(boolean alive, long generation) {
    /** Never there. */
    static final State NONE = new State(false, 0);
  }

  private final Function<UserKey, State> source;
  private final LruCache<UserKey, State> states;

  UserStates(int usersMax, Function<UserKey, State> source) {
    this.source = source;
    this.states = new LruCache<>(usersMax);
  }

  /**
   * The state of the user, for a token of the given generation. A token newer than what is
   * remembered comes from a process that knows of a change before its event arrives here, so the
   * store is asked.
   */
  State of(UserKey user, long generation) {
    var state = states.get(user, source);
    if (state.generation() >= generation) {
      return state;
    }
    states.forget(user);
    return states.get(user, source);
  }

  /** The user has changed, and the change is committed. */
  void forget(UserKey user) {
    states.forget(user);
  }

  /** Many users have changed, and the changes are committed. */
  void clear() {
    states.clear();
  }
}
