package dev.parley.base.wire;

/** What a listening socket is for. */
enum Listener {
  /** Everything; the resource is found by host name. */
  MAIN,
  /** One resource, found by the port. */
  RESOURCE,
  /** Everything, without TLS, on loopback. */
  PLAIN,
  /** The operator's own: {@code /parley/*} only, without TLS, on loopback. */
  CONTROL
}
