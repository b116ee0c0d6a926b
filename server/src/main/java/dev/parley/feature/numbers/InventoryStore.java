package dev.parley.feature.numbers;

import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Row;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Rows of single numbers. All of them are of the house and in one partition, since a number goes
 * from resource to resource and only one may get it. {@link OfferStore} has what kinds there are.
 */
final class InventoryStore {
  static final ResourceId HOUSE = new ResourceId("house");
  static final PartitionKey PARTITION = new PartitionKey(HOUSE, "numbers");

  private static final String FREE = "free";
  private static final String HELD = "held";
  private static final String OWNED = "owned";
  private static final String QUARANTINED = "quarantined";
  private static final String NOTHING = "";

  /** What somebody had becomes free; what exactly stands behind it. */
  private static final String FREED =
      "UPDATE phone_number SET state = 'free', owner = '', hold_id = '', purchase_id = '',"
          + " assignment = '', calling = '', sms = '', purchased_on = 0"
          + " WHERE resource_id = ? AND owner = ?";

  /**
   * What a number is held or owned for.
   *
   * @param by id of the search or reservation that holds it, or of the purchase
   */
  record Use(ResourceId owner, String by, AssignmentType assignment, Capabilities capabilities) {}

  /** A number and the kind it is of. */
  record Stocked(String number, Offer offer, boolean free) {}

  boolean isEmpty(Rows rows) {
    return rows.one(
            "SELECT number FROM phone_number WHERE resource_id = ? LIMIT 1",
            row -> row.text(1),
            HOUSE.value())
        .isEmpty();
  }

  /** Adds a free number; false when it is there already, whatever its state. */
  boolean insert(Tx tx, String number, Offer offer) {
    return tx.run(
            "INSERT INTO phone_number (resource_id, number, offer_id, state, owner, hold_id,"
                + " purchase_id, assignment, calling, sms, purchased_on)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (resource_id, number) DO NOTHING",
            HOUSE.value(),
            number,
            offer.id(),
            FREE,
            NOTHING,
            NOTHING,
            NOTHING,
            NOTHING,
            NOTHING,
            NOTHING,
            0L)
        == 1;
  }

  /** Takes a number out of the inventory, if nobody has it. */
  boolean remove(Tx tx, String number) {
    return tx.run(
            "DELETE FROM phone_number WHERE resource_id = ? AND number = ? AND state IN (?, ?)",
            HOUSE.value(),
            number,
            FREE,
            QUARANTINED)
        == 1;
  }

  Optional<Stocked> stocked(Rows rows, String number) {
    return rows.one(
        "SELECT n.number, n.state, "
            + OfferStore.COLUMNS
            + " FROM phone_number n JOIN number_offer o"
            + " ON o.resource_id = n.resource_id AND o.offer_id = n.offer_id"
            + " WHERE n.resource_id = ? AND n.number = ?",
        row -> new Stocked(row.text(1), OfferStore.offer(row, 3), row.text(2).equals(FREE)),
        HOUSE.value(),
        number);
  }

  /** Whether there is any number of the offer. */
  boolean has(Rows rows, Offer offer) {
    return rows.one(
            "SELECT number FROM phone_number WHERE resource_id = ? AND offer_id = ? LIMIT 1",
            row -> row.text(1),
            HOUSE.value(),
            offer.id())
        .isPresent();
  }

  /** Free numbers of an offer between two texts, the lowest first. */
  List<String> free(Rows rows, Offer offer, String from, String to, int limit) {
    return rows.all(
        "SELECT number FROM phone_number WHERE resource_id = ? AND offer_id = ?"
            + " AND state = ? AND number >= ? AND number < ? ORDER BY number LIMIT ?",
        row -> row.text(1),
        HOUSE.value(),
        offer.id(),
        FREE,
        from,
        to,
        limit);
  }

  /** Holds a free number. */
  void hold(Tx tx, String number, Use use) {
    set(tx, number, HELD, use.by(), NOTHING, use, Instant.EPOCH);
  }

  /** Gives a free number away without a hold before. */
  void give(Tx tx, String number, Use use, Instant now) {
    set(tx, number, OWNED, NOTHING, use.by(), use, now);
  }

