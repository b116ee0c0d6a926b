package dev.parley.base.store;

import org.jspecify.annotations.Nullable;

/** The store cannot answer now, or the outcome of a commit is unknown; the edge answers 503. */
public final class StoreUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoreUnavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
