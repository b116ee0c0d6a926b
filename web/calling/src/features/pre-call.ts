import type { CommunicationTokenCredential } from "@azure/communication-common";
import type { CallAgent, CallClientFeature, CallCommon, DeviceAccess, RemoteVideoStream } from "../api/index.js";
import { newId } from "../call/identify.js";
import { INTERNAL, type RemoteSource } from "../call/internal.js";
import type { CallClient } from "../client.js";
import { LocalAudioStream, LocalVideoStream } from "../devices/index.js";
import { environment } from "../environment.js";
import { type CallSample, onSample } from "../stats/sampler.js";
import { contextOf } from "./feature.js";

type Grade = "Bad" | "Average" | "Good" | "Unknown";
type Availability = "Available" | "NotAvailable" | "Unknown";
type Support = "Supported" | "NotSupported" | "Unknown";

/** Grades of what came back. */
interface MediaGrades {
  jitter: Grade;
  packetLoss: Grade;
  rtt: Grade;
}

/** Results, each as soon as it is there. The shape is that of the official preview, where the feature has been documented. */
export interface PreCallDiagnosticsResult {
  readonly id: string;
  readonly deviceAccess: Promise<DeviceAccess>;
  readonly deviceEnumeration: Promise<{ microphone: Availability; camera: Availability; speaker: Availability }>;
  readonly browserSupport: Promise<{ browser: Support; os: Support }>;
  /** `connected`: the server was reached, and both ends of the loop met in a call. The grades are unknown where the server carries no media. */
  readonly inCallDiagnostics: Promise<{ connected: boolean; bandWidth: Grade; diagnostics: { audio: MediaGrades; video: MediaGrades } }>;
}

/** Finds out before a call whether it will work. */
export interface PreCallDiagnosticsFeature extends CallClientFeature {
  /** Calls itself on the server for about ten seconds, with tones and pictures of its own making; the camera's light stays off. Needs the scope `voip`. */
  startTest(tokenCredential: CommunicationTokenCredential): Promise<PreCallDiagnosticsResult>;
}

/** Seconds of media, and milliseconds until both ends have to have met. */
const MEDIA_SECONDS = 10;
const MEETING_MAX = 15_000;

/** Bounds of good and average: milliseconds, parts of packets, bits per second. */
const BOUNDS = { jitter: [30, 60], loss: [0.05, 0.1], rtt: [500, 1_000], bandwidth: [1_000_000, 250_000] } as const;

const UNKNOWN: MediaGrades = { jitter: "Unknown", packetLoss: "Unknown", rtt: "Unknown" };

export function preCallDiagnostics(client: CallClient): PreCallDiagnosticsFeature {
  return {
    name: "PreCallDiagnostics",
    async startTest(tokenCredential) {
      const access = client.getDeviceManager().then((devices) => devices.askDevicePermission({ audio: true, video: true }));
      return {
        id: newId(),
        deviceAccess: access.catch(() => ({ audio: false, video: false })),
        deviceEnumeration: access.then(() => enumerated(client)).catch(() => ({ microphone: "Unknown", camera: "Unknown", speaker: "Unknown" })),
        browserSupport: Promise.resolve(support()),
        inCallDiagnostics: loop(client, tokenCredential),
      };
    },
    dispose: () => {},
  };
}

function support(): { browser: Support; os: Support } {
  const { isSupportedBrowserVersion, isSupportedPlatform, environment: found } = environment();
  const said = (known: boolean, supported: boolean): Support => (!known ? "Unknown" : supported ? "Supported" : "NotSupported");
  return {
    browser: said(found.browser !== "unknown", isSupportedBrowserVersion && typeof RTCPeerConnection !== "undefined"),
    os: said(found.platform !== "unknown", isSupportedPlatform),
  };
}

async function enumerated(client: CallClient): Promise<{ microphone: Availability; camera: Availability; speaker: Availability }> {
  const devices = await client.getDeviceManager();
  const there = (list: unknown[]): Availability => (list.length > 0 ? "Available" : "NotAvailable");
  return {
    microphone: there(await devices.getMicrophones()),
    camera: there(await devices.getCameras()),
    speaker: devices.isSpeakerSelectionAvailable ? there(await devices.getSpeakers()) : "Unknown",
  };
}

type InCall = Awaited<PreCallDiagnosticsResult["inCallDiagnostics"]>;

/** Two agents of the same user meet in a group of their own; what one sends the other receives, by way of the server. */
async function loop(client: CallClient, credential: CommunicationTokenCredential): Promise<InCall> {
  const result: InCall = { connected: false, bandWidth: "Unknown", diagnostics: { audio: UNKNOWN, video: UNKNOWN } };
  const agents: CallAgent[] = [];
  const source = syntheticMedia();
  try {
    agents.push(await client.createCallAgent(credential), await client.createCallAgent(credential));
    const group = { groupId: newId() };
    const [sending, receiving] = agents as [CallAgent, CallAgent];
    const audioOptions = { muted: false, localAudioStreams: [source.audio] };
    const sender = sending.join(group, { audioOptions, videoOptions: { localVideoStreams: [source.video] } });
    await reached(sender, () => sender.state === "Connected");
    const receiver = receiving.join(group, { audioOptions: { muted: true, localAudioStreams: [source.silence] } });
    await reached(receiver, () => receiver.state === "Connected");
    result.connected = true;
    if (contextOf(receiver).welcome?.media) Object.assign(result, await measured(sender, receiver));
  } catch {
    // Whatever failed is told by what is missing in the result.
  } finally {
    for (const agent of agents) await agent.dispose().catch(() => undefined);
    source.stop();
  }
  return result;
}