  private static void set(
      Tx tx, String number, String state, String hold, String purchase, Use use, Instant now) {
    tx.run(
        "UPDATE phone_number SET state = ?, owner = ?, hold_id = ?, purchase_id = ?,"
            + " assignment = ?, calling = ?, sms = ?, purchased_on = ?"
            + " WHERE resource_id = ? AND number = ? AND state = ?",
        state,
        use.owner().value(),
        hold,
        purchase,
        use.assignment().word(),
        use.capabilities().calling().word(),
        use.capabilities().sms().word(),
        now.toEpochMilli(),
        HOUSE.value(),
        number,
        FREE);
  }

  /** What a search or a reservation of the resource holds. */
  List<String> held(Rows rows, ResourceId owner, String hold, int limit) {
    return rows.all(
        "SELECT number FROM phone_number WHERE resource_id = ? AND hold_id = ? AND owner = ?"
            + " ORDER BY number LIMIT ?",
        row -> row.text(1),
        HOUSE.value(),
        hold,
        owner.value(),
        limit);
  }

  /** Makes what is held owned. */
  void buy(Tx tx, ResourceId owner, String hold, String purchase, Instant now) {
    tx.run(
        "UPDATE phone_number SET state = ?, hold_id = ?, purchase_id = ?, purchased_on = ?"
            + " WHERE resource_id = ? AND hold_id = ? AND owner = ?",
        OWNED,
        NOTHING,
        purchase,
        now.toEpochMilli(),
        HOUSE.value(),
        hold,
        owner.value());
  }

  /** Frees everything that is held so. */
  void endHold(Tx tx, ResourceId owner, String hold) {
    tx.run(FREED + " AND hold_id = ?", freed(owner, hold));
  }

  /** Frees one number that is held so. */
  void endHold(Tx tx, ResourceId owner, String hold, String number) {
    tx.run(FREED + " AND hold_id = ? AND number = ?", freed(owner, hold, number));
  }

  /** Frees a number that was bought so; false when it was not. */
  boolean release(Tx tx, ResourceId owner, String number, String purchase) {
    return tx.run(
            FREED + " AND hold_id = '' AND purchase_id = ? AND number = ?",
            freed(owner, purchase, number))
        > 0;
  }

  /** Frees a number of the resource, whatever for it had it. */
  void takeBack(Tx tx, ResourceId owner, String number) {
    tx.run(FREED + " AND number = ?", freed(owner, number));
  }

  private static Object[] freed(ResourceId owner, String... which) {
    return Stream.concat(Stream.of(HOUSE.value(), owner.value()), Stream.of(which)).toArray();
  }

  /** Keeps a free number from everybody. */
  void quarantine(Tx tx, String number) {
    move(tx, number, FREE, QUARANTINED);
  }

  /** The quarantine is over, if the number is in it. */
  void endQuarantine(Tx tx, String number) {
    move(tx, number, QUARANTINED, FREE);
  }

  private static void move(Tx tx, String number, String before, String after) {
    tx.run(
        "UPDATE phone_number SET state = ? WHERE resource_id = ? AND number = ? AND state = ?",
        after,
        HOUSE.value(),
        number,
        before);
  }

  void setCapabilities(Tx tx, ResourceId owner, Intent.Update update) {
    tx.run(
        "UPDATE phone_number SET calling = ?, sms = ?"
            + " WHERE resource_id = ? AND number = ? AND owner = ? AND purchase_id = ?",
        update.capabilities().calling().word(),
        update.capabilities().sms().word(),
        HOUSE.value(),
        update.number(),
        owner.value(),
        update.purchaseId());
  }

  /** Numbers that the resource owns or holds. */
  List<String> all(Rows rows, ResourceId owner, int limit) {
    return rows.all(
        "SELECT number FROM phone_number WHERE resource_id = ? AND owner = ?"
            + " ORDER BY state, number LIMIT ?",
        row -> row.text(1),
        HOUSE.value(),
        owner.value(),
        limit);
  }

