import { CallingError } from "../call/errors.js";
import { tellHealth } from "./health.js";

/** Milliseconds after which a camera that has not started is spoken of; a question to the person may take that long too. */
const CAMERA_START_MAX = 20_000;

/** Opens a camera, by its `deviceId`; an empty one is the system's default. Pictures are taken as large as simulcast sends them. */
export async function openCamera(deviceId: string): Promise<MediaStream> {
  const late = setTimeout(() => tellHealth("cameraStartTimedOut", true), CAMERA_START_MAX);
  try {
    const stream = await media().getUserMedia({
      video: { ...exactly(deviceId), width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } },
    });
    tellHealth("cameraStartFailed", false);
    tellHealth("cameraStartTimedOut", false);
    return stream;
  } catch (error) {
    const problem = cameraProblem(error);
    tellHealth(problem.subCode === 43001 ? "cameraPermissionDenied" : "cameraStartFailed", true);
    throw problem;
  } finally {
    clearTimeout(late);
  }
}

/** What the browser does to a microphone's sound, and nothing else: it refuses where it cannot. Gain control comes besides, always. */
export interface Processing {
  echoCancellation: boolean;
  noiseSuppression: boolean;
}

/** Opens a microphone, by its `deviceId`. */
export async function openMicrophone(deviceId: string, processing?: Processing): Promise<MediaStream> {
  // Chromium gives a second track of an open microphone the processing of the first, unless it is told exactly.
  const exact = processing && { echoCancellation: { exact: processing.echoCancellation }, noiseSuppression: { exact: processing.noiseSuppression } };
  try {
    const stream = await media().getUserMedia({
      audio: { ...exactly(deviceId), echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...exact },
    });
    tellHealth("microphoneNotFunctioning", false);
    return stream;
  } catch (error) {
    const problem = microphoneProblem(error);
    tellHealth(problem.subCode === 40613 ? "microphonePermissionDenied" : "microphoneNotFunctioning", true);
    throw problem;
  }
}

/** Asks the person which screen to share. */
export async function openScreen(): Promise<MediaStream> {
  try {
    const stream = await media().getDisplayMedia({ video: { frameRate: { ideal: 15, max: 30 } }, audio: false });
    tellHealth("capturerStartFailed", false);
    tellHealth("screenshareRecordingDisabled", false);
    return stream;
  } catch (error) {
    if (error instanceof CallingError) throw error;
    if (nameOf(error) === "NotAllowedError") {
      const bySystem = /system/i.test(String((error as Error).message));
      if (bySystem) tellHealth("screenshareRecordingDisabled", true);
      throw new CallingError(403, 0, `The screen may not be shared: the ${bySystem ? "system" : "person"} refused.`, "ExpectedError");
    }
    tellHealth("capturerStartFailed", true);
    throw new CallingError(500, 0, `The screen could not be captured: ${nameOf(error)}.`);
  }
}

/** The browser's devices; a page has none unless it is secure (https or localhost). */
export function media(): MediaDevices {
  const devices = globalThis.navigator?.mediaDevices;
  if (!devices?.getUserMedia) throw new CallingError(412, 43017, "This environment gives no access to devices: the page must be served over https.");
  return devices;
}

function exactly(deviceId: string): MediaTrackConstraints {
  return deviceId && deviceId !== "default" ? { deviceId: { exact: deviceId } } : {};
}

function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : String(error);
}

/** Error names of Media Capture and Streams, section 10.2, as the sub-codes that are documented for cameras. */
function cameraProblem(error: unknown): CallingError {
  if (error instanceof CallingError) return error;
  switch (nameOf(error)) {
    case "NotFoundError":
      return new CallingError(412, 43013, "No camera was found.", "ExpectedError");
    case "NotAllowedError":
    case "SecurityError":
      // Chromium and Firefox tell a refusal of the system apart only in the message.
      return /system/i.test(String((error as Error).message))
        ? new CallingError(412, 43016, "The system does not let the browser use the camera.", "ExpectedError")
        : new CallingError(403, 43001, "The camera may not be used: permission was denied.", "ExpectedError");
    case "NotReadableError":
    case "AbortError":
      return new CallingError(412, 43000, "The camera could not be started; another application may be using it.");
    case "OverconstrainedError":
      return new CallingError(412, 43018, "The chosen camera is not there, or does not do what was asked of it.", "ExpectedError");
    default:
      return new CallingError(500, 43002, `The camera could not be started: ${nameOf(error)}.`);
  }
}

function microphoneProblem(error: unknown): CallingError {
  if (error instanceof CallingError) return error;
  const name = nameOf(error);
  if (name === "NotAllowedError" || name === "SecurityError") {
    return new CallingError(400, 40613, "The microphone may not be used: permission was denied.", "ExpectedError");
  }
  return new CallingError(500, 40614, `The microphone could not be started: ${name}.`);
}
