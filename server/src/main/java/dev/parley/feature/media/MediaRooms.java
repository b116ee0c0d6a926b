package dev.parley.feature.media;

import dev.parley.base.words.ResourceId;
import dev.parley.media.Limits;
import dev.parley.media.Media;
import dev.parley.media.MediaJoin;
import dev.parley.media.RoomDump;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** Rooms and tickets of all resources; every rule of theirs. */
final class MediaRooms {
  static final Duration TICKET_LIFE = Duration.ofHours(1);
  static final Duration TICKET_LIFE_MAX = Duration.ofHours(24);

  /** How many closed rooms are remembered; beyond that, tickets of closed rooms open them again. */
  private static final int CLOSED_MAX = 100_000;

  /**
   * What a ticket is asked for.
   *
   * @param own for a viewer the name under which the same person publishes, or empty text
   */
  record Wish(
      boolean publishes,
      String stream,
      String own,
      boolean audio,
      boolean video,
      int bits,
      Duration life) {}

  /** A ticket with its text. */
  record Issued(Ticket ticket, String text) {}

  private final Media media;
  private final Tickets tickets;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Set<String> closed = ConcurrentHashMap.newKeySet();

  MediaRooms(Media media, Tickets tickets, InstantSource clock, RandomGenerator random) {
    this.media = media;
    this.tickets = tickets;
    this.clock = clock;
    this.random = random;
  }

  /** A new name, which nobody guesses. */
  String newName() {
    var bytes = new byte[16];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** A ticket; media gets ready for whoever comes with it. */
  Issued issue(ResourceId resource, String room, Wish wish) {
    media.prepare();
    var expires = clock.instant().plus(wish.life()).getEpochSecond();
    var ticket =
        new Ticket(
            resource.value(),
            room,
            wish.publishes(),
            wish.stream(),
            wish.own(),
            wish.audio(),
            wish.video(),
            wish.bits(),
            expires);
    return new Issued(ticket, tickets.write(ticket));
  }

  static Instant expiry(Ticket ticket) {
    return Instant.ofEpochSecond(ticket.expires());
  }

  /** Lets the holder of a ticket in. */
  MediaJoin join(ResourceId resource, String text, boolean publishes, String offer) {
    var ticket =
        tickets
            .read(text)
            .filter(each -> each.publishes() == publishes)
            .filter(each -> each.resource().equals(resource.value()))
            .orElseThrow(MediaProblems::badTicket);
    if (closed.contains(ticket.place())) {
      throw MediaProblems.closedRoom();
    }
    var limits = new Limits(ticket.audio(), ticket.video(), ticket.bits());
    return publishes
        ? media.publish(ticket.place(), ticket.stream(), limits, offer)
        : media.play(ticket.place(), ticket.stream(), ticket.own(), limits, offer);
  }

  /** The room of a ticket, good or expired: what it opened may still be tended and ended. */
  String placeOf(ResourceId resource, String text, boolean publishes) {
    return tickets
        .readSigned(text)
        .filter(each -> each.publishes() == publishes)
        .filter(each -> each.resource().equals(resource.value()))
        .orElseThrow(MediaProblems::badTicket)
        .place();
  }

  Optional<RoomDump> dump(ResourceId resource, String room) {
    return media.dump(Ticket.place(resource.value(), room));
  }

  /** Begins to keep headers; false when nobody is there. */
  boolean capture(ResourceId resource, String room, int packets) {
    return media.capture(Ticket.place(resource.value(), room), packets);
  }

  Optional<byte[]> captured(ResourceId resource, String room) {
    return media.captured(Ticket.place(resource.value(), room));
  }

  /** Sends everybody away; the room's tickets open nothing any more. */
  void close(ResourceId resource, String room) {
    var place = Ticket.place(resource.value(), room);
    if (closed.size() >= CLOSED_MAX) {
      closed.clear();
    }
    closed.add(place);
    media.closeRoom(place);
  }

  /** Sends everybody of a resource away. */
  void closeAll(ResourceId resource) {
    media.closeRooms(Ticket.place(resource.value(), ""));
  }

  Media media() {
    return media;
  }
}
