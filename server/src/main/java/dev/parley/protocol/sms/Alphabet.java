package dev.parley.protocol.sms;

/** How the characters of a message travel. */
public enum Alphabet {
  /** GSM 7-bit default alphabet and extension, counted in septets. */
  GSM_7(160, 153),
  /** UCS-2, which every handset reads as UTF-16; counted in 16-bit units. */
  UCS_2(70, 67);

  private final int single;
  private final int part;

  Alphabet(int single, int part) {
    this.single = single;
    this.part = part;
  }

  /** Units of a message that is one segment. */
  public int single() {
    return single;
  }

  /** Units of each segment of a longer message, which loses six bytes to its header. */
  public int part() {
    return part;
  }
}
