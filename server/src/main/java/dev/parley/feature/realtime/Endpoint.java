package dev.parley.feature.realtime;

import dev.parley.base.store.Shard;
import dev.parley.base.words.ResourceId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tab or device of a user, which keeps its name ({@code epid}) over all its connections; and what
 * it was not yet seen to have received, oldest first.
 *
 * <p>What a client has not acknowledged when its connection ends is sent again on the next one,
 * under the same number. While an older connection still stands, what was sent on it stays with it,
 * and newer events wait for that: the order holds, and nothing is sent twice for nothing.
 *
 * <p>All state is behind the object's lock, which is held for a few instructions only.
 */
final class Endpoint {
  /** Bytes on their way to a client at once; more waits here, where it takes no buffer. */
  private static final int UNDERWAY_BYTES_MAX = 256 << 10;

  private static final int KEPT_PLACES_MAX = 32;
  private static final int ATTEMPTS_MAX = 2;
  private static final int UNREADY = 504;

  /** One event on its way. */
  private static final class Delivery {
    final Notification notification;

    /** Its number; 0 before it is sent the first time. */
    long id;

    @Nullable Link link;
    long sentAt;
    int attempts;

    Delivery(Notification notification) {
      this.notification = notification;
    }
  }

  /** What became of events; of this server since its start. */
  interface Receipts {
    void received(int status);

    void lost(int events);
  }

  final ResourceId resource;
  final String userId;
  final String epid;
  private final RealtimeConfig config;
  private final Receipts receipts;
  private ArrayDeque<Delivery> deliveries = new ArrayDeque<>(0);
  private int most;
  private int unsent;
  private int waitingBytes;
  private int underwayBytes;
  private long lastId;
  private @Nullable StreamPosition filledTo;
  private boolean lossUntold;
  private @Nullable Link link;
  private @Nullable Link superseded;
  private @Nullable Link older;
  private long olderUntil;
  private long detachedAt = System.nanoTime();
  private volatile boolean web = true;
  private volatile String application = "";
  private byte @Nullable [] end;

  Endpoint(
      ResourceId resource, String userId, String epid, RealtimeConfig config, Receipts receipts) {
    this.resource = resource;
    this.userId = userId;
    this.epid = epid;
    this.config = config;
    this.receipts = receipts;
  }

  /** Which application it said it is; decides how texts of thread events are written. */
  void registered(String appId) {
    application = appId;
    web = appId.isEmpty() || appId.equals("AcsWeb");
  }

  String application() {
    return application;
  }

  synchronized @Nullable Link link() {
    return link;
  }

  synchronized int waiting() {
    return deliveries.size();
  }

  /** How long it has had no connection; 0 while it has one. */
  synchronized long detachedNanos() {
    return link == null ? System.nanoTime() - detachedAt : 0;
  }

  /** Somebody is about to connect: it is not forgotten before that. */
  synchronized void expected() {
    detachedAt = System.nanoTime();
  }

  /** Puts an event last; it goes out with the next flush of its connection. */
  synchronized void add(Notification notification) {
    if (notification.position() > 0
        && filledTo != null
        && notification.position() <= filledTo.in(notification.shard())) {
      // It is among what was read from the journal.
      return;
    }
    if (deliveries.size() >= config.waitingEventsMax()
        || waitingBytes > config.waitingBytesMax() - notification.bytes()) {
      lose();
      return;
    }
    deliveries.add(new Delivery(notification));
    waitingBytes += notification.bytes();
    unsent++;
    most = Math.max(most, deliveries.size());
    send();
  }

  /** Whether it has never been sent anything here. */
  synchronized boolean isUntold() {
    return lastId == 0;
  }

  /** Whether it has also never had a connection here, nor got what it missed elsewhere. */
  synchronized boolean isNew() {
    return filledTo == null && link == null && lastId == 0;
  }

  /**
   * Puts what was missed elsewhere before what has come here.
   *
   * @param upTo how far the journal was read for it
   * @param whole false when some of it is lost
   */
  synchronized void begin(List<Notification> missed, StreamPosition upTo, boolean whole) {
    if (!isNew()) {
      return;
    }
    var here = deliveries;
    deliveries = new ArrayDeque<>(missed.size() + here.size());
    waitingBytes = 0;
    unsent = 0;
    lossUntold |= !whole;
    missed.forEach(this::add);
    filledTo = upTo;
    here.forEach(delivery -> add(delivery.notification));
  }

  /** The oldest event of each shard that was not acknowledged; empty when nothing is owed. */
  synchronized Map<Shard, Long> owed() {
    var owed = new HashMap<Shard, Long>();
    for (var delivery : deliveries) {
      if (delivery.notification.position() > 0) {
        owed.merge(delivery.notification.shard(), delivery.notification.position(), Math::min);
      }
    }
    return owed;
  }

  /** Too much waits: everything goes, and the client is told once it is back. */
  private void lose() {
    receipts.lost(deliveries.size() + 1);
    deliveries = new ArrayDeque<>(0);
    unsent = 0;
    waitingBytes = 0;
    underwayBytes = 0;
    lossUntold = true;
    var slow = link;
    if (slow != null) {
      // Not from here: closing takes locks of the connection.
      Thread.ofVirtual()
          .start(() -> slow.end(Link.Ending.UNAVAILABLE, "The client is too far behind."));
    }
  }

