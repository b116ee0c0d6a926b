import type {
  ActiveAudioEffects,
  AudioEffectsFeature,
  AudioEffectsFeatureErrorListener,
  AudioEffectsFeatureListener,
  AudioEffectsStartConfig,
  AudioEffectsStopConfig,
  AudioStreamFeatureFactory,
  VideoEffectName,
  VideoEffectProcessor,
  VideoEffectsFeature,
  VideoEffectsFeatureErrorListener,
  VideoEffectsFeatureListener,
  VideoStreamFeatureFactory,
} from "../api/index.js";
import { Emitter } from "../call/emitter.js";
import { CallingError } from "../call/errors.js";
import { INTERNAL } from "../call/internal.js";
import type { TrackEffect } from "../devices/capture.js";
import type { LocalAudioStream, LocalVideoStream } from "../devices/index.js";
import { unsupported } from "./feature.js";

/**
 * Runs effects that have a method `apply(track)` giving `{ track, stop() }`: it is handed the camera's track and gives what is to be sent. How the
 * official effects package is driven is not documented, so that its effects are `isSupported: false` here.
 */
export const videoEffects: VideoStreamFeatureFactory<VideoEffectsFeature> = {
  videoStreamApiCtor: class {
    constructor({ streamInstance }: { streamInstance: LocalVideoStream }) {
      return videoEffectsOf(streamInstance);
    }
  } as unknown as VideoStreamFeatureFactory<VideoEffectsFeature>["videoStreamApiCtor"],
};

function videoEffectsOf(stream: LocalVideoStream): VideoEffectsFeature {
  const emitter = new Emitter<{
    effectsStarted: VideoEffectsFeatureListener;
    effectsStopped: VideoEffectsFeatureListener;
    effectsError: VideoEffectsFeatureErrorListener;
    fpsWarningThresholdReached: VideoEffectsFeatureListener;
    timeForEffectsWarningReached: VideoEffectsFeatureListener;
  }>();
  let active: VideoEffectName[] = [];
  return {
    name: "VideoEffects",
    get activeEffects() {
      return [...active];
    },
    isSupported: async (effect: VideoEffectProcessor) => runs(effect),
    async startEffects(effect: VideoEffectProcessor) {
      if (!runs(effect)) throw unsupported("This effect");
      try {
        await stream[INTERNAL].setEffect(effect);
      } catch (error) {
        emitter.emit("effectsError", { code: 500, message: String(error) });
        throw error;
      }
      active = [effect.name];
      emitter.emit("effectsStarted", [...active]);
    },
    async stopEffects() {
      const stopped = active;
      await stream[INTERNAL].setEffect(undefined);
      active = [];
      if (stopped.length > 0) emitter.emit("effectsStopped", stopped);
    },
    on: emitter.on,
    off: emitter.off,
    dispose: emitter.forget,
  };
}

function runs(effect: unknown): effect is TrackEffect {
  return typeof (effect as Partial<TrackEffect> | undefined)?.apply === "function";
}

/** The browser's own echo cancellation and noise suppression, on or off; other effects when they have a method `apply(track)`. */
export const audioEffects: AudioStreamFeatureFactory<AudioEffectsFeature> = {
  audioStreamApiCtor: class {
    constructor({ streamInstance }: { streamInstance: LocalAudioStream }) {
      return audioEffectsOf(streamInstance);
    }
  } as unknown as AudioStreamFeatureFactory<AudioEffectsFeature>["audioStreamApiCtor"],
};

function audioEffectsOf(stream: LocalAudioStream): AudioEffectsFeature {
  const emitter = new Emitter<{
    effectsStarted: AudioEffectsFeatureListener;
    effectsStopped: AudioEffectsFeatureListener;
    effectsError: AudioEffectsFeatureErrorListener;
  }>();
  // Microphones are opened with both.
  let active: ActiveAudioEffects = { echoCancellation: ["BrowserEchoCancellation"], noiseSuppression: ["BrowserNoiseSuppression"] };

  async function reported<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const problem = error instanceof CallingError ? error : new CallingError(500, 0, `The effect could not be run: ${error}.`);
      emitter.emit("effectsError", problem);
      throw problem;
    }
  }

  return {
    name: "AudioEffects",
    get activeEffects() {
      return active;
    },
    async isSupported(effect) {
      const supported = globalThis.navigator?.mediaDevices?.getSupportedConstraints() ?? {};
      if (effect === "BrowserEchoCancellation") return supported.echoCancellation === true;
      if (effect === "BrowserNoiseSuppression") return supported.noiseSuppression === true;
      return runs(effect);
    },
    async startEffects(config: AudioEffectsStartConfig) {
      const started: ActiveAudioEffects = { echoCancellation: [], noiseSuppression: [] };
      await reported(async () => {
        const { echoCancellation, noiseSuppression } = config;
        if (echoCancellation === "BrowserEchoCancellation") {
          await stream[INTERNAL].process({ echoCancellation: true });
          started.echoCancellation.push(echoCancellation);
        } else if (echoCancellation) {
          throw unsupported("This echo cancellation");
        }
        if (noiseSuppression === "BrowserNoiseSuppression") {
          await stream[INTERNAL].setEffect(undefined);
          await stream[INTERNAL].process({ noiseSuppression: true });
          started.noiseSuppression.push(noiseSuppression);
        } else if (noiseSuppression) {
          if (!runs(noiseSuppression)) throw unsupported("This noise suppression");
          // Two in a row make voices thin.
          await stream[INTERNAL].process({ noiseSuppression: false });
          await stream[INTERNAL].setEffect(noiseSuppression);
          started.noiseSuppression.push((noiseSuppression as { name: ActiveAudioEffects["noiseSuppression"][number] }).name);
        }
      });
      active = {
        echoCancellation: started.echoCancellation.length > 0 ? started.echoCancellation : active.echoCancellation,
        noiseSuppression: started.noiseSuppression.length > 0 ? started.noiseSuppression : active.noiseSuppression,
      };
      emitter.emit("effectsStarted", started);
    },
    async stopEffects(config: AudioEffectsStopConfig) {
      if (!config.noiseSuppression || active.noiseSuppression.length === 0) return;
      const stopped: ActiveAudioEffects = { echoCancellation: [], noiseSuppression: active.noiseSuppression };
      await reported(async () => {
        await stream[INTERNAL].setEffect(undefined);
        await stream[INTERNAL].process({ noiseSuppression: false });
      });
      active = { ...active, noiseSuppression: [] };
      emitter.emit("effectsStopped", stopped);
    },
    on: emitter.on,
    off: emitter.off,
    dispose: emitter.forget,
  };
}
