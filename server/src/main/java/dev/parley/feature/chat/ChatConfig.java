package dev.parley.feature.chat;

import dev.parley.base.kit.Settings;

/**
 * Settings of chat.
 *
 * @param participantsMax in one thread
 * @param receiptParticipantsMax largest thread that takes read receipts and typing; ACS stops at 20
 * @param imageBytesMax of one uploaded image
 */
public record ChatConfig(int participantsMax, int receiptParticipantsMax, int imageBytesMax) {
  /** The service's own limits. */
  public static final ChatConfig DEFAULT = new ChatConfig(250, 20, 10 << 20);

  /** Reads the settings. */
  public static ChatConfig of(Settings settings) {
    return new ChatConfig(
        settings.number(
            "chat.participants-max",
            DEFAULT.participantsMax(),
            2,
            100_000,
            "Participants of one thread, at most."),
        settings.number(
            "chat.receipt-participants-max",
            DEFAULT.receiptParticipantsMax(),
            0,
            100_000,
            "Largest thread that takes read receipts and typing notifications; ACS stops at 20."),
        settings.number(
            "chat.image-bytes-max",
            DEFAULT.imageBytesMax(),
            1 << 10,
            64 << 20,
            "Largest inline image, bytes."));
  }
}
