package dev.parley.base.wire;

import java.io.IOException;

/** An outgoing call that the guard does not allow; retrying it is pointless. */
public final class OutboundRefused extends IOException {
  private static final long serialVersionUID = 1L;

  OutboundRefused(String message) {
    super(message);
  }
}
