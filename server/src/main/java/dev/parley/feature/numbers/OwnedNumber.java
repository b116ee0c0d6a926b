package dev.parley.feature.numbers;

import dev.parley.base.words.ResourceId;

/**
 * A number that a resource has bought.
 *
 * @param resource its owner
 * @param number E.164 with the plus
 * @param country ISO 3166-1 alpha-2
 */
public record OwnedNumber(
    ResourceId resource,
    String number,
    String country,
    NumberType type,
    Capabilities capabilities) {}
