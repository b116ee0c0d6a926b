// What both pages share: an agent of one's own, and the buttons of a running call.

import { CallClient, LocalVideoStream } from "@azure/communication-calling";
import { AzureCommunicationTokenCredential } from "@azure/communication-common";
import { given } from "./given.js";
import { showTiles } from "./tiles.js";

export const element = (id) => document.getElementById(id);

export function showProblem(error) {
  console.error(error);
  element("reason").textContent = error.message ?? String(error);
}

/** Runs an action at each click, and says what went wrong. */
export function onClick(id, action) {
  element(id).addEventListener("click", () => Promise.resolve().then(action).catch(showProblem));
}

/** Signs in as whom this window was opened for. */
export async function signIn() {
  const mine = given();
  if (!mine) throw new Error("Open this page by a button of /samples.");
  element("who").textContent = mine.me.name;
  document.title = `${mine.me.name} · ${document.title}`;
  const client = new CallClient();
  const credential = new AzureCommunicationTokenCredential(mine.me.token);
  const agent = await client.createCallAgent(credential, { displayName: mine.me.name });
  const devices = await client.getDeviceManager();
  await devices.askDevicePermission({ audio: true, video: true });
  return { ...mine, agent, devices };
}

/** Options of a call that begins with the first camera, if there is one. */
export async function withCamera(devices) {
  const [camera] = await devices.getCameras();
  return camera ? { videoOptions: { localVideoStreams: [new LocalVideoStream(camera)] } } : {};
}

/** Shows a call and lets the buttons act on it until it ends. */
export function show(call, devices, ended) {
  const buttons = ["mute", "camera", "screen", "end"].map(element);
  const update = () => {
    element("state").textContent = call.state;
    const running = call.state === "Connected";
    for (const button of buttons) button.disabled = !running;
    element("end").disabled = call.state === "Disconnected";
    element("mute").textContent = call.isMuted ? "Unmute" : "Mute";
    element("camera").textContent = ownCamera() ? "Camera off" : "Camera on";
    element("screen").textContent = call.isScreenSharingOn ? "Stop sharing" : "Share screen";
    if (call.state === "Disconnected") {
      const { code, subCode } = call.callEndReason ?? {};
      element("reason").textContent = `(${code}/${subCode})`;
      ended();
    }
  };
  const ownCamera = () => call.localVideoStreams.find((stream) => stream.mediaStreamType === "Video");
  element("mute").onclick = () => (call.isMuted ? call.unmute() : call.mute()).catch(showProblem);
  element("end").onclick = () => call.hangUp().catch(showProblem);
  element("screen").onclick = () =>
    (call.isScreenSharingOn ? call.stopScreenSharing() : call.startScreenSharing()).catch(showProblem);
  element("camera").onclick = async () => {
    try {
      const stream = ownCamera();
      if (stream) await call.stopVideo(stream);
      else await call.startVideo(new LocalVideoStream((await devices.getCameras())[0]));
    } catch (error) {
      showProblem(error);
    }
  };
  for (const event of ["stateChanged", "isMutedChanged", "isScreenSharingOnChanged", "localVideoStreamsUpdated"]) call.on(event, update);
  showTiles(call, element("tiles"));
  element("reason").textContent = "";
  update();
}
