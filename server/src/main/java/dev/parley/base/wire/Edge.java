package dev.parley.base.wire;

import java.util.concurrent.atomic.AtomicBoolean;

/** What all connections of one server share. */
record Edge(
    WireConfig config,
    Dispatch dispatch,
    Cors cors,
    HttpMetrics metrics,
    OpenConnections open,
    FlushRounds rounds,
    AtomicBoolean draining) {}
