import type {
  AudioDeviceInfo,
  CollectionUpdatedEvent,
  DeviceAccess,
  DeviceManager,
  PermissionConstraints,
  PropertyChangedEvent,
  StartPreheatDeviceParameters,
  StopPreheatDeviceParameters,
  VideoDeviceInfo,
} from "../api/index.js";
import { Emitter } from "../call/emitter.js";
import { CallingError } from "../call/errors.js";
import { INTERNAL, type Unsubscribe } from "../call/internal.js";
import { audioDevice, deviceIdOf, videoDevice } from "./ids.js";
import { media, openCamera, openMicrophone } from "./open.js";

type DeviceEvents = {
  videoDevicesUpdated: CollectionUpdatedEvent<VideoDeviceInfo>;
  audioDevicesUpdated: CollectionUpdatedEvent<AudioDeviceInfo>;
  selectedMicrophoneChanged: PropertyChangedEvent;
  selectedSpeakerChanged: PropertyChangedEvent;
};

/** `deviceManager[INTERNAL]`: what diagnostics want to know. */
export interface DeviceState {
  /** Whether this browser lets a page choose the speaker, and thus lists speakers. */
  readonly canChooseSpeaker: boolean;
  /** Whether the browser says no without asking; undefined while it would ask, or does not tell. */
  readonly denied: { audio: boolean | undefined; video: boolean | undefined };
  /** How many devices of each kind are there. */
  readonly count: { cameras: number; microphones: number; speakers: number };
  onChange(listener: () => void): Unsubscribe;
}

/** The devices of the browser. Rejects with 43017 where there are none to be had (a page that is not secure). */
export async function browserDevices(): Promise<DeviceManager> {
  const manager = new BrowserDevices(media());
  await manager[INTERNAL].start();
  return manager;
}

class BrowserDevices extends Emitter<DeviceEvents> implements DeviceManager {
  /** @internal */
  readonly [INTERNAL]: ReturnType<typeof deviceState>;

  constructor(source: MediaDevices) {
    super();
    this[INTERNAL] = deviceState(source, this);
  }

  get isSpeakerSelectionAvailable(): boolean {
    return this[INTERNAL].canChooseSpeaker;
  }

  get selectedMicrophone(): AudioDeviceInfo | undefined {
    return this[INTERNAL].selected.microphone;
  }

  get selectedSpeaker(): AudioDeviceInfo | undefined {
    return this[INTERNAL].selected.speaker;
  }

  /** Names are empty until permission was given. */
  async getCameras(): Promise<VideoDeviceInfo[]> {
    await this[INTERNAL].refresh();
    return [...this[INTERNAL].lists.cameras];
  }

  async getMicrophones(): Promise<AudioDeviceInfo[]> {
    await this[INTERNAL].refresh();
    return [...this[INTERNAL].lists.microphones];
  }

  /** Rejects with 40606 where the browser does not let a page choose the speaker. */
  async getSpeakers(): Promise<AudioDeviceInfo[]> {
    if (!this[INTERNAL].canChooseSpeaker) throw noSpeakers();
    await this[INTERNAL].refresh();
    return [...this[INTERNAL].lists.speakers];
  }

  async selectMicrophone(microphoneDevice: AudioDeviceInfo): Promise<void> {
    await this[INTERNAL].choose("microphone", microphoneDevice);
  }

  async selectSpeaker(speakerDevice: AudioDeviceInfo): Promise<void> {
    if (!this[INTERNAL].canChooseSpeaker) throw noSpeakers();
    await this[INTERNAL].choose("speaker", speakerDevice);
  }

  /** Makes the browser ask, where it has not yet. A kind that was refused, or of which there is no device, is false. */
  async askDevicePermission(permissionConstraints: PermissionConstraints): Promise<DeviceAccess> {
    return this[INTERNAL].ask(permissionConstraints);
  }

  /** Opens devices ahead of a call, so that it begins sooner. */
  async startPreheatDevices(parameters: StartPreheatDeviceParameters): Promise<void> {
    await this[INTERNAL].preheat(parameters);
  }

  stopPreheatDevices(parameters: StopPreheatDeviceParameters): void {
    if (parameters.audio) this[INTERNAL].cool("audio");
    if (parameters.video) this[INTERNAL].cool("video");
  }
}

/** Seconds after which devices that were opened ahead are closed again. */
const PREHEAT_SECONDS = 60;

