package dev.parley.feature.numbers;

import java.math.BigDecimal;

/**
 * What a number costs a month.
 *
 * @param currency ISO 4217
 */
record Cost(BigDecimal amount, String currency) {}
