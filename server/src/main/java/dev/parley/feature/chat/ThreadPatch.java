package dev.parley.feature.chat;

import java.util.Optional;

/** Changes of a thread; what is empty stays. */
record ThreadPatch(
    Optional<String> topic, Optional<MetadataPatch> metadata, Optional<Retention> retention) {}
