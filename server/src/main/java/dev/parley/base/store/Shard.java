package dev.parley.base.store;

/**
 * One of the journal's sequences; positions are counted per shard, without holes, starting at 1.
 */
public record Shard(int number) {}
