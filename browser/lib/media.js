// Rooms of the media core, and pages that publish by WHIP and watch by WHEP with nothing but the browser.

import assert from "node:assert/strict";
import { PATIENCE } from "./browser.js";
import { signed as signedFor } from "../../contract/js/lib/signed.js";

/** Calls one of our own operations with the access key. */
const signed = (method, path, body) => signedFor(process.env.ACS_CONNECTION_STRING, method, path, body);

/** A room with tickets. */
export async function mediaRoom(tickets) {
  const { status, body } = await signed("POST", "/parley/media/rooms", { tickets });
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

/** One more ticket of a room. */
export async function mediaTicket(room, ticket) {
  const { status, body } = await signed("POST", `/parley/media/rooms/${room}/tickets`, { tickets: [ticket] });
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body.tickets[0];
}

/** What happens in a room; undefined when nobody is there. */
export async function lookInto(room) {
  const { status, body } = await signed("GET", `/parley/media/rooms/${room}`);
  return status === 200 ? body : undefined;
}

export function closeRoom(room) {
  return signed("DELETE", `/parley/media/rooms/${room}`);
}

/** Asks until the answer pleases. */
export async function until(question, pleases, what, patience = 2 * PATIENCE) {
  const end = Date.now() + patience;
  let last;
  do {
    last = await question();
    if (pleases(last)) return last;
    await new Promise((resolve) => setTimeout(resolve, 200));
  } while (Date.now() < end);
  assert.fail(`not in time: ${what}; last: ${JSON.stringify(last)}`);
}

/** Functions that run in a page. */
export function installMedia() {
  window.errors = [];
  const offered = async (pc, url, { tcpOnly, port }) => {
    await pc.setLocalDescription(await pc.createOffer());
    const response = await fetch(url, { method: "POST", headers: { "Content-Type": "application/sdp" }, body: pc.localDescription.sdp });
    let answer = await response.text();
    if (response.status !== 201) throw new Error(`${response.status} ${answer}`);
    if (tcpOnly) answer = answer.replace(/a=candidate:\S+ 1 udp .*\r\n/g, "");
    // Through something that stands before the server's UDP port.
    if (port) answer = answer.replace(/a=candidate:\S+ 1 tcp .*\r\n/g, "").replace(/(a=candidate:\S+ 1 udp \d+ \S+) \d+/g, `$1 ${port}`);
    window.location_ = new URL(response.headers.get("Location"), url).href;
    await pc.setRemoteDescription({ type: "answer", sdp: answer });
  };
  // A moving picture and a tone, without a camera.
  const source = (width, height) => {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const draw = canvas.getContext("2d");
    let n = 0;
    setInterval(() => {
      n++;
      draw.fillStyle = `hsl(${(n * 7) % 360} 80% 50%)`;
      draw.fillRect(0, 0, width, height);
      draw.fillStyle = "white";
      for (let i = 0; i < 40; i++) draw.fillRect((n * 9 + i * 97) % width, (i * 53 + n * 5) % height, 40, 24);
    }, 40);
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    const out = audio.createMediaStreamDestination();
    const mouth = audio.createGain();
    tone.connect(mouth).connect(out);
    tone.start();
    // Syllables: a tone that never pauses is no speech.
    window.speak = (speaks) => {
      clearInterval(window.syllables);
      mouth.gain.value = 0;
      if (speaks) window.syllables = setInterval(() => (mouth.gain.value = mouth.gain.value > 0 ? 0 : 1), 180);
    };
    return [canvas.captureStream(25).getVideoTracks()[0], out.stream.getAudioTracks()[0]];
  };
  window.publish = async (url, { simulcast, codec, mode, tcpOnly, port, config, width = 640, height = 360 } = {}) => {
    const pc = (window.up = new RTCPeerConnection({ bundlePolicy: "max-bundle", ...config }));
    const [video, audio] = source(width, height);
    pc.addTransceiver(audio, { direction: "sendonly" });
    const encodings = simulcast
      ? [
          { rid: "q", scaleResolutionDownBy: 4, maxBitrate: 150_000 },
          { rid: "h", scaleResolutionDownBy: 2, maxBitrate: 500_000 },
          { rid: "f", maxBitrate: 1_500_000 },
        ]
      : mode && [{ scalabilityMode: mode }];
    const transceiver = pc.addTransceiver(video, { direction: "sendonly", sendEncodings: encodings });
    if (codec) {
      const codecs = RTCRtpSender.getCapabilities("video").codecs;
      transceiver.setCodecPreferences([...codecs.filter((c) => c.mimeType === codec), ...codecs.filter((c) => c.mimeType === "video/rtx")]);
    }
    await offered(pc, url, { tcpOnly, port });
    // A sender with too little of two cores sends fewer pictures of the size that the tests wait for, not smaller ones.
    await transceiver.sender.setParameters({ ...transceiver.sender.getParameters(), degradationPreference: "maintain-resolution" });
  };
  // Chromium offers the dependency descriptor, which tells layers of AV1 apart, to who sends layers; who watches has to ask for it.
  const offerDescriptor = (transceiver) =>
    transceiver.setHeaderExtensionsToNegotiate(
      transceiver.getHeaderExtensionsToNegotiate().map((one) => (one.uri.includes("dependency-descriptor") ? { ...one, direction: "sendrecv" } : one)),
    );
  window.watch = async (url, { tcpOnly, port, config, descriptor, videos = 1 } = {}) => {
    window.began = performance.now();
    const pc = (window.down = new RTCPeerConnection({ bundlePolicy: "max-bundle", ...config }));
    pc.ontrack = ({ track }) => {
      const element = document.createElement(track.kind);
      Object.assign(element, { autoplay: true, muted: true, srcObject: new MediaStream([track]) });
      document.body.append(element);
      if (track.kind === "video") element.requestVideoFrameCallback(() => (window.firstFrame ??= performance.now() - window.began));
    };
    pc.addTransceiver("audio", { direction: "recvonly" });
    for (let i = 0; i < videos; i++) {
      const transceiver = pc.addTransceiver("video", { direction: "recvonly" });
      if (descriptor) offerDescriptor(transceiver);
    }
    await offered(pc, url, { tcpOnly, port });
  };
  window.statistics = async (pc) => {
    const all = [...(await pc.getStats()).values()];
    const of = (type, kind) => all.filter((one) => one.type === type && one.kind === kind);
    return {
      state: pc.connectionState,
      inVideo: of("inbound-rtp", "video"),
      inAudio: of("inbound-rtp", "audio"),
      outVideo: of("outbound-rtp", "video"),
      outAudio: of("outbound-rtp", "audio"),
      pairs: all.filter((one) => one.type === "candidate-pair" && one.nominated),
      locals: all.filter((one) => one.type === "local-candidate"),
      remotes: all.filter((one) => one.type === "remote-candidate"),
    };
  };
}
