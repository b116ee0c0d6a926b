package dev.parley.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Processor time and memory of processes, as Linux accounts them. */
final class Cpu {
  private static final double TICKS_PER_SECOND = 100;

  private Cpu() {}

  /**
   * Seconds of user and system time that a process has used, its ended and waited-for children
   * included.
   */
  static double seconds(long pid) {
    return seconds(Path.of("/proc/" + pid + "/stat"));
  }

  /** The same of a process or a thread by its file. */
  static double seconds(Path file) {
    try {
      var fields = fields(Files.readString(file));
      return (Long.parseLong(fields[11])
              + Long.parseLong(fields[12])
              + Long.parseLong(fields[13])
              + Long.parseLong(fields[14]))
          / TICKS_PER_SECOND;
    } catch (IOException e) {
      throw new IllegalStateException("No process " + file, e);
    }
  }

  private static String[] fields(String stat) {
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
  }

  /** The same of those of its living threads whose names hold a word. */
  static double secondsOfThreads(long pid, String word) {
    try (var threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      var ticks = 0L;
      for (var thread : threads.toList()) {
        try {
          var stat = Files.readString(thread.resolve("stat"));
          if (stat.contains(word)) {
            ticks += Long.parseLong(fields(stat)[11]) + Long.parseLong(fields(stat)[12]);
          }
        } catch (IOException _) {
          // It has ended.
        }
      }
      return ticks / TICKS_PER_SECOND;
    } catch (IOException e) {
      throw new IllegalStateException("No process " + pid, e);
    }
  }

  /** The same over a process and all its living descendants. */
  static double secondsOfTree(long pid) {
    return Stream.concat(
            Stream.of(pid),
            ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid))
        .mapToDouble(one -> {
          try {
            return seconds(one);
          } catch (IllegalStateException _) {
            return 0;
          }
        })
        .sum();
  }

  /** Resident memory of a process, megabytes. */
  static double residentMegabytes(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElse(Double.NaN);
  }
}
