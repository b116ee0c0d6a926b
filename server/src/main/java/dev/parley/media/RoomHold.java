package dev.parley.media;

import java.util.function.Consumer;

/**
 * What somebody outside wants of a room, whether anybody is in it or not, for as long as it is
 * held.
 *
 * @param lastN how many voices are forwarded at a time, the loudest; 0 for all
 * @param speakers hears who speaks each time that changes, on the worker's thread: it must not wait
 */
record RoomHold(int lastN, Consumer<Speakers> speakers) {}
