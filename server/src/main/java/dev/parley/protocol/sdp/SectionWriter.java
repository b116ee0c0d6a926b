package dev.parley.protocol.sdp;

import dev.parley.protocol.rtp.Codec;
import dev.parley.protocol.rtp.ExtensionMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Our sections as attributes. */
final class SectionWriter {
  private static final String PROTOCOL = "UDP/TLS/RTP/SAVPF";

  /**
   * Chromium begins at 300 kbit/s and would take long to reach the upper layers; this many kbit/s
   * are enough for three. Its congestion control takes it back where the uplink is smaller.
   */
  private static final String SIMULCAST_START = "x-google-start-bitrate=1500";

  private final LocalTransport local;
  private final String setup;
  private boolean candidatesWritten;

  SectionWriter(LocalTransport local, String setup) {
    this.local = local;
    this.setup = setup;
  }

  /** The attributes of the session. */
  static List<SdpAttribute> session(List<String> mids, boolean mixed) {
    var attributes = new ArrayList<SdpAttribute>();
    if (!mids.isEmpty()) {
      attributes.add(new SdpAttribute("group", "BUNDLE " + String.join(" ", mids)));
    }
    attributes.add(SdpAttribute.flag("ice-lite"));
    if (mixed) {
      attributes.add(SdpAttribute.flag("extmap-allow-mixed"));
    }
    attributes.add(new SdpAttribute("msid-semantic", "WMS *"));
    return attributes;
  }

  /** A section that is refused (RFC 3264 section 6). */
  static MediaSection refused(MediaSection offered) {
    var attributes = new ArrayList<SdpAttribute>();
    offered.attribute("mid").ifPresent(mid -> attributes.add(new SdpAttribute("mid", mid)));
    attributes.add(SdpAttribute.flag("inactive"));
    return new MediaSection(offered.kind(), 0, offered.protocol(), offered.formats(), attributes);
  }

  MediaSection section(AgreedMedia media) {
    var attributes = new ArrayList<SdpAttribute>();
    if (!media.mid().isEmpty()) {
      attributes.add(new SdpAttribute("mid", media.mid()));
    }
    transport(attributes);
    extensions(attributes, media.extensions());
    attributes.add(SdpAttribute.flag(media.direction().attribute()));
    attributes.add(SdpAttribute.flag("rtcp-mux"));
    attributes.add(SdpAttribute.flag("rtcp-rsize"));
    var formats = new ArrayList<String>();
    var start = media.rids().size() > 1 ? SIMULCAST_START : "";
    media.formats().forEach(format -> format(attributes, formats, format, start));
    media.rids().forEach(rid -> attributes.add(new SdpAttribute("rid", rid + " recv")));
    if (!media.rids().isEmpty()) {
      attributes.add(new SdpAttribute("simulcast", "recv " + String.join(";", media.rids())));
    }
    if (media.direction().sends()) {
      media.track().ifPresent(track -> track(attributes, track, media.formats()));
    }
    return new MediaSection(media.video() ? "video" : "audio", 9, PROTOCOL, formats, attributes);
  }

  private void transport(List<SdpAttribute> attributes) {
    attributes.add(new SdpAttribute("ice-ufrag", local.ice().fragment()));
    attributes.add(new SdpAttribute("ice-pwd", local.ice().password()));
    attributes.add(new SdpAttribute("ice-options", "trickle"));
    attributes.add(new SdpAttribute("fingerprint", local.fingerprint().toString()));
    attributes.add(new SdpAttribute("setup", setup));
    // All sections share the transport of the first one.
    if (!candidatesWritten) {
      candidatesWritten = true;
      local.candidates().forEach(text -> attributes.add(new SdpAttribute("candidate", text)));
      attributes.add(SdpAttribute.flag("end-of-candidates"));
    }
  }

  private static void extensions(List<SdpAttribute> attributes, ExtensionMap extensions) {
    var byId = new TreeMap<Integer, String>();
    extensions.ids().forEach((kind, id) -> byId.put(id, kind.uri()));
    byId.forEach((id, uri) -> attributes.add(new SdpAttribute("extmap", id + " " + uri)));
  }

  private static void format(
      List<SdpAttribute> attributes, List<String> formats, AgreedFormat agreed, String start) {
    var format = agreed.format();
    var type = format.payloadType();
    formats.add(type + "");
    var channels = format.codec().channels() == 2 ? "/2" : "";
    attributes.add(
        new SdpAttribute(
            "rtpmap",
            type + " " + format.codec().encoding() + "/" + format.clockRate() + channels));
    for (var feedback : new TreeSet<>(format.feedback())) {
      attributes.add(new SdpAttribute("rtcp-fb", type + " " + feedback.text()));
    }
    var parameters = format.parameterText();
    var between = parameters.isEmpty() || start.isEmpty() ? "" : ";";
    if (!parameters.isEmpty() || !start.isEmpty()) {
      attributes.add(new SdpAttribute("fmtp", type + " " + parameters + between + start));
    }
    if (agreed.repairPayloadType() != PayloadFormat.NONE) {
      formats.add(agreed.repairPayloadType() + "");
      attributes.add(
          new SdpAttribute(
              "rtpmap",
              agreed.repairPayloadType() + " " + Codec.RTX.encoding() + "/" + format.clockRate()));
      attributes.add(new SdpAttribute("fmtp", agreed.repairPayloadType() + " apt=" + type));
    }
  }

  private static void track(
      List<SdpAttribute> attributes, Track track, List<AgreedFormat> formats) {
    attributes.add(new SdpAttribute("msid", track.stream() + " " + track.id()));
    var ssrc = Integer.toUnsignedString(track.ssrc());
    var repair =
        formats.stream().anyMatch(format -> format.repairPayloadType() != PayloadFormat.NONE)
            ? Optional.of(Integer.toUnsignedString(track.repairSsrc()))
            : Optional.<String>empty();
    repair.ifPresent(
        other -> attributes.add(new SdpAttribute("ssrc-group", "FID " + ssrc + " " + other)));
    attributes.add(new SdpAttribute("ssrc", ssrc + " cname:" + track.canonicalName()));
    repair.ifPresent(other ->
        attributes.add(new SdpAttribute("ssrc", other + " cname:" + track.canonicalName())));
  }
}
