package dev.parley.feature.rooms;

/** Somebody who is invited, by raw id. */
record Participant(String userId, Role role) {}
