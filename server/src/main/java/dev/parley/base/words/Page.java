package dev.parley.base.words;

import java.util.List;
import java.util.Optional;

/**
 * One page of a list.
 *
 * @param next opaque position of the following page; empty at the end
 */
public record Page<T>(List<T> items, Optional<String> next) {}
