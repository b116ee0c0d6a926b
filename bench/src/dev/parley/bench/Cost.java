package dev.parley.bench;

/** What a phase of messages cost: how many went in a second, and microseconds of processor time for each. */
record Cost(double perSecond, double micros) {}
