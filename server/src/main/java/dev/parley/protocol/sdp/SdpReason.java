package dev.parley.protocol.sdp;

/** Why a description is refused. */
public enum SdpReason {
  /** More text, lines or attributes than any real description has. */
  TOO_LONG,
  /** More media sections than we handle. */
  TOO_MANY_SECTIONS,
  /** A line that is none, or lines in the wrong place. */
  MALFORMED,
  /** A port, payload type, id or source that is no number or out of range. */
  BAD_NUMBER,
  /** No media at all, or nothing left after what we cannot do. */
  NO_MEDIA,
  /** More than one transport would be needed (RFC 9143). */
  NO_BUNDLE,
  /** RTCP on a port of its own (RFC 8834 section 4.5 requires mux). */
  NO_RTCP_MUX,
  /** No ICE credentials, too short ones, or a peer that is ICE-lite as well. */
  NO_ICE,
  /** No certificate's fingerprint (RFC 8122). */
  NO_FINGERPRINT,
  /** Only fingerprints of a weak hash (RFC 8122 section 5). */
  WEAK_HASH,
  /** The peer wants to be the DTLS server. */
  BAD_SETUP,
  /** Not one codec of a kind in common. */
  NO_COMMON_CODEC,
  /** An answer that does not fit its offer. */
  NO_MATCH
}
