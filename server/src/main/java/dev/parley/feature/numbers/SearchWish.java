package dev.parley.feature.numbers;

/**
 * Which numbers a caller looks for.
 *
 * @param country ISO 3166-1 alpha-2, upper case
 * @param capabilities what the numbers are to do; they may be able to do more
 * @param areaCode empty text for any
 * @param quantity how many, at most
 */
record SearchWish(
    String country,
    NumberType type,
    AssignmentType assignment,
    Capabilities capabilities,
    String areaCode,
    int quantity) {}
