package dev.parley.feature.siprouting;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which numbers go over which trunks, the first one first.
 *
 * @param numberPattern a regular expression as the caller wrote it
 * @param trunks names of trunks, in the order in which they are tried
 */
record SipRoute(
    String name, @Nullable String description, String numberPattern, List<String> trunks) {}
