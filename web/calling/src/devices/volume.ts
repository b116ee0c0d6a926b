import type { PropertyChangedEvent, Volume } from "../api/index.js";
import { Emitter } from "../call/emitter.js";

/** A volume that can be pointed at another track, and has to be disposed of. */
export interface OwnVolume extends Volume {
  follow(track: MediaStreamTrack): void;
  dispose(): void;
}

/** Milliseconds between two measurements. */
const INTERVAL = 100;

// One for the page: browsers allow only a few.
let shared: AudioContext | undefined;

/**
 * Measures how loud a track is, ten times a second: 0 is silence (below -60 dBFS), 100 the loudest. Measures a clone, so that a microphone
 * whose track is disabled by muting can still be heard by the page itself.
 */
export function volumeOf(track: MediaStreamTrack): OwnVolume {
  const context = (shared ??= new AudioContext());
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  const samples = new Float32Array(analyser.fftSize);
  let source: MediaStreamAudioSourceNode | undefined;
  let clone: MediaStreamTrack | undefined;
  let level = 0;
  const emitter = new Emitter<{ levelChanged: PropertyChangedEvent }>();
  // Autoplay rules hold a context until the person has touched the page.
  const wake = () => void context.resume();

  function leave(): void {
    source?.disconnect();
    clone?.stop();
    source = clone = undefined;
  }

  function follow(next: MediaStreamTrack): void {
    leave();
    clone = next.clone();
    clone.enabled = true;
    source = new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([clone]) });
    source.connect(analyser);
  }

  follow(track);
  if (context.state === "suspended") {
    wake();
    globalThis.addEventListener?.("pointerdown", wake, { once: true });
  }
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const now = levelOf(samples);
    if (now === level) return;
    level = now;
    emitter.emit("levelChanged");
  }, INTERVAL);

  return {
    get level() {
      return level;
    },
    on: emitter.on,
    off: emitter.off,
    follow,
    dispose() {
      clearInterval(timer);
      globalThis.removeEventListener?.("pointerdown", wake);
      leave();
      analyser.disconnect();
      emitter.forget();
    },
  };
}

/** The root mean square of samples in decibels below full scale, mapped from -60..0 to 0..100. */
export function levelOf(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i]! * samples[i]!;
  if (sum === 0) return 0;
  const decibels = 10 * Math.log10(sum / samples.length);
  return Math.round(Math.min(100, Math.max(0, (decibels + 60) / 0.6)));
}
