package dev.parley.protocol.srtp;

/**
 * One session key at work, for RTP or for RTCP of one direction. The input and the output are
 * different arrays: the platform's ciphers copy otherwise. Not thread-safe.
 */
interface SrtpCipher {
  /**
   * Protects a packet: the first {@code clear} bytes stay readable.
   *
   * @param index the packet's index: roll-over count and sequence number, or the SRTCP index
   * @param trailer what RTCP writes behind the packet (flag and index); not used for RTP
   * @return the length of what stands in {@code out}, without the trailer of RTCP with AEAD
   */
  int protect(
      byte[] in,
      int at,
      int length,
      int clear,
      int ssrc,
      long index,
      int trailer,
      byte[] out,
      int to);

  /**
   * Takes the protection away.
   *
   * @param length without the trailer of RTCP
   * @return the length of what stands in {@code out}, or {@link SrtpReceiver#FORGED}
   */
  int unprotect(
      byte[] in,
      int at,
      int length,
      int clear,
      int ssrc,
      long index,
      int trailer,
      byte[] out,
      int to);
}
