package dev.parley.base.words;

import dev.parley.base.kit.Secret;

/**
 * One secret of a resource.
 *
 * @param generation rises by one with each regeneration, so tokens made with an older key are told
 *     apart
 */
public record AccessKey(KeySlot slot, int generation, Secret secret) {}
