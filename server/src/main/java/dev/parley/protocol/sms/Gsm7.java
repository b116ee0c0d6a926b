package dev.parley.protocol.sms;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * The GSM 7-bit default alphabet with its extension table (3GPP TS 23.038 section 6.2.1), one
 * septet a byte, as SMPP carries it.
 */
public final class Gsm7 {
  private static final byte ESCAPE = 0x1B;

  /** By septet; the escape's place is held by a character that no text may use here. */
  private static final String DEFAULT =
      "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\uFFFFÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
          + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

  private static final String EXTENSION = "\f^{}\\[~]|€";
  private static final byte[] EXTENSION_SEPTETS = {
    0x0A, 0x14, 0x28, 0x29, 0x2F, 0x3C, 0x3D, 0x3E, 0x40, 0x65
  };

  /** One or two septets a character, or 0 where the alphabet has none; by code unit. */
  private static final byte[] COSTS = costs();

  private static final byte[] SEPTETS = septets();

  private Gsm7() {}

  /** Septets of one character: 1, 2 with the escape, or 0 when the alphabet does not have it. */
  public static int cost(char character) {
    return COSTS[character];
  }

  /** Whether every character of the text is in the alphabet or its extension. */
  public static boolean fits(String text) {
    for (var i = 0; i < text.length(); i++) {
      if (COSTS[text.charAt(i)] == 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * The septets of a text.
   *
   * @throws IllegalArgumentException when the alphabet does not hold it
   */
  public static byte[] encode(String text) {
    var out = new ByteArrayOutputStream(text.length() + 8);
    for (var i = 0; i < text.length(); i++) {
      var character = text.charAt(i);
      switch (COSTS[character]) {
        case 1 -> out.write(SEPTETS[character]);
        case 2 -> {
          out.write(ESCAPE);
          out.write(SEPTETS[character]);
        }
        default -> throw new IllegalArgumentException("The alphabet lacks a character.");
      }
    }
    return out.toByteArray();
  }

  /**
   * The text of septets, one a byte. An unknown extension is shown as the default alphabet's
   * character, as the standard wants it; bits beyond seven are ignored.
   */
  public static String decode(byte[] septets) {
    var text = new StringBuilder(septets.length);
    for (var i = 0; i < septets.length; i++) {
      var septet = septets[i] & 0x7F;
      if (septet == ESCAPE) {
        if (++i < septets.length) {
          text.append(extended(septets[i] & 0x7F));
        }
      } else {
        text.append(DEFAULT.charAt(septet));
      }
    }
    return text.toString();
  }

  private static char extended(int septet) {
    for (var i = 0; i < EXTENSION_SEPTETS.length; i++) {
      if (EXTENSION_SEPTETS[i] == septet) {
        return EXTENSION.charAt(i);
      }
    }
    return septet == ESCAPE ? ' ' : DEFAULT.charAt(septet);
  }

  private static byte[] costs() {
    var costs = new byte[1 << 16];
    Arrays.fill(costs, (byte) 0);
    DEFAULT.chars().filter(character -> character != 0xFFFF).forEach(at -> costs[at] = 1);
    EXTENSION.chars().forEach(at -> costs[at] = 2);
    return costs;
  }

  private static byte[] septets() {
    var septets = new byte[1 << 16];
    for (var i = 0; i < DEFAULT.length(); i++) {
      septets[DEFAULT.charAt(i)] = (byte) i;
    }
    for (var i = 0; i < EXTENSION.length(); i++) {
      septets[EXTENSION.charAt(i)] = EXTENSION_SEPTETS[i];
    }
    return septets;
  }
}
