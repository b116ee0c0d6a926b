package dev.parley;

import dev.parley.base.kit.SettingsProblem;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Reads what was asked and opens the house. */
public final class Main {
  private Main() {}

  /**
   * Exit codes: 0 after a clean stop, 2 for settings that cannot be used, 1 for everything else.
   */
  public static void main(String[] arguments) throws InterruptedException {
    System.exit(run(List.of(arguments)));
  }

  private static int run(List<String> arguments) throws InterruptedException {
    try {
      var asked = CommandLine.parse(arguments, System.getenv());
      var config = HouseConfig.of(asked.settings());
      if (asked.printConfig()) {
        System.out.print(asked.settings().print());
        return 0;
      }
      return switch (asked.command()) {
        case "up" -> up(config);
        case "restore" -> restore(config, asked.words());
        default -> throw new SettingsProblem("Unknown command \"" + asked.command() + "\".");
      };
    } catch (SettingsProblem | IllegalStateException e) {
      System.err.println("parley: " + e.getMessage());
      return e instanceof SettingsProblem ? 2 : 1;
    }
  }

  private static int restore(HouseConfig config, List<String> words) {
    if (words.size() != 1) {
      throw new SettingsProblem("restore needs the folder of one backup.");
    }
    HouseFolder.restore(config, House.migrations(), Path.of(words.getFirst()));
    System.out.println("Restored into " + config.folder().path() + ".");
    return 0;
  }

  /** Runs until the process is told to stop; open requests finish first. */
  private static int up(HouseConfig config) throws InterruptedException {
    var house = House.open(config);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(house::close));
    new CountDownLatch(1).await();
    return 0;
  }
}
