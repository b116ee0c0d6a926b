package dev.parley.protocol.rtp;

import java.util.Optional;

/** The header extensions that we know, by the URI that names them in SDP (RFC 8285 section 5). */
public enum ExtensionKind {
  /** RFC 9143 section 15. */
  MID("urn:ietf:params:rtp-hdrext:sdes:mid"),
  /** RFC 8852 section 4.1. */
  RID("urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"),
  /** RFC 8852 section 4.2. */
  REPAIRED_RID("urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"),
  /** draft-alvestrand-rmcat-remb-03 section 2. */
  ABS_SEND_TIME("http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"),
  /** draft-holmer-rmcat-transport-wide-cc-extensions-01 section 2. */
  TRANSPORT_CC("http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"),
  /** RFC 6464. */
  AUDIO_LEVEL("urn:ietf:params:rtp-hdrext:ssrc-audio-level"),
  /** RTP payload format for AV1, appendix A. */
  DEPENDENCY_DESCRIPTOR(
      "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension"),
  /** 3GPP TS 26.114: how the picture is turned. */
  VIDEO_ORIENTATION("urn:3gpp:video-orientation"),
  /** RFC 5450. */
  TRANSMISSION_OFFSET("urn:ietf:params:rtp-hdrext:toffset"),
  /** The bounds of a receiver's playout delay. */
  PLAYOUT_DELAY("http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"),
  /** Whether the pictures are of a screen. */
  VIDEO_CONTENT_TYPE("http://www.webrtc.org/experiments/rtp-hdrext/video-content-type"),
  /** When the first frame was captured, for lip sync over mixers. */
  ABS_CAPTURE_TIME("http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time");

  private final String uri;

  ExtensionKind(String uri) {
    this.uri = uri;
  }

  public String uri() {
    return uri;
  }

  /** The kind that a URI names. */
  public static Optional<ExtensionKind> of(String uri) {
    for (var kind : values()) {
      if (kind.uri.equals(uri)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
