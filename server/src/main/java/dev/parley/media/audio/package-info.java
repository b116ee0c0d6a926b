/**
 * Who speaks, from the audio levels that senders put into their packets (RFC 6464); nothing is
 * decoded. Pure: no socket, and the time comes in as nanoseconds. One object per room, on the
 * room's thread. Read {@link dev.parley.media.audio.SpeakerDetector} first.
 */
@NullMarked
package dev.parley.media.audio;

import org.jspecify.annotations.NullMarked;
