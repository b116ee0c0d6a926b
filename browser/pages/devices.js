// A page with the calling package and nothing else, and the reader of statistics that is inside of it.

import { AzureCommunicationTokenCredential } from "@azure/communication-common";
import * as calling from "@azure/communication-calling";
import { ReportReader } from "../../web/calling/src/stats/report.ts";

/** A picture of a size of its own, and of one colour. */
function canvasStream(width, height, colour) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const draw = canvas.getContext("2d");
  setInterval(() => {
    draw.fillStyle = colour;
    draw.fillRect(0, 0, width, height);
  }, 50);
  return canvas.captureStream(20);
}

/** Two connections of this page that send to each other; answers what the reader says of both after some seconds. */
async function loopback(seconds) {
  const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
  one.onicecandidate = ({ candidate }) => candidate && other.addIceCandidate(candidate);
  other.onicecandidate = ({ candidate }) => candidate && one.addIceCandidate(candidate);
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 640, height: 360 } });
  for (const track of stream.getTracks()) one.addTrack(track, stream);
  // What nobody plays is not decoded.
  other.ontrack = ({ track }) => {
    const element = document.createElement(track.kind);
    element.srcObject = new MediaStream([track]);
    document.body.append(element);
    void element.play();
  };
  await one.setLocalDescription();
  await other.setRemoteDescription(one.localDescription);
  await other.setLocalDescription();
  await one.setRemoteDescription(other.localDescription);
  const place = (mid) => ({ type: mid === "0" ? "Audio" : "Video", stream: mid === "0" ? 0 : 3 });
  const readers = [
    [new ReportReader("publish"), one],
    [new ReportReader("subscribe"), other],
  ];
  let last;
  for (let i = 0; i < seconds; i++) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    last = await Promise.all(readers.map(async ([reader, connection]) => reader.read(await connection.getStats(), place)));
  }
  one.close();
  other.close();
  return last;
}

Object.assign(globalThis, {
  calling,
  client: new calling.CallClient(),
  credential: (token) => new AzureCommunicationTokenCredential(token),
  canvasStream,
  loopback,
});