  /** The number as its owner has it. */
  Optional<PurchasedNumber> owned(Rows rows, String number) {
    return rows.one(
        "SELECT n.owner, n.number, n.calling, n.sms, n.assignment, n.purchase_id, n.purchased_on, "
            + OfferStore.COLUMNS
            + " FROM phone_number n JOIN number_offer o"
            + " ON o.resource_id = n.resource_id AND o.offer_id = n.offer_id"
            + " WHERE n.resource_id = ? AND n.number = ? AND n.state = ?",
        InventoryStore::purchased,
        HOUSE.value(),
        number,
        OWNED);
  }

  /** What the resource owns, by number, from the first one after {@code after}. */
  List<PurchasedNumber> owned(Rows rows, ResourceId owner, String after, int skip, int limit) {
    return rows.all(
        "SELECT n.owner, n.number, n.calling, n.sms, n.assignment, n.purchase_id, n.purchased_on, "
            + OfferStore.COLUMNS
            + " FROM phone_number n JOIN number_offer o"
            + " ON o.resource_id = n.resource_id AND o.offer_id = n.offer_id"
            + " WHERE n.resource_id = ? AND n.owner = ? AND n.state = ? AND n.number > ?"
            + " ORDER BY n.number LIMIT ? OFFSET ?",
        InventoryStore::purchased,
        HOUSE.value(),
        owner.value(),
        OWNED,
        after,
        limit,
        skip);
  }

  /** What one purchase brought. */
  List<PurchasedNumber> bought(Rows rows, ResourceId owner, String purchase, int limit) {
    return rows.all(
        "SELECT n.owner, n.number, n.calling, n.sms, n.assignment, n.purchase_id, n.purchased_on, "
            + OfferStore.COLUMNS
            + " FROM phone_number n JOIN number_offer o"
            + " ON o.resource_id = n.resource_id AND o.offer_id = n.offer_id"
            + " WHERE n.resource_id = ? AND n.owner = ? AND n.state = ? AND n.purchase_id = ?"
            + " ORDER BY n.number LIMIT ?",
        InventoryStore::purchased,
        HOUSE.value(),
        owner.value(),
        OWNED,
        purchase,
        limit);
  }

  private static PurchasedNumber purchased(Row row) {
    var offer = OfferStore.offer(row, 8);
    return new PurchasedNumber(
        new OwnedNumber(
            new ResourceId(row.text(1)),
            row.text(2),
            offer.country(),
            offer.type(),
            OfferStore.capabilities(row, 3)),
        AssignmentType.ofWord(row.text(5)).orElseThrow(),
        offer,
        row.text(6),
        row.time(7));
  }

  /** How many numbers the resource owns, counted up to a bound. */
  int count(Rows rows, ResourceId owner, int most) {
    return rows.all(
            "SELECT number FROM phone_number WHERE resource_id = ? AND owner = ? AND state = ?"
                + " ORDER BY number LIMIT ?",
            row -> row.text(1),
            HOUSE.value(),
            owner.value(),
            OWNED,
            most)
        .size();
  }

  /** How many numbers of an offer are free, held, owned and in quarantine, in this order. */
  List<Long> counts(Rows rows, Offer offer) {
    return List.of(FREE, HELD, OWNED, QUARANTINED).stream()
        .map(state ->
            rows.one(
                    "SELECT COUNT(*) FROM phone_number"
                        + " WHERE resource_id = ? AND offer_id = ? AND state = ?",
                    row -> row.number(1),
                    HOUSE.value(),
                    offer.id(),
                    state)
                .orElse(0L))
        .toList();
  }

  /** The number that a resource was given once, whether it still owns it or not. */
  Optional<String> seed(Rows rows, ResourceId resource) {
    return rows.one(
        "SELECT number FROM number_seed WHERE resource_id = ? AND target_id = ?",
        row -> row.text(1),
        HOUSE.value(),
        resource.value());
  }

  /** Notes which number a resource was given. */
  void seed(Tx tx, ResourceId resource, String number) {
    tx.add(
        "INSERT INTO number_seed (resource_id, target_id, number) VALUES (?, ?, ?)",
        HOUSE.value(),
        resource.value(),
        number);
  }

  void forgetSeed(Tx tx, ResourceId resource) {
    tx.run(
        "DELETE FROM number_seed WHERE resource_id = ? AND target_id = ?",
        HOUSE.value(),
        resource.value());
  }
}
