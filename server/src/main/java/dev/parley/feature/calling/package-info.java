/**
 * Calls: who rings, who is in a call, what each may do there, and what happened.
 *
 * <p>Clients speak {@code docs/calling-protocol.md} over one WebSocket each. Read {@link
 * dev.parley.feature.calling.Call} first, the owner of one call: a virtual thread with a mailbox,
 * so that everything about a call happens one after the other. {@code Ringing} is who is called and
 * has not come, {@code Attendance} who is really there, {@code RoomTerms} what a room allows; all
 * of them belong to the call's thread. {@code Agent} is one client's session, {@code CallMedia} is
 * what a call sends and shows through the media core, {@code Calls} knows all calls of this
 * process, {@code CallLog} writes the record. Publishes {@link dev.parley.base.event.CallEvent};
 * asks the front door of rooms who may join.
 */
@NullMarked
package dev.parley.feature.calling;

import org.jspecify.annotations.NullMarked;
