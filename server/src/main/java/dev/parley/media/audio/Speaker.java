package dev.parley.media.audio;

/**
 * One source's loudness on three time scales: a syllable, a word, a phrase. Speech scores on all of
 * them; a door that slams or a constant hum does not. Whoever receives the packets holds it.
 */
public final class Speaker {
  /** Levels are minus decibels: 127 is silence. */
  static final int SILENT = 127;

  /** Louder than this above the source's own noise counts as a syllable. */
  private static final double ABOVE_NOISE = 9;

  /** Quieter than this is never speech, however quiet the rest. */
  private static final double QUIETEST = 20;

  private static final double NOISE_FIRST = 60;

  private static final double SYLLABLE_SHARE = 0.2;
  private static final double WORD_SHARE = 0.03;
  private static final double PHRASE_SHARE = 0.006;

  final int id;
  private double noise;
  private double syllable;
  private double word;
  private double phrase;
  private double loudness;
  private long heard = Long.MIN_VALUE;

  Speaker(int id) {
    this.id = id;
  }

  /**
   * A packet came; late packets count like others. Makes no object.
   *
   * @param minusDecibels 0 (loudest) to 127, see RFC 6464 section 3
   */
  public void level(int minusDecibels, long now) {
    var level = (double) (SILENT - Math.clamp(minusDecibels, 0, SILENT));
    if (heard == Long.MIN_VALUE) {
      // Who begins with speech must not be taken for noisy.
      noise = Math.min(level, NOISE_FIRST);
    }
    heard = now;
    // The floor falls at once and rises slowly, so that speech does not lift it.
    noise += (level < noise ? 0.1 : 0.002) * (level - noise);
    step(level > Math.max(noise + ABOVE_NOISE, QUIETEST) ? 1 : 0, level);
  }

  /** Time without packets (DTX, mute, loss) is silence. */
  void silence(int packets) {
    for (var i = 0; i < packets; i++) {
      step(0, 0);
    }
  }

  private void step(int active, double level) {
    syllable += SYLLABLE_SHARE * (active - syllable);
    word += WORD_SHARE * (active - word);
    phrase += PHRASE_SHARE * (active - phrase);
    loudness += SYLLABLE_SHARE * (active * level - loudness);
  }

  /** How much it sounds like speech now, 0 to about 1. */
  double score() {
    return 0.25 * syllable + 0.45 * word + 0.3 * phrase;
  }

  /** Whether a syllable or a word is heard right now. */
  boolean speaks() {
    return syllable > 0.3 || word > 0.3;
  }

  /** Decibels above silence, smoothed over a syllable; for meters and for the loudest. */
  double loudness() {
    return loudness;
  }

  long heard() {
    return heard;
  }
}
