import type { AudioDeviceInfo, VideoDeviceInfo, VideoDeviceType } from "../api/index.js";

/** Prefixes tell kinds apart where an application keeps ids of all devices in one place, as the official package's do. */
const PREFIX = { videoinput: "camera:", audioinput: "microphone:", audiooutput: "speaker:" } as const;

export function idOf(device: MediaDeviceInfo): string {
  return PREFIX[device.kind] + device.deviceId;
}

/** The browser's `deviceId` of a device; empty for the system's default. */
export function deviceIdOf(device: { id: string }): string {
  return device.id.replace(/^(camera|microphone|speaker):/, "");
}

export function videoDevice(device: MediaDeviceInfo): VideoDeviceInfo {
  return { name: device.label, id: idOf(device), deviceType: videoType(device.label) };
}

export function audioDevice(device: MediaDeviceInfo, isSystemDefault: boolean): AudioDeviceInfo {
  return { name: device.label, id: idOf(device), isSystemDefault, deviceType: device.kind === "audioinput" ? "Microphone" : "Speaker" };
}

/** Browsers tell the kind of a camera only by its name. */
function videoType(label: string): VideoDeviceType {
  if (/virtual|obs/i.test(label)) return "Virtual";
  if (/capture|cam link|hdmi/i.test(label)) return "CaptureAdapter";
  return label ? "UsbCamera" : "Unknown";
}
