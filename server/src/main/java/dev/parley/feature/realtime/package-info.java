/**
 * Real time: the server side of the Trouter protocol, which the official chat SDKs receive
 * messages, typing and receipts through, and a stream of the same events for servers.
 *
 * <p>A hearer of the bus that imports no feature: {@link dev.parley.feature.realtime.Realtime} is
 * told what was committed, asks {@link dev.parley.base.bus.Audience} whom it concerns and {@link
 * dev.parley.base.bus.Details} what it tells, and hands it to the endpoints of those users. Read
 * {@code Realtime} first, then {@code Endpoint}, which keeps what a client has not acknowledged,
 * and {@code Link}, one connection of an endpoint. The protocol's words are in {@code
 * docs/realtime.md}.
 */
@NullMarked
package dev.parley.feature.realtime;

import org.jspecify.annotations.NullMarked;
