/**
 * Rooms: when a call may be held, who may join it, and in which role; every operation of the ACS
 * Rooms contract. Calling asks {@link dev.parley.feature.rooms.Rooms#admission} whether a user may
 * come in now.
 *
 * <p>Publishes {@link dev.parley.base.event.RoomEvent} with every change. Everything of a room lies
 * in the room's partition. Read {@link dev.parley.feature.rooms.Rooms} first, then {@code
 * RoomsStore}.
 */
@NullMarked
package dev.parley.feature.rooms;

import org.jspecify.annotations.NullMarked;
