package dev.parley.base.wire;

import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The rounds of all event loops of a server; as many as it has threads. */
final class FlushRounds {
  private final Map<EventLoop, FlushRound> rounds = new ConcurrentHashMap<>();

  FlushRound of(EventLoop loop) {
    return rounds.computeIfAbsent(loop, FlushRound::new);
  }
}
