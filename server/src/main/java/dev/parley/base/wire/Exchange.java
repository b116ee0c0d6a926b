package dev.parley.base.wire;

import dev.parley.base.words.Caller;
import java.time.Instant;

/**
 * How a request was answered.
 *
 * @param id of the request
 * @param operation for metrics and logs
 * @param caller who asked; anonymous for refusals
 * @param checked when the check of the caller began, {@link System#nanoTime}
 * @param expires when what outlives the request must end, since the caller's proof does
 */
record Exchange(
    String id, String operation, Answer answer, Caller caller, long checked, Instant expires) {}
