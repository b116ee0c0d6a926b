/**
 * HTTPS and WebSocket for everybody: routes, who may call them, signatures and tokens,
 * api-versions, paging, errors.
 *
 * <p>A feature describes each operation by a {@link dev.parley.base.wire.Route} and answers it with
 * blocking code on a virtual thread. Read {@link dev.parley.base.wire.Route}, {@link
 * dev.parley.base.wire.Request} and {@link dev.parley.base.wire.Response} first, then {@code
 * HttpServer}.
 */
@NullMarked
package dev.parley.base.wire;

import org.jspecify.annotations.NullMarked;
