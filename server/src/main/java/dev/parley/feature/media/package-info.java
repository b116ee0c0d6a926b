/**
 * Rooms of streams for whoever owns a resource: makes rooms and tickets ({@code POST
 * /parley/media/rooms}), and lets in who holds a ticket, by WHIP (RFC 9725) and WHEP. OBS,
 * GStreamer and browsers need no SDK for it.
 *
 * <p>Nothing is stored: a room is its unguessable name, and a ticket carries everything it says
 * under a signature. Publishes no event. Read {@link dev.parley.feature.media.MediaFeature} first.
 */
@NullMarked
package dev.parley.feature.media;

import org.jspecify.annotations.NullMarked;
