package dev.parley.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * A flight recording of a server: what the media worker allocates, and how long the collector stops
 * the world.
 */
final class Recording {
  private static final String THREAD = "media-0";
  private final long pid;
  private final Path file;

  /**
   * What was seen: the worker's bytes between two moments, and the pauses of the whole recording.
   */
  record Seen(
      long bytes, double cipherShare, List<String> others, int pauses, double longestMillis) {}

  private Recording(long pid, Path file) {
    this.pid = pid;
    this.file = file;
  }

  static Recording start(long pid, Path file) throws IOException, InterruptedException {
    var recording = new Recording(pid, file);
    recording.command(
        "JFR.start",
        "name=bench",
        "filename=" + file,
        "jdk.ThreadAllocationStatistics#enabled=true",
        "jdk.ThreadAllocationStatistics#period=500ms",
        "jdk.ObjectAllocationSample#enabled=true",
        "jdk.ObjectAllocationSample#throttle=300/s",
        "jdk.GCPhasePause#enabled=true",
        "jdk.GCPhasePause#threshold=0ms");
    return recording;
  }

  void stop() throws IOException, InterruptedException {
    command("JFR.stop", "name=bench");
  }

  private void command(String... words) throws IOException, InterruptedException {
    var command = new java.util.ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    command.add(Long.toString(pid));
    command.addAll(List.of(words));
    var exit =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IOException("jcmd failed: " + command);
    }
  }

  Seen read(Instant from, Instant to) throws IOException {
    var allocated = new TreeMap<Instant, Long>();
    var places = new HashMap<String, Long>();
    var pauses = 0;
    var longest = 0.0;
    try (var events = new RecordingFile(file)) {
      while (events.hasMoreEvents()) {
        var event = events.readEvent();
        switch (event.getEventType().getName()) {
          case "jdk.ThreadAllocationStatistics" -> {
            if (event.getThread("thread") != null
                && THREAD.equals(event.getThread("thread").getJavaName())) {
              allocated.put(event.getStartTime(), event.getLong("allocated"));
            }
          }
          case "jdk.ObjectAllocationSample" -> {
            var thread = event.getThread("eventThread");
            if (thread != null
                && THREAD.equals(thread.getJavaName())
                && event.getStartTime().isAfter(from)
                && event.getStartTime().isBefore(to)) {
              places.merge(place(event), event.getLong("weight"), Long::sum);
            }
          }
          case "jdk.GCPhasePause" -> {
            pauses++;
            longest = Math.max(longest, event.getDuration().toNanos() / 1e6);
          }
          default -> {}
        }
      }
    }
    return seen(allocated, from, to, places, pauses, longest);
  }

  private static Seen seen(
      TreeMap<Instant, Long> allocated,
      Instant from,
      Instant to,
      Map<String, Long> places,
      int pauses,
      double longest) {
    // The statistics come twice a second, the window lasts eight; what is between is scaled.
    var first = allocated.ceilingEntry(from);
    var last = allocated.floorEntry(to);
    var scale =
        (double) java.time.Duration.between(from, to).toNanos()
            / java.time.Duration.between(first.getKey(), last.getKey()).toNanos();
    var bytes = (long) ((last.getValue() - first.getValue()) * scale);
    double all = places.values().stream().mapToLong(Long::longValue).sum();
    var others =
        places.entrySet().stream()
            .filter(entry -> !entry.getKey().isEmpty())
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .limit(5)
            .map(entry -> "%s %.1f %%".formatted(entry.getKey(), 100 * entry.getValue() / all))
            .toList();
    return new Seen(bytes, places.getOrDefault("", 0L) / all, others, pauses, longest);
  }

  /** The innermost frame of ours, with what was made; empty text where a cipher made it. */
  private static String place(RecordedEvent event) {
    if (event.getStackTrace() == null) {
      return "unknown";
    }
    for (var frame : event.getStackTrace().getFrames()) {
      var type = type(frame);
      if (type.startsWith("javax.crypto.") || type.startsWith("com.sun.crypto.")) {
        return "";
      }
      if (type.startsWith("dev.parley.")) {
        return type.substring(type.lastIndexOf('.') + 1)
            + "."
            + frame.getMethod().getName()
            + " ("
            + event.getClass("objectClass").getName()
            + ")";
      }
    }
    return type(event.getStackTrace().getFrames().getFirst());
  }

  private static String type(RecordedFrame frame) {
    return frame.getMethod().getType().getName();
  }
}
