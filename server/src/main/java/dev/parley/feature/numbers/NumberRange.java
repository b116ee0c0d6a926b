package dev.parley.feature.numbers;

/**
 * Numbers in a row that the operator has, as an import names them.
 *
 * @param first E.164 with the plus
 * @param count how many, from the first upward
 * @param areaCode empty text when the numbers have none
 * @param locality empty text when they belong to no town
 * @param division state or province, or empty text
 * @param divisionCode its abbreviation
 */
record NumberRange(
    String first,
    int count,
    Offer offer,
    String areaCode,
    String locality,
    String division,
    String divisionCode) {
  /** The number at an offset, from 0. */
  String number(int offset) {
    return "+" + (Long.parseLong(first.substring(1)) + offset);
  }
}
