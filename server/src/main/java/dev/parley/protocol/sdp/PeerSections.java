package dev.parley.protocol.sdp;

import dev.parley.protocol.rtp.Codec;
import dev.parley.protocol.rtp.ExtensionKind;
import dev.parley.protocol.rtp.ExtensionMap;
import dev.parley.protocol.sdp.PeerMedia.SourcePair;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The words of one section. */
final class PeerSections {
  private static final int RIDS_MAX = 8;
  private static final int SOURCES_MAX = 64;

  /** RFC 8852 section 3.1 has letters and digits only; libraries also use these two signs. */
  private static final Pattern RID = Pattern.compile("[A-Za-z0-9_-]{1,16}");

  /** A token of RFC 8866 section 9, as far as it fits a header extension of one byte's length. */
  private static final Pattern MID = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`{|}~-]{0,16}");

  private PeerSections() {}

  static PeerMedia read(SessionDescription session, MediaSection section) throws SdpProblem {
    var mid = section.attribute("mid").orElse("");
    if (!MID.matcher(mid).matches()) {
      throw new SdpProblem(SdpReason.MALFORMED, "The mid \"" + mid + "\"");
    }
    var ours = section.kind().equals("audio") || section.kind().equals("video");
    var media = ours && section.protocol().endsWith("RTP/SAVPF");
    return new PeerMedia(
        mid,
        section,
        section.isRefused(),
        Direction.of(session, section),
        media ? formats(section) : List.of(),
        media ? extensions(session, section) : ExtensionMap.EMPTY,
        media ? sendRids(section) : List.of(),
        media ? sources(section) : List.of(),
        media ? repairs(section) : List.of());
  }

  private static List<PayloadFormat> formats(MediaSection section) throws SdpProblem {
    var video = section.kind().equals("video");
    var maps = values(section, "rtpmap");
    var parameters = values(section, "fmtp");
    var feedback = new HashMap<Integer, Set<Feedback>>();
    var everywhere = EnumSet.noneOf(Feedback.class);
    for (var text : section.attributes("rtcp-fb")) {
      var words = text.split(" ", 2);
      if (words.length == 2 && words[0].equals("*")) {
        Feedback.addTo(everywhere, words[1]);
      } else if (words.length == 2) {
        var known =
            feedback.computeIfAbsent(payloadType(words[0]), _ -> EnumSet.noneOf(Feedback.class));
        Feedback.addTo(known, words[1]);
      }
    }
    var formats = new ArrayList<PayloadFormat>();
    var seen = new HashSet<Integer>();
    for (var text : section.formats()) {
      var payloadType = payloadType(text);
      if (!seen.add(payloadType)) {
        throw new SdpProblem(SdpReason.BAD_NUMBER, "The payload type " + payloadType + " twice");
      }
      // RFC 3551 section 6: these need no map.
      var otherwise = payloadType == 0 ? "PCMU/8000" : payloadType == 8 ? "PCMA/8000" : "";
      var map = maps.getOrDefault(payloadType, otherwise).split("/", 3);
      var codec = Codec.of(map[0], video);
      if (codec.isEmpty() || map.length < 2) {
        continue;
      }
      var known = EnumSet.copyOf(everywhere);
      known.addAll(feedback.getOrDefault(payloadType, Set.of()));
      formats.add(
          new PayloadFormat(
              payloadType,
              codec.get(),
              (int) SdpProblem.number(map[1].strip(), 1, 1_000_000, "The clock rate"),
              parameters(parameters.getOrDefault(payloadType, "")),
              known));
    }
    return formats;
  }

  private static int payloadType(String text) throws SdpProblem {
    return (int) SdpProblem.number(text, 0, 127, "The payload type");
  }

  /** The texts of an attribute that begins with a payload type. */
  private static Map<Integer, String> values(MediaSection section, String name) throws SdpProblem {
    var values = new HashMap<Integer, String>();
    for (var text : section.attributes(name)) {
      var words = text.split(" ", 2);
      values.put(payloadType(words[0]), words.length == 2 ? words[1].strip() : "");
    }
    return values;
  }

  private static Map<String, String> parameters(String text) {
    var parameters = new LinkedHashMap<String, String>();
    for (var part : text.split(";", -1)) {
      var equals = part.indexOf('=');
      if (equals >= 0) {
        parameters.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
      } else if (!part.isBlank()) {
        parameters.put("", part.strip());
      }
    }
    return parameters;
  }

  private static ExtensionMap extensions(SessionDescription session, MediaSection section)
      throws SdpProblem {
    var ids = new EnumMap<ExtensionKind, Integer>(ExtensionKind.class);
    var used = new HashSet<Integer>();
    var texts = new ArrayList<>(section.attributes("extmap"));
    texts.addAll(session.attributes("extmap"));
    for (var text : texts) {
      var words = SdpReader.words(text);
      if (words.size() < 2) {
        throw new SdpProblem(SdpReason.MALFORMED, "The extmap \"" + text + "\"");
      }
      var slash = words.get(0).indexOf('/');
      var number = slash < 0 ? words.get(0) : words.get(0).substring(0, slash);
      // Above 255 are numbers that an offerer wants us to choose (RFC 8285 section 7).
      var id = (int) SdpProblem.number(number, 1, 4352, "The extension id");
      var kind = ExtensionKind.of(words.get(1));
      if (id < 256 && kind.isPresent() && !ids.containsKey(kind.get()) && used.add(id)) {
        ids.put(kind.get(), id);
      }
    }
    if (session.attribute(section, "extmap-allow-mixed").isEmpty()) {
      // Its structures need the two-byte form; without them the rest cannot be read.
      ids.remove(ExtensionKind.DEPENDENCY_DESCRIPTOR);
    }
    return new ExtensionMap(ids);
  }

  private static List<String> sendRids(MediaSection section) throws SdpProblem {
    var offered = new LinkedHashSet<String>();
    for (var text : section.attributes("rid")) {
      var words = SdpReader.words(text);
      if (words.size() >= 2 && words.get(1).equals("send")) {
        if (!RID.matcher(words.get(0)).matches()) {
          throw new SdpProblem(SdpReason.MALFORMED, "The rid \"" + words.get(0) + "\"");
        }
        offered.add(words.get(0));
      }
    }
    var words = SdpReader.words(section.attribute("simulcast").orElse(""));
    var at = words.indexOf("send");
    if (at < 0 || at + 1 == words.size()) {
      return List.of();
    }
    var rids = new ArrayList<String>();
    for (var stream : words.get(at + 1).split(";", -1)) {
      // Of alternatives we take the first; a tilde says that the stream begins paused.
      var comma = stream.indexOf(',');
      var first = comma < 0 ? stream : stream.substring(0, comma);
      var rid = first.startsWith("~") ? first.substring(1) : first;
      if (offered.remove(rid)) {
        rids.add(rid);
      }
    }
    if (rids.size() > RIDS_MAX) {
      throw new SdpProblem(SdpReason.TOO_LONG, rids.size() + " simulcast streams");
    }
    return rids;
  }

  private static List<Integer> sources(MediaSection section) throws SdpProblem {
    var sources = new LinkedHashSet<Integer>();
    for (var text : section.attributes("ssrc")) {
      sources.add(source(SdpReader.words(text).getFirst()));
    }
    if (sources.size() > SOURCES_MAX) {
      throw new SdpProblem(SdpReason.TOO_LONG, sources.size() + " sources in a section");
    }
    return List.copyOf(sources);
  }

  private static List<SourcePair> repairs(MediaSection section) throws SdpProblem {
    var repairs = new ArrayList<SourcePair>();
    for (var text : section.attributes("ssrc-group")) {
      var words = SdpReader.words(text);
      if (words.getFirst().equals("FID") && words.size() == 3 && repairs.size() < SOURCES_MAX) {
        repairs.add(new SourcePair(source(words.get(1)), source(words.get(2))));
      }
    }
    return repairs;
  }

  private static int source(String text) throws SdpProblem {
    return (int) SdpProblem.number(text, 0, 0xffffffffL, "The source");
  }
}
