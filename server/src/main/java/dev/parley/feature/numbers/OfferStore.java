package dev.parley.feature.numbers;

import static dev.parley.feature.numbers.InventoryStore.HOUSE;

import dev.parley.base.store.Row;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import java.math.BigDecimal;
import java.util.List;

/** Rows of what kinds of numbers there are, and where they belong to. */
final class OfferStore {
  /** What {@link #offer} reads, of a table that is named {@code o}. */
  static final String COLUMNS =
      "o.country, o.number_type, o.assignment, o.calling, o.sms, o.amount, o.currency";

  private static final String ANY = "any";

  /** Kinds of numbers of one operator, at most. */
  static final int OFFERS_MAX = 10_000;

  /** Areas of one country, at most. */
  static final int AREAS_MAX = 100_000;

  /** A place that numbers of a type belong to; parts that it has not are empty text. */
  record Area(
      NumberType type, String areaCode, String locality, String division, String divisionCode) {}

  /** Adds the offer, or gives it a new cost. */
  void put(Tx tx, Offer offer) {
    tx.run(
        "INSERT INTO number_offer (resource_id, offer_id, country, number_type, assignment,"
            + " calling, sms, amount, currency) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (resource_id, offer_id)"
            + " DO UPDATE SET amount = excluded.amount, currency = excluded.currency",
        HOUSE.value(),
        offer.id(),
        offer.country(),
        offer.type().word(),
        offer.assignment().map(AssignmentType::word).orElse(ANY),
        offer.capabilities().calling().word(),
        offer.capabilities().sms().word(),
        offer.cost().amount().toPlainString(),
        offer.cost().currency());
  }

  void putArea(Tx tx, NumberRange range) {
    tx.run(
        "INSERT INTO number_area (resource_id, country, number_type, area_code, locality,"
            + " division, division_code) VALUES (?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (resource_id, country, number_type, area_code, locality, division)"
            + " DO UPDATE SET division_code = excluded.division_code",
        HOUSE.value(),
        range.offer().country(),
        range.offer().type().word(),
        range.areaCode(),
        range.locality(),
        range.division(),
        range.divisionCode());
  }

  /** All kinds, by country; an operator has dozens of them. */
  List<Offer> all(Rows rows) {
    return rows.all(
        "SELECT "
            + COLUMNS
            + " FROM number_offer o WHERE o.resource_id = ? ORDER BY o.offer_id LIMIT ?",
        row -> offer(row, 1),
        HOUSE.value(),
        OFFERS_MAX);
  }

  /** Takes an offer away, and the areas of its type in its country when it was the last one. */
  void delete(Tx tx, Offer offer) {
    tx.run(
        "DELETE FROM number_offer WHERE resource_id = ? AND offer_id = ?",
        HOUSE.value(),
        offer.id());
    var others =
        all(tx).stream()
            .anyMatch(
                other -> other.country().equals(offer.country()) && other.type() == offer.type());
    if (!others) {
      tx.run(
          "DELETE FROM number_area WHERE resource_id = ? AND country = ? AND number_type = ?",
          HOUSE.value(),
          offer.country(),
          offer.type().word());
    }
  }

  List<Area> areas(Rows rows, String country) {
    return rows.all(
        "SELECT number_type, area_code, locality, division, division_code FROM number_area"
            + " WHERE resource_id = ? AND country = ?"
            + " ORDER BY number_type, area_code, locality, division LIMIT ?",
        row ->
            new Area(
                NumberType.ofWord(row.text(1)).orElseThrow(),
                row.text(2),
                row.text(3),
                row.text(4),
                row.text(5)),
        HOUSE.value(),
        country,
        AREAS_MAX);
  }

  static Offer offer(Row row, int column) {
    return new Offer(
        row.text(column),
        NumberType.ofWord(row.text(column + 1)).orElseThrow(),
        AssignmentType.ofWord(row.text(column + 2)),
        capabilities(row, column + 3),
        new Cost(new BigDecimal(row.text(column + 5)), row.text(column + 6)));
  }

  static Capabilities capabilities(Row row, int column) {
    return new Capabilities(
        Capability.ofWord(row.text(column)).orElseThrow(),
        Capability.ofWord(row.text(column + 1)).orElseThrow());
  }
}
