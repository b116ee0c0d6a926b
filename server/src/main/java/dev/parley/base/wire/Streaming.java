package dev.parley.base.wire;

import java.util.function.Function;

/**
 * Answers with 200 and a body that goes on until either side ends it, server-sent events for
 * instance.
 *
 * @param opened called on a virtual thread when the head is out; it may send at once, and gives
 *     what is to be done when the stream has ended, once and on a thread that must not be blocked
 */
public record Streaming(String contentType, Function<Session, Runnable> opened) implements Answer {}
