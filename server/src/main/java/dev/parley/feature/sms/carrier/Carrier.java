package dev.parley.feature.sms.carrier;

/** A way to handsets. Safe on every thread. */
public interface Carrier extends AutoCloseable {
  /** Its name in the settings. */
  String name();

  /** Begins to connect; {@code listener} hears what comes back. Called once. */
  void start(CarrierListener listener);

  /** Whether it could take a message now. */
  boolean ready();

  /** Messages that it works on at the same time, at most. */
  int window();

  /** Messages a second, at most; 0 for no bound. */
  int perSecond();

  /** Whether it tells what became of a message; else taken counts as delivered. */
  boolean receipts();

  /** Hands over one message and waits for the answer. Never throws for what the carrier does. */
  Outcome submit(Submission submission);

  @Override
  void close();
}
