package dev.parley.media;

import dev.parley.protocol.rtp.Codec;
import dev.parley.protocol.rtp.PayloadView;
import dev.parley.protocol.rtp.RtpView;

/** What hears a track on its worker's thread. It copies what it keeps, and never waits. */
interface MediaTap {
  /** A packet that came for the first time; the views are used again. */
  void packet(Receiver receiver, RtpView packet, PayloadView payload, Codec codec, long nowNanos);
}
