package dev.parley.feature.calling;

import dev.parley.base.kit.Settings;
import java.time.Duration;

/**
 * Settings of calls.
 *
 * @param ringTime how long a call rings
 * @param transferTime how long a transfer may take
 * @param lobby whether those who come to a group call without having been added wait in its lobby
 * @param lobbyTime how long they wait at most
 * @param requestsPerSecond that one agent may send
 * @param recordRetention call records are forgotten after so long
 */
public record CallingConfig(
    Duration ringTime,
    Duration transferTime,
    boolean lobby,
    Duration lobbyTime,
    int requestsPerSecond,
    Duration recordRetention) {
  /** After so long without a word an agent is asked whether it lives. */
  static final Duration ASKED_AFTER = Duration.ofSeconds(10);

  /** After so long without a word its socket counts as dead. */
  static final Duration DEAD_AFTER = Duration.ofSeconds(20);

  /**
   * Others see a participant without a socket so long, then it is taken from the roster: with
   * {@link #DEAD_AFTER} less than half a minute after a lid was closed.
   */
  static final Duration SHOWN_FOR = Duration.ofSeconds(8);

  /** So long a session without a socket can be taken up again (the time-out of ACS's clients). */
  static final Duration RESUME_TIME = Duration.ofMinutes(2);

  /** So long somebody without an agent is called: server code may answer, or a client connect. */
  static final Duration UNREGISTERED_TIME = Duration.ofSeconds(10);

  static final int MESSAGE_BYTES_MAX = 64 << 10;
  static final int DATA_BYTES_MAX = 16 << 10;
  static final int PARTICIPANTS_MAX = 350;
  static final int STARTED_WITH_MAX = 50;
  static final int CALLS_OF_AGENT_MAX = 16;
  static final int AGENTS_OF_USER_MAX = 100;

  /** Reads the settings. */
  public static CallingConfig of(Settings settings) {
    return new CallingConfig(
        settings.duration("calling.ring-time", Duration.ofSeconds(60), "How long a call rings."),
        settings.duration(
            "calling.transfer-time", Duration.ofSeconds(60), "How long a transfer may take."),
        settings.flag(
            "calling.lobby",
            false,
            "Whether those who come to a group call without having been added wait until somebody"
                + " lets them in."),
        settings.duration(
            "calling.lobby-time", Duration.ofMinutes(10), "How long they wait at most."),
        settings.number(
            "calling.requests-per-second",
            60,
            1,
            10_000,
            "Requests that one client may send a second, four times as many at once."),
        settings.duration(
            "calling.record-retention",
            Duration.ofDays(30),
            "Records of calls are forgotten after so long."));
  }
}
