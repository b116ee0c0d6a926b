package dev.parley.feature.chat;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A thread as wanted by its creator. */
record NewThread(
    String topic,
    List<Participant> participants,
    Map<String, String> metadata,
    Optional<Retention> retention) {}