  /** The client has answered; also on an older connection. */
  synchronized void acknowledged(ClientResponse response) {
    for (var delivery : deliveries) {
      if (delivery.id == response.id()) {
        settled(delivery, response.status());
        break;
      }
      if (delivery.id > response.id() || delivery.id == 0) {
        break;
      }
    }
    send();
  }

  private void settled(Delivery delivery, int status) {
    receipts.received(status);
    var bytes = delivery.notification.bytes();
    if (delivery.link == null) {
      // It was about to be sent again; the answer has found its way all the same.
      unsent--;
    } else {
      underwayBytes -= bytes;
    }
    if (status == UNREADY && delivery.attempts < ATTEMPTS_MAX) {
      // The application had not put its handlers in place; once more, and then no more.
      delivery.link = null;
      unsent++;
      return;
    }
    waitingBytes -= bytes;
    if (delivery.equals(deliveries.peekFirst())) {
      deliveries.removeFirst();
    } else {
      deliveries.remove(delivery);
    }
    if (deliveries.isEmpty() && most > KEPT_PLACES_MAX) {
      // An idle client holds no memory for its busy hour.
      deliveries = new ArrayDeque<>(0);
      most = 0;
    }
  }

  /** A newer connection takes over; it has said that it is connected. */
  synchronized void attach(Link newer) {
    var before = link;
    link = newer;
    if (before != null) {
      supersede(before);
    }
    if (before != null && before.isOpen() && underwayOn(before)) {
      older = before;
      olderUntil = System.nanoTime() + config.receiptTime().toNanos() / 3;
    } else if (before != null) {
      takeBack(before);
    }
    if (lossUntold) {
      lossUntold = false;
      newer.queue(
          "5:::{\"name\":\"trouter.message_loss\",\"args\":[{\"droppedIndicators\":[{\"tag\":\"messaging\",\"etag\":\""
              + lastId
              + "\"}]}]}");
    }
    send();
  }

  /** The client keeps an older connection for a minute, and ends it by itself; but only one. */
  private void supersede(Link before) {
    var oldest = superseded;
    superseded = before;
    if (oldest != null && oldest.isOpen()) {
      Thread.ofVirtual().start(() -> oldest.end(Link.Ending.SILENT, "There are newer ones."));
    }
  }

  /** The connections that stand, the one that events go to first. */
  synchronized List<Link> links() {
    var links = new ArrayList<Link>(2);
    for (var each : new @Nullable Link[] {link, superseded}) {
      if (each != null && each.isOpen()) {
        links.add(each);
      }
    }
    return links;
  }

  /** A connection has ended. */
  synchronized void detached(Link ended) {
    if (ended.equals(link)) {
      link = null;
      detachedAt = System.nanoTime();
    }
    takeBack(ended);
    if (ended.equals(superseded)) {
      superseded = null;
    }
    if (ended.equals(older)) {
      older = null;
      send();
      flush();
    }
  }

  private boolean underwayOn(Link carrier) {
    return deliveries.stream().anyMatch(delivery -> carrier.equals(delivery.link));
  }

  /** What was sent on the connection and not acknowledged is to be sent again. */
  private void takeBack(Link carrier) {
    for (var all = deliveries.iterator(); all.hasNext(); ) {
      var delivery = all.next();
      if (carrier.equals(delivery.link)) {
        delivery.link = null;
        underwayBytes -= delivery.notification.bytes();
        if (delivery.notification.ephemeral()) {
          waitingBytes -= delivery.notification.bytes();
          all.remove();
        } else {
          unsent++;
        }
      }
    }
  }

  private void send() {
    var carrier = link;
    if (unsent == 0 || carrier == null || !mayGoOn(carrier)) {
      return;
    }
    if (unsent == 1 && !deliveries.isEmpty() && deliveries.peekLast().link == null) {
      send(deliveries.peekLast(), carrier);
      return;
    }
    for (var delivery : deliveries) {
      if (delivery.link == null && !send(delivery, carrier)) {
        return;
      }
    }
  }

  private boolean mayGoOn(Link carrier) {
    if (older != null && (carrier.equals(older) || !older.isOpen() || !underwayOn(older))) {
      older = null;
    }
    return older == null;
  }

  private boolean send(Delivery delivery, Link carrier) {
    var bytes = delivery.notification.bytes();
    if (delivery.id == 0) {
      delivery.id = ++lastId;
    }
    if (underwayBytes > 0 && underwayBytes + bytes > UNDERWAY_BYTES_MAX) {
      return false;
    }
    var sent =
        carrier
            .transport()
            .queue(
                Notification.start(delivery.id, carrier.address()),
                web ? delivery.notification.webMiddle() : delivery.notification.middle(),
                end());
    if (!sent) {
      return false;
    }
    delivery.link = carrier;
    delivery.sentAt = System.nanoTime();
    delivery.attempts++;
    underwayBytes += bytes;
    unsent--;
    return true;
  }

  private byte[] end() {
    var made = end;
    if (made == null) {
      made = Notification.end(userId);
      end = made;
    }
    return made;
  }

  /** Has the connection send what was queued. */
  void flush() {
    var carrier = link();
    if (carrier != null) {
      carrier.transport().flush();
    }
  }

  /** Whether the client has left an event unacknowledged for too long. */
  synchronized boolean overdue() {
    var now = System.nanoTime();
    if (older != null && now - olderUntil > 0) {
      var slow = older;
      older = null;
      takeBack(slow);
      send();
    }
    for (var delivery : deliveries) {
      if (delivery.link != null) {
        return delivery.link.equals(link) && now - delivery.sentAt > config.receiptTime().toNanos();
      }
    }
    return false;
  }
}