function deviceState(source: MediaDevices, owner: BrowserDevices) {
  const lists = { cameras: [] as VideoDeviceInfo[], microphones: [] as AudioDeviceInfo[], speakers: [] as AudioDeviceInfo[] };
  const selected: { microphone?: AudioDeviceInfo; speaker?: AudioDeviceInfo } = {};
  const denied: { audio: boolean | undefined; video: boolean | undefined } = { audio: undefined, video: undefined };
  const warm: { [kind in "audio" | "video"]?: { stream: MediaStream; timer: ReturnType<typeof setTimeout> } } = {};
  const listeners = new Set<() => void>();
  const canChooseSpeaker = typeof HTMLMediaElement !== "undefined" && "setSinkId" in HTMLMediaElement.prototype;
  let pending: Promise<void> | undefined;

  function tell(): void {
    listeners.forEach((listener) => listener());
  }

  async function enumerate(): Promise<void> {
    const found = await source.enumerateDevices();
    const cameras = found.filter((device) => device.kind === "videoinput").map(videoDevice);
    const microphones = audioDevices(found.filter((device) => device.kind === "audioinput"));
    const speakers = canChooseSpeaker ? audioDevices(found.filter((device) => device.kind === "audiooutput")) : [];
    const video = difference(lists.cameras, cameras);
    const audio = difference([...lists.microphones, ...lists.speakers], [...microphones, ...speakers]);
    Object.assign(lists, { cameras, microphones, speakers });
    const microphoneChanged = reselect("microphone", microphones);
    const speakerChanged = reselect("speaker", speakers);
    if (video) owner.emit("videoDevicesUpdated", video);
    if (audio) owner.emit("audioDevicesUpdated", audio);
    if (microphoneChanged) owner.emit("selectedMicrophoneChanged");
    if (speakerChanged) owner.emit("selectedSpeakerChanged");
    if (video || audio) tell();
  }

  /** Keeps the choice while its device is there, and else falls back to the system's default. */
  function reselect(kind: "microphone" | "speaker", devices: AudioDeviceInfo[]): boolean {
    const before = selected[kind];
    const now = devices.find((device) => device.id === before?.id) ?? devices.find((device) => device.isSystemDefault);
    selected[kind] = now;
    return before?.id !== now?.id || before?.name !== now?.name;
  }

  /** Lists what is there. Changes that come while it runs are seen by one more run, however many they are. */
  async function refresh(): Promise<void> {
    pending ??= Promise.resolve().then(() => {
      pending = undefined;
      return enumerate();
    });
    await pending;
  }

  async function watchPermission(kind: "audio" | "video", name: string): Promise<void> {
    try {
      // Firefox knows no such names and throws; then only a refused request tells.
      const status = await navigator.permissions.query({ name: name as PermissionName });
      const read = () => {
        denied[kind] = status.state === "denied" ? true : status.state === "granted" ? false : undefined;
        tell();
      };
      read();
      status.addEventListener("change", () => {
        read();
        void refresh();
      });
    } catch {
      denied[kind] = undefined;
    }
  }

  async function allowed(kinds: { audio: boolean; video: boolean }): Promise<boolean> {
    try {
      const stream = await source.getUserMedia(kinds);
      stream.getTracks().forEach((track) => track.stop());
      return true;
    } catch {
      return false;
    }
  }

  return {
    lists,
    selected,
    canChooseSpeaker,
    denied,
    refresh,
    get count() {
      return { cameras: lists.cameras.length, microphones: lists.microphones.length, speakers: lists.speakers.length };
    },
    onChange(listener: () => void): Unsubscribe {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async start(): Promise<void> {
      source.addEventListener("devicechange", () => void refresh());
      await Promise.all([watchPermission("audio", "microphone"), watchPermission("video", "camera"), refresh()]);
    },
    async choose(kind: "microphone" | "speaker", device: AudioDeviceInfo): Promise<void> {
      const known = lists[kind === "microphone" ? "microphones" : "speakers"].find((one) => one.id === device?.id);
      if (!known) throw new CallingError(400, 0, `There is no such ${kind}: choose one of the device manager's list.`);
      if (selected[kind]?.id === known.id) return;
      selected[kind] = known;
      owner.emit(kind === "microphone" ? "selectedMicrophoneChanged" : "selectedSpeakerChanged");
    },
    async ask(wanted: PermissionConstraints): Promise<DeviceAccess> {
      const access: DeviceAccess = { audio: false, video: false };
      // One question for both, where both are there; a missing camera must not cost the microphone.
      if (wanted.audio && wanted.video && (await allowed({ audio: true, video: true }))) {
        access.audio = access.video = true;
      } else {
        if (wanted.audio) access.audio = await allowed({ audio: true, video: false });
        if (wanted.video) access.video = await allowed({ audio: false, video: true });
      }
      if (wanted.audio) denied.audio = access.audio ? false : (denied.audio ?? lists.microphones.length > 0);
      if (wanted.video) denied.video = access.video ? false : (denied.video ?? lists.cameras.length > 0);
      await refresh();
      tell();
      return access;
    },
    async preheat(parameters: StartPreheatDeviceParameters): Promise<void> {
      for (const kind of ["audio", "video"] as const) {
        const wish = parameters[kind];
        if (!wish?.preheat) continue;
        this.cool(kind);
        const stream = await (kind === "audio" ? openMicrophone(selected.microphone ? deviceIdOf(selected.microphone) : "") : openCamera(""));
        warm[kind] = { stream, timer: setTimeout(() => this.cool(kind), (wish.timeoutInSec ?? PREHEAT_SECONDS) * 1000) };
      }
    },
    cool(kind: "audio" | "video"): void {
      clearTimeout(warm[kind]?.timer);
      warm[kind]?.stream.getTracks().forEach((track) => track.stop());
      delete warm[kind];
    },
  };
}

function noSpeakers(): CallingError {
  return new CallingError(405, 40606, "This browser does not let a page choose the speaker.", "ExpectedError");
}

/**
 * Chromium lists the default device twice: by its name, and as `default`, which follows the system's choice and is what we mark. Elsewhere the
 * first one is the default (Media Capture and Streams, section 9.2). `communications` of Windows is a third name and is left out.
 */
function audioDevices(found: MediaDeviceInfo[]): AudioDeviceInfo[] {
  const devices = found.filter((device) => device.deviceId !== "communications");
  const fallback = devices.find((device) => device.deviceId === "default") ?? devices[0];
  return devices.map((device) => audioDevice(device, device === fallback));
}

function difference<T extends { id: string; name: string }>(before: T[], after: T[]): { added: T[]; removed: T[] } | undefined {
  const missing = (from: T[], of: T[]) => of.filter((one) => !from.some((other) => other.id === one.id && other.name === one.name));
  const added = missing(before, after);
  const removed = missing(after, before);
  return added.length + removed.length > 0 ? { added, removed } : undefined;
}
