// Statistics of the media.

import type { CallFeature } from "./features.js";

/** Statistics of the media, from the browser. */
export interface MediaStatsCallFeature extends CallFeature {
  createCollector(options?: MediaStatsCollectorOptions): MediaStatsCollector;
}

export type MediaStatsCollectorOptions = {
  aggregationInterval?: number;
  dataPointsPerAggregation?: number;
};

/** Reports samples every second and summaries at an interval. */
export interface MediaStatsCollector {
  dispose(): void;
  on(event: "sampleReported", listener: MediaStatsReportSampleEvent): void;
  off(event: "sampleReported", listener: MediaStatsReportSampleEvent): void;
  on(event: "summaryReported", listener: MediaStatsReportSummaryEvent): void;
  off(event: "summaryReported", listener: MediaStatsReportSummaryEvent): void;
}

export type MediaStatsReportSampleEvent = (args: MediaStatsReportSample) => void;

export type MediaStatsReportSummaryEvent = (args: MediaStatsReportSummary) => void;

/** Statistics of one moment. */
export interface MediaStatsReportSample {
  audio: {
    send: OutgoingAudioMediaStats<number, string>[];
    receive: IncomingAudioMediaStats<number, string>[];
  };
  video: {
    send: OutgoingVideoMediaStats<number, string>[];
    receive: IncomingVideoMediaStats<number, string>[];
  };
  screenShare: {
    send: OutgoingScreenShareMediaStats<number, string>[];
    receive: IncomingScreenShareMediaStats<number, string>[];
  };
  transports: TransportMediaStats<number>[];
}

/** Statistics of an interval. */
export interface MediaStatsReportSummary {
  audio: {
    send: OutgoingAudioMediaStats<MediaStatValue<number>, MediaStatValue<string>>[];
    receive: IncomingAudioMediaStats<MediaStatValue<number>, MediaStatValue<string>>[];
  };
  video: {
    send: OutgoingVideoMediaStats<MediaStatValue<number>, MediaStatValue<string>>[];
    receive: IncomingVideoMediaStats<MediaStatValue<number>, MediaStatValue<string>>[];
  };
  screenShare: {
    send: OutgoingScreenShareMediaStats<MediaStatValue<number>, MediaStatValue<string>>[];
    receive: IncomingScreenShareMediaStats<MediaStatValue<number>, MediaStatValue<string>>[];
  };
  transports: TransportMediaStats<MediaStatValue<number>>[];
}

export type MediaStatValue<T> = {
  aggregation?: MediaStatsAggregation;
  raw: T[];
  timestamp: Date;
};

export type MediaStatsAggregation = {
  count: number[];
  sum: number[];
  min: number[];
  max: number[];
};

/** Audio that comes in. Bitrates are in bits per second, levels from 0 to 65535. */
export interface IncomingAudioMediaStats<NumberType, StringType> {
  id: string;
  codecName?: StringType;
  bitrate?: NumberType;
  jitterInMs?: NumberType;
  packets?: NumberType;
  packetsPerSecond?: NumberType;
  packetsLost?: NumberType;
  packetsLostPerSecond?: NumberType;
  rttInMs?: NumberType;
  jitterBufferDelayInMs?: NumberType;
  audioOutputLevel?: NumberType;
  healedRatio?: NumberType;
  transportId?: StringType;
}

/** Video that comes in. Bitrates are in bits per second. */
export interface IncomingVideoMediaStats<NumberType, StringType> {
  id: string;
  codecName?: StringType;
  bitrate?: NumberType;
  jitterInMs?: NumberType;
  packets?: NumberType;
  packetsPerSecond?: NumberType;
  packetsLost?: NumberType;
  packetsLostPerSecond?: NumberType;
  rttInMs?: NumberType;
  streamId?: NumberType;
  jitterBufferDelayInMs?: NumberType;
  frameRateDecoded?: NumberType;
  frameRateReceived?: NumberType;
  frameWidthReceived?: NumberType;
  frameHeightReceived?: NumberType;
  longestFreezeDurationInMs?: NumberType;
  totalFreezeDurationInMs?: NumberType;
  framesReceived?: NumberType;
  framesDropped?: NumberType;
  framesDecoded?: NumberType;
  keyFramesDecoded?: NumberType;
  transportId?: StringType;
}

export type IncomingScreenShareMediaStats<NumberType, StringType> = IncomingVideoMediaStats<NumberType, StringType>;

/** Audio that goes out. Bitrates are in bits per second, levels from 0 to 65535. */
export interface OutgoingAudioMediaStats<NumberType, StringType> {
  id: string;
  codecName?: StringType;
  bitrate?: NumberType;
  jitterInMs?: NumberType;
  packets?: NumberType;
  packetsPerSecond?: NumberType;
  packetsLost?: NumberType;
  packetsLostPerSecond?: NumberType;
  rttInMs?: NumberType;
  audioInputLevel?: NumberType;
  transportId?: StringType;
}

/** Video that goes out. Bitrates are in bits per second; `altLayouts` are the smaller layers of a simulcast. */
export interface OutgoingVideoMediaStats<NumberType, StringType> {
  id: string;
  codecName?: StringType;
  bitrate?: NumberType;
  jitterInMs?: NumberType;
  packets?: NumberType;
  packetsPerSecond?: NumberType;
  packetsLost?: NumberType;
  packetsLostPerSecond?: NumberType;
  rttInMs?: NumberType;
  frameRateInput?: NumberType;
  frameWidthInput?: NumberType;
  frameHeightInput?: NumberType;
  framesEncoded?: NumberType;
  frameRateEncoded?: NumberType;
  framesSent?: NumberType;
  frameRateSent?: NumberType;
  frameWidthSent?: NumberType;
  frameHeightSent?: NumberType;
  keyFramesEncoded?: NumberType;
  transportId?: StringType;
  altLayouts?: OutgoingVideoMediaStats<NumberType, StringType>[];
}

export type OutgoingScreenShareMediaStats<NumberType, StringType> = OutgoingVideoMediaStats<NumberType, StringType>;

/** A transport. Bitrates are in bits per second. */
export interface TransportMediaStats<NumberType> {
  id: string;
  rttInMs?: NumberType;
  availableIncomingBitrate?: NumberType;
  availableOutgoingBitrate?: NumberType;
}
