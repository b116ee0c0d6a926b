package dev.parley.media;

import dev.parley.protocol.rtcp.RtcpReader;
import dev.parley.protocol.rtcp.RtcpWriter;
import dev.parley.protocol.rtp.PayloadView;
import dev.parley.protocol.rtp.RtpView;
import dev.parley.protocol.rtp.RtpWriter;
import dev.parley.protocol.rtp.Vp8Descriptor;
import dev.parley.protocol.rtp.Vp9Descriptor;

/** The views and arrays that all streams of one worker use in turn, so that none makes its own. */
final class Scratch {
  /** Compound RTCP packets stay below what any path takes. */
  static final int RTCP_BYTES_MAX = 1200;

  final RtpView packet = new RtpView();
  final RtpView stored = new RtpView();
  final RtpWriter writer = new RtpWriter();
  final PayloadView payload = new PayloadView();
  final PayloadView tapped = new PayloadView();
  final Vp8Descriptor vp8 = new Vp8Descriptor();
  final Vp9Descriptor vp9 = new Vp9Descriptor();
  final RtcpReader reader = new RtcpReader();
  final RtcpWriter reports = new RtcpWriter();
  final byte[] reportBytes = new byte[RTCP_BYTES_MAX];
  final int[] asked = new int[128];
  final boolean[] hasGivenUp = new boolean[1];

  /** Begins a compound packet. */
  RtcpWriter beginReport() {
    return reports.begin(reportBytes, 0, reportBytes.length);
  }
}
