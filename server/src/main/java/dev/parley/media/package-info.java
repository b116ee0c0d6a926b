/**
 * The media core: forwards encrypted audio and video between WebRTC peers, packet by packet, with
 * nothing decoded. Knows rooms of streams and nothing of calls.
 *
 * <p>{@link dev.parley.media.Media} is the front door. A {@code MediaWorker} is one thread that
 * owns a UDP port and everything of its rooms; the packet path in it takes no lock and makes no
 * object. {@code docs/media.md} has the way of a packet on one page.
 */
@NullMarked
package dev.parley.media;

import org.jspecify.annotations.NullMarked;
