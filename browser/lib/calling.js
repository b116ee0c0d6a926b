// Plain pages that speak docs/calling-protocol.md with nothing but the browser: what a calling SDK does, at its shortest.

import { endpoint, identity } from "./parley.js";

/** A user who may call. */
export async function caller(name) {
  const { user, token } = await identity.createUserAndToken(["voip"]);
  return { name, id: user.communicationUserId, token, socket: endpoint.replace(/^http/, "ws") + "/calling/v1/connect" };
}

/** Functions that run in a page. */
export function installCalling() {
  const waiting = new Map();
  const heard = (window.heard = []);
  let ids = 0;
  let socket;
  window.ask = (request) =>
    new Promise((resolve, reject) => {
      const id = ++ids;
      waiting.set(id, { resolve, reject });
      socket.send(JSON.stringify({ id, ...request }));
    });
  let seq = 0;
  window.connectCalling = ({ socket: url, token, name, session }) =>
    new Promise((resolve, reject) => {
      socket = new WebSocket(url);
      socket.onerror = () => reject(new Error("no connection"));
      socket.onopen = () => 
        ask({ do: "hello", version: 1, token, displayName: name, client: "page", ...(session && { resume: { session, seq } }) }).then(resolve, reject);
      socket.onmessage = ({ data }) => {
        const message = JSON.parse(data);
        if (message.ping) socket.send('{"pong":1}');
        const asked = waiting.get(message.id);
        if (asked) {
          waiting.delete(message.id);
          if (message.ok) asked.resolve(message.ok);
          else asked.reject(new Error(`${message.error.code}/${message.error.subCode} ${message.error.message}`));
        }
        if (message.on) {
          seq = message.seq;
          heard.push(message);
          if (message.on === "media.offer") answerOffer(message);
          if (message.on === "call.ended") closeMedia();
        }
      };
    });
  window.dropSocket = () => socket.close();

  // What is sent.
  window.startSending = async (callId, { video = true, simulcast = false, width = 640, height = 360 } = {}) => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: video && { width, height } });
    const pc = (window.up = new RTCPeerConnection({ bundlePolicy: "max-bundle" }));
    window.sentTypes = new Map();
    const audio = pc.addTransceiver(stream.getAudioTracks()[0], { direction: "sendonly" });
    sentTypes.set(audio, "Audio");
    if (video) addVideo(stream.getVideoTracks()[0], "Video", simulcast);
    return publishNow(callId, height);
  };
  window.addVideo = (track, type, simulcast) => {
    const sendEncodings = simulcast
      ? [{ rid: "q", scaleResolutionDownBy: 4 }, { rid: "h", scaleResolutionDownBy: 2 }, { rid: "f" }]
      : undefined;
    const transceiver = up.addTransceiver(track, { direction: "sendonly", ...(sendEncodings && { sendEncodings }) });
    sentTypes.set(transceiver, type);
    return transceiver;
  };
  window.publishNow = async (callId, height, options) => {
    await up.setLocalDescription(await up.createOffer(options));
    const tracks = [...sentTypes]
      .filter(([transceiver]) => transceiver.direction === "sendonly")
      .map(([{ mid }, type]) => ({ mid, type, ...(type !== "Audio" && height && { height }) }));
    const answer = await ask({ do: "media.publish", callId, sdp: up.localDescription.sdp, tracks });
    await up.setRemoteDescription({ type: "answer", sdp: answer.sdp });
    return answer.streams;
  };
  window.screen_ = () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 240 });
    const draw = canvas.getContext("2d");
    let n = 0;
    setInterval(() => {
      draw.fillStyle = `hsl(${(n++ * 7) % 360} 80% 50%)`;
      draw.fillRect(0, 0, 320, 240);
    }, 40);
    return canvas.captureStream(25).getVideoTracks()[0];
  };

  // What is shown.
  let answering = Promise.resolve();
  const answerOffer = (message) => {
    window.shown = message.tracks;
    answering = answering.then(async () => {
      const pc = (window.down ??= newDown());
      await pc.setRemoteDescription({ type: "offer", sdp: message.sdp });
      await pc.setLocalDescription(await pc.createAnswer());
      await ask({ do: "media.answer", callId: message.callId, offer: message.offer, sdp: pc.localDescription.sdp });
    });
    answering.catch((error) => (window.failed = `${error}`));
  };
  const newDown = () => {
    const pc = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    pc.ontrack = ({ track }) => {
      const element = document.createElement(track.kind);
      Object.assign(element, { autoplay: true, muted: true, srcObject: new MediaStream([track]) });
      document.body.append(element);
    };
    return pc;
  };
  window.closeMedia = () => {
    window.up?.close();
    window.down?.close();
    window.up = window.down = undefined;
  };

  /** What came of each section of the last offer, with its participant. */
  window.received = async () => {
    const found = [];
    if (!window.down) return found;
    const report = [...(await down.getStats()).values()];
    for (const one of window.shown ?? []) {
      const stats = report.find((each) => each.type === "inbound-rtp" && each.mid === one.mid);
      found.push({
        ...one,
        packets: stats?.packetsReceived ?? 0,
        frames: stats?.framesDecoded ?? 0,
        height: stats?.frameHeight ?? 0,
        energy: stats?.totalAudioEnergy ?? 0,
      });
    }
    return found;
  };
  window.states = () => ({ up: window.up?.connectionState, down: window.down?.connectionState, failed: window.failed });
}
