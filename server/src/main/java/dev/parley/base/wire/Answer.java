package dev.parley.base.wire;

/** What a handler gives back: a plain answer, one that goes on, or the switch to a WebSocket. */
public sealed interface Answer permits Response, Streaming, Upgrade {}
