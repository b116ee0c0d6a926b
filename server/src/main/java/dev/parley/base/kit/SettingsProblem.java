package dev.parley.base.kit;

/** A setting that stops the start; the message is one sentence for whoever wrote it. */
public final class SettingsProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SettingsProblem(String message) {
    super(message, null, false, false);
  }
}
