package dev.parley;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.parley.base.kit.Settings;
import dev.parley.base.kit.SettingsProblem;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Structured logs on standard error: one line an event, with the id of the request that it belongs
 * to.
 *
 * <p>Logback finds this class as its configurator, so warnings before the settings are read, and
 * those of tests, look the same.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
  /** Logfmt-like: time, level, room, request, words, and then the event's own pairs. */
  private static final String TEXT =
      "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSS'Z'\",UTC} %-5level %logger{0} request=%X{request:--} %replace(%msg){'[\\r\\n]+',' | '}"
          + " %kvp%n%ex";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    configure(context, encoder("text"), Level.WARN);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /**
   * Configures logging from the settings; in code, because reading a file costs a tenth of the
   * start.
   */
  static void configure(Settings settings) {
    var format =
        settings.text(
            "log.format", "text", "How log lines look: text for people, json for machines.");
    var level =
        settings.text("log.level", "info", "What is logged: error, warn, info, debug or trace.");
    configure((LoggerContext) LoggerFactory.getILoggerFactory(), encoder(format), level(level));
  }

  private static void configure(
      LoggerContext context, Encoder<ILoggingEvent> encoder, Level level) {
    context.reset();
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setTarget("System.err");
    encoder.setContext(context);
    encoder.start();
    appender.setEncoder(encoder);
    appender.start();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    root.setLevel(Level.WARN);
    context.getLogger("dev.parley").setLevel(level);
  }

  private static Encoder<ILoggingEvent> encoder(String format) {
    return switch (format) {
      case "json" -> new JsonEncoder();
      case "text" -> {
        var encoder = new PatternLayoutEncoder();
        encoder.setPattern(TEXT);
        encoder.setCharset(StandardCharsets.UTF_8);
        yield encoder;
      }
      default ->
          throw new SettingsProblem("log.format must be text or json, not \"" + format + "\".");
    };
  }

  private static Level level(String word) {
    return switch (word) {
      case "error" -> Level.ERROR;
      case "warn" -> Level.WARN;
      case "info" -> Level.INFO;
      case "debug" -> Level.DEBUG;
      case "trace" -> Level.TRACE;
      default ->
          throw new SettingsProblem(
              "log.level must be error, warn, info, debug or trace, not \"" + word + "\".");
    };
  }
}