async function measured(sender: CallCommon, receiver: CallCommon): Promise<Partial<InCall>> {
  const video = () => receiver.remoteParticipants.flatMap((one) => [...one.videoStreams])[0];
  await reached(receiver, () => video() !== undefined);
  const watch = (video() as RemoteVideoStream & { [INTERNAL]: RemoteSource })[INTERNAL].watch(1280, 720);
  watch.track.catch(() => undefined);
  const sent: CallSample[] = [];
  const received: CallSample[] = [];
  const stopSent = onSample(contextOf(sender), (sample) => sent.push(sample));
  await new Promise<void>((resolve) => {
    const stop = onSample(contextOf(receiver), (sample) => {
      received.push(sample);
      if (received.length < MEDIA_SECONDS) return;
      stop();
      resolve();
    });
    // A call that is lost meanwhile gives no more samples.
    contextOf(receiver).onEnd(resolve);
  });
  stopSent();
  watch.close();
  const estimates = sent.flatMap(({ transports }) => transports.flatMap(({ availableOutgoingBitrate }) => availableOutgoingBitrate ?? []));
  const best = estimates.length > 0 ? Math.max(...estimates) : undefined;
  return {
    bandWidth: best === undefined ? "Unknown" : best >= BOUNDS.bandwidth[0] ? "Good" : best >= BOUNDS.bandwidth[1] ? "Average" : "Bad",
    diagnostics: { audio: graded("Audio", sent, received), video: graded("Video", sent, received) },
  };
}

function graded(type: "Audio" | "Video", sent: CallSample[], received: CallSample[]): MediaGrades {
  const of = (samples: CallSample[]) => samples.flatMap(({ streams }) => streams.filter(({ place }) => place.type === type));
  const mean = (values: (number | undefined)[]) => {
    const known = values.filter((value) => value !== undefined);
    return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : undefined;
  };
  const numbers = (samples: CallSample[], name: string) =>
    of(samples)
      .filter(({ direction }) => samples === sent || direction === "subscribe")
      .map(({ values }) => (typeof values[name] === "number" ? values[name] : undefined));
  const losses = of(received).flatMap(({ direction, loss }) => (direction === "subscribe" ? [loss] : []));
  return {
    jitter: grade(mean(numbers(received, "jitterInMs")), BOUNDS.jitter),
    packetLoss: grade(mean(losses), BOUNDS.loss),
    rtt: grade(mean([...numbers(sent, "rttInMs"), ...numbers(received, "rttInMs")]), BOUNDS.rtt),
  };
}

function grade(value: number | undefined, [good, average]: readonly [number, number]): Grade {
  if (value === undefined) return "Unknown";
  return value <= good ? "Good" : value <= average ? "Average" : "Bad";
}

/** Waits until something is so, looking again at every change of the call. */
function reached(call: CallCommon, isSo: () => boolean): Promise<void> {
  const context = contextOf(call);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(() => reject(new Error("It took too long."))), MEETING_MAX);
    const look = () => {
      if (isSo()) end(resolve);
      else if (call.state === "Disconnected") end(() => reject(new Error("The call has ended.")));
    };
    const unhear = context.onChange(look);
    call.on("stateChanged", look);
    function end(then: () => void): void {
      clearTimeout(timer);
      call.off("stateChanged", look);
      unhear();
      then();
    }
    look();
  });
}

/** A tone, a moving picture and silence, without any device. */
function syntheticMedia() {
  const context = new AudioContext();
  const tone = new OscillatorNode(context, { frequency: 440 });
  const heard = new MediaStreamAudioDestinationNode(context);
  const silence = new MediaStreamAudioDestinationNode(context);
  tone.connect(heard);
  tone.start();
  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 360 });
  const draw = canvas.getContext("2d")!;
  let frame = 0;
  const timer = setInterval(() => {
    draw.fillStyle = `hsl(${frame++ % 360} 80% 50%)`;
    draw.fillRect(Math.random() * 600, Math.random() * 320, 120, 120);
  }, 66);
  const streams = {
    audio: new LocalAudioStream(heard.stream),
    silence: new LocalAudioStream(silence.stream),
    video: new LocalVideoStream(canvas.captureStream(15)),
  };
  return {
    ...streams,
    stop() {
      clearInterval(timer);
      Object.values(streams).forEach((stream) => stream.dispose());
      void context.close();
    },
  };
}
