import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DiagnosticQuality, Features, type MediaStatsReportSample, type MediaStatsReportSummary } from "../src/index.js";
import type { Direction, TrackPlace } from "../src/media/session.js";
import { type Entry, ReportReader } from "../src/stats/report.js";
import { BOB, connected, ME, participant, settled, snapshot } from "./lib/world.js";

type Report = { [id: string]: Omit<Entry, "id" | "timestamp"> };

/** A call whose media reports what the test says, second by second. */
async function reporting() {
  const all = await connected({ media: true });
  all.server.answers["call.join"] = snapshot({ participants: [participant("p-me", ME), participant("p-bob", BOB)] });
  const call = all.agent.join({ groupId: "g" });
  await settled();
  const [media] = all.media;
  const reports: { [direction in Direction]: Report } = { publish: {}, subscribe: {} };
  const states = new Set<(direction: Direction, state: RTCPeerConnectionState) => void>();
  let now = 0;
  const connections = Object.fromEntries(
    (["publish", "subscribe"] as const).map((direction) => [
      direction,
      {
        connectionState: "connected",
        addEventListener: () => {},
        getStats: async () => new Map(Object.entries(reports[direction]).map(([id, entry]) => [id, { id, timestamp: now, ...entry }])),
      },
    ]),
  );
  const places: { [mid: string]: TrackPlace } = {
    a: { type: "Audio", participant: "p-bob", stream: 0 },
    v: { type: "Video", participant: "p-bob", stream: 3 },
    s: { type: "ScreenSharing", participant: "p-bob", stream: 4 },
  };
  media!.session.connection = (direction) => connections[direction] as unknown as RTCPeerConnection;
  media!.session.place = (_, mid) => places[mid];
  media!.session.onState = (listener) => {
    states.add(listener);
    return () => states.delete(listener);
  };
  return {
    ...all,
    call,
    reports,
    state: (direction: Direction, state: RTCPeerConnectionState) => states.forEach((listener) => listener(direction, state)),
    async seconds(count: number, change?: (second: number) => void) {
      for (let i = 1; i <= count; i++) {
        now += 1000;
        change?.(i);
        await vi.advanceTimersByTimeAsync(1000);
      }
    },
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const at = (timestamp: number, entries: Report): [string, Entry][] =>
  Object.entries(entries).map(([id, entry]) => [id, { id, timestamp, ...entry } as Entry]);

describe("reports", () => {
  test("rates are over the time that has passed", () => {
    const reader = new ReportReader("subscribe");
    const place = () => ({ type: "Video", participant: "p", stream: 3 }) as TrackPlace;
    const entry = (part: object) => ({
      in: { type: "inbound-rtp", mid: "0", codecId: "c", transportId: "t", ...part },
      c: { type: "codec", mimeType: "video/VP8" },
    });
    reader.read(
      at(1000, entry({ bytesReceived: 0, packetsReceived: 0, packetsLost: 0, framesDecoded: 0, totalFreezesDuration: 0, freezeCount: 0 })),
      place,
    );
    const { streams } = reader.read(
      at(
        3000,
        entry({
          bytesReceived: 250_000,
          packetsReceived: 180,
          packetsLost: 20,
          framesDecoded: 50,
          jitter: 0.012,
          totalFreezesDuration: 0.6,
          freezeCount: 2,
        }),
      ),
      place,
    );
    expect(streams[0]!.values).toMatchObject({
      codecName: "VP8",
      bitrate: 1_000_000,
      packetsPerSecond: 90,
      packetsLostPerSecond: 10,
      jitterInMs: 12,
      frameRateDecoded: 25,
      longestFreezeDurationInMs: 300,
      totalFreezeDurationInMs: 600,
      streamId: 3,
    });
    expect(streams[0]!.loss).toBeCloseTo(0.1);
  });

  test("the first report has no rates, and streams of unknown places are left out", () => {
    const reader = new ReportReader("publish");
    const report = at(1000, { out: { type: "outbound-rtp", mid: "0", bytesSent: 5 }, other: { type: "outbound-rtp", mid: "9" } });
    const { streams } = reader.read(report, (mid) => (mid === "0" ? { type: "Audio", stream: 0 } : undefined));
    expect(streams).toHaveLength(1);
    expect(streams[0]!.values.bitrate).toBeUndefined();
    expect(streams[0]!.loss).toBeUndefined();
  });

  test("what is sent takes loss and delay from the receiver's report", () => {
    const reader = new ReportReader("publish");
    const entries = (sent: number, lost: number): Report => ({
      out: { type: "outbound-rtp", mid: "0", packetsSent: sent, remoteId: "r" },
      r: { type: "remote-inbound-rtp", packetsLost: lost, roundTripTime: 0.08, jitter: 0.005 },
    });
    const place = (): TrackPlace => ({ type: "Audio", stream: 0 });
    reader.read(at(0, entries(0, 0)), place);
    const { streams } = reader.read(at(1000, entries(50, 5)), place);
    expect(streams[0]!.values).toMatchObject({ rttInMs: 80, jitterInMs: 5, packetsLost: 5 });
    expect(streams[0]!.loss).toBeCloseTo(0.1);
  });
});

describe("the call's record", () => {
  test("the server is told every ten seconds of what flowed since, in the protocol's words", async () => {
    const { server, reports, seconds } = await reporting();
    await seconds(20, (i) => {
      reports.publish = {
        q: { type: "outbound-rtp", mid: "v", rid: "q", frameWidth: 320, frameHeight: 180, bytesSent: i * 10_000, framesSent: i * 30, codecId: "c" },
        c: { type: "codec", mimeType: "video/VP8" },
      };
      reports.subscribe = {
        in: { type: "inbound-rtp", mid: "a", bytesReceived: i * 5_000, packetsReceived: i * 45, packetsLost: i * 5, jitter: 0.004 },
        seen: { type: "inbound-rtp", mid: "s", bytesReceived: i * 1_000, totalFreezesDuration: i * 0.1, freezeCount: i },
        lost: { type: "inbound-rtp", mid: "x", bytesReceived: i },
      };
    });
    const told = server.requests("stats");
    expect(told).toHaveLength(1);
    expect(told[0]!.streams).toEqual([
      { id: "q", type: "Video", direction: "outbound", codec: "VP8", bitrate: 80_000, loss: 0, frameRate: 30, width: 320, height: 180 },
      { id: "p-bob 0", type: "Audio", direction: "inbound", bitrate: 40_000, jitter: 4, loss: 0.1 },
      { id: "p-bob 4", type: "ScreenSharing", direction: "inbound", bitrate: 8_000, loss: 0, frameRate: 0, width: 0, height: 0, freeze: 1_000 },
    ]);
  });
});

describe("media statistics", () => {
  test("a sample every second; layers of a simulcast under the largest", async () => {
    const { call, reports, seconds } = await reporting();
    const samples: MediaStatsReportSample[] = [];
    call
      .feature(Features.MediaStats)
      .createCollector()
      .on("sampleReported", (sample) => samples.push(sample));
    await seconds(3, (i) => {
      reports.publish = {
        f: { type: "outbound-rtp", mid: "v", rid: "f", frameWidth: 1280, bytesSent: i * 100_000, transportId: "t" },
        q: { type: "outbound-rtp", mid: "v", rid: "q", frameWidth: 320, bytesSent: i * 10_000 },
        t: { type: "transport", selectedCandidatePairId: "p" },
        p: { type: "candidate-pair", currentRoundTripTime: 0.02, availableOutgoingBitrate: 2_000_000 },
      };
      reports.subscribe = { a: { type: "inbound-rtp", mid: "a", audioLevel: 0.5, packetsReceived: i * 50, packetsLost: 0 } };
    });
    expect(samples).toHaveLength(3);
    expect(samples[2]!.video.send).toMatchObject([{ id: "f", bitrate: 800_000, frameWidthSent: 1280, altLayouts: [{ id: "q", bitrate: 80_000 }] }]);
    expect(samples[2]!.audio.receive).toMatchObject([{ audioOutputLevel: 32_768, packetsPerSecond: 50 }]);
    expect(samples[2]!.transports).toEqual([{ id: "publish-t", rttInMs: 20, availableOutgoingBitrate: 2_000_000 }]);
    expect(samples[2]!.screenShare).toEqual({ send: [], receive: [] });
  });

  test("a summary has an aggregation for each interval", async () => {
    const { call, reports, seconds } = await reporting();
    const summaries: MediaStatsReportSummary[] = [];
    const collector = call.feature(Features.MediaStats).createCollector({ aggregationInterval: 2, dataPointsPerAggregation: 2 });
    collector.on("summaryReported", (summary) => summaries.push(summary));
    await seconds(4, (i) => {
      reports.subscribe = { v: { type: "inbound-rtp", mid: "v", frameWidth: i * 100, codecId: "c" }, c: { type: "codec", mimeType: "video/H264" } };
    });
    const [stream] = summaries[0]!.video.receive;
    expect(stream!.frameWidthReceived!.aggregation).toEqual({ count: [2, 2], sum: [300, 700], min: [100, 300], max: [200, 400] });
    expect(stream!.frameWidthReceived!.raw).toEqual([100, 200, 300, 400]);
    expect(stream!.codecName!.raw).toEqual(["H264", "H264", "H264", "H264"]);
    expect(stream!.codecName!.aggregation).toBeUndefined();
    collector.dispose();
    await seconds(4);
    expect(summaries).toHaveLength(1);
  });

  test("nonsense intervals are refused", async () => {
    const { call } = await reporting();
    for (const aggregationInterval of [0, -1, 0.5, 4_000]) {
      expect(() => call.feature(Features.MediaStats).createCollector({ aggregationInterval })).toThrow();
    }
  });
});

describe("diagnostics of the network", () => {
  test("a good network has none; a bad one is told after some seconds, and the recovery too", async () => {
    const { call, reports, seconds } = await reporting();
    const { network } = call.feature(Features.UserFacingDiagnostics);
    const heard: unknown[] = [];
    network.on("diagnosticChanged", ({ diagnostic, value, valueType }) => heard.push([diagnostic, value, valueType]));
    let received = 0;
    let lost = 0;
    const second = (loss: number) => () => {
      received += 100 - loss;
      lost += loss;
      reports.subscribe = { a: { type: "inbound-rtp", mid: "a", packetsReceived: received, packetsLost: lost } };
    };
    await seconds(10, second(0));
    expect(network.getLatest()).toEqual({});
    await seconds(3, second(20));
    expect(heard).toEqual([]);
    await seconds(3, second(20));
    await seconds(6, second(0));
    expect(heard).toEqual([
      ["networkReceiveQuality", DiagnosticQuality.Bad, "DiagnosticQuality"],
      ["networkReceiveQuality", DiagnosticQuality.Good, "DiagnosticQuality"],
    ]);
    expect(network.getLatest().networkReceiveQuality).toEqual({ value: DiagnosticQuality.Good, valueType: "DiagnosticQuality" });
  });

  test("a lost signalling connection and a lost media connection are reconnects", async () => {
    const { server, call, state } = await reporting();
    const heard: unknown[] = [];
    call.feature(Features.UserFacingDiagnostics).network.on("diagnosticChanged", ({ diagnostic, value }) => heard.push([diagnostic, value]));
    state("subscribe", "disconnected");
    state("subscribe", "failed");
    state("subscribe", "connected");
    server.down = true;
    server.socket.cut();
    expect(heard).toEqual([
      ["networkReconnect", DiagnosticQuality.Poor],
      ["networkReconnect", DiagnosticQuality.Bad],
      ["networkReconnect", DiagnosticQuality.Good],
      ["networkReconnect", DiagnosticQuality.Poor],
    ]);
  });
});

describe("diagnostics of devices", () => {
  test("a camera that gives no picture is frozen", async () => {
    const { call, reports, seconds } = await reporting();
    const { stream } = await import("./lib/world.js");
    await call.startVideo(stream("Video"));
    const heard: unknown[] = [];
    call.feature(Features.UserFacingDiagnostics).media.on("diagnosticChanged", ({ diagnostic, value }) => heard.push([diagnostic, value]));
    const frames = (encoded: number, rate: number) => {
      reports.publish = {
        v: { type: "outbound-rtp", mid: "v", framesEncoded: encoded, mediaSourceId: "m" },
        m: { type: "media-source", framesPerSecond: rate },
      };
    };
    await seconds(5, (i) => frames(i * 30, 30));
    await seconds(6, () => frames(150, 0));
    await seconds(2, (i) => frames(150 + i * 30, 30));
    expect(heard).toEqual([
      ["cameraFreeze", true],
      ["cameraFreeze", false],
    ]);
  });

  test("a camera and a screen that end by themselves have stopped unexpectedly", async () => {
    const { call } = await reporting();
    const { stream } = await import("./lib/world.js");
    const camera = stream("Video");
    const heard: unknown[] = [];
    const { media } = call.feature(Features.UserFacingDiagnostics);
    media.on("diagnosticChanged", ({ diagnostic, value }) => heard.push([diagnostic, value]));
    await call.startVideo(camera);
    camera.end();
    await settled();
    expect(heard).toEqual([["cameraStoppedUnexpectedly", true]]);
    await call.startVideo(stream("Video"));
    expect(media.getLatest().cameraStoppedUnexpectedly?.value).toBe(false);
  });
});

describe("optimal video count", () => {
  async function watching(videos: number) {
    const all = await reporting();
    const feature = all.call.feature(Features.OptimalVideoCount);
    const changes: [number, string][] = [];
    feature.on("optimalVideoCountChanged", () => changes.push([feature.optimalVideoCount, feature.lastOvcChangeReason]));
    const totals = { received: 0, dropped: 0, frozen: 0, packets: 0, lost: 0 };
    const second = (part: { dropped?: number; frozen?: number; lost?: number }) => () => {
      totals.received += 30;
      totals.packets += 100;
      totals.dropped += part.dropped ?? 0;
      totals.frozen += part.frozen ?? 0;
      totals.lost += part.lost ?? 0;
      all.reports.subscribe = Object.fromEntries(
        Array.from({ length: videos }, (_, i) => [
          `v${i}`,
          {
            type: "inbound-rtp",
            mid: "v",
            framesReceived: totals.received,
            framesDropped: totals.dropped,
            totalFreezesDuration: totals.frozen,
            freezeCount: 1,
            packetsReceived: totals.packets,
            packetsLost: totals.lost,
          },
        ]),
      );
    };
    return { ...all, feature, changes, second };
  }

  test("is less when packets are lost, and more again one by one when all is well", async () => {
    const { seconds, second, changes, feature } = await watching(9);
    expect(feature.optimalVideoCount).toBe(9);
    await seconds(3, second({ lost: 30 }));
    expect(changes).toEqual([]);
    await seconds(3, second({ lost: 30 }));
    expect(changes).toEqual([[6, "bandwidth"]]);
    await seconds(40, second({}));
    expect(changes.slice(1)).toEqual([
      [7, "bandwidth"],
      [8, "bandwidth"],
    ]);
  });

  test("a decoder that drops frames is a matter of performance", async () => {
    const { seconds, second, changes } = await watching(6);
    await seconds(6, second({ dropped: 15 }));
    expect(changes).toEqual([[4, "performance"]]);
  });

  test("is one at least, and does not grow while fewer are shown", async () => {
    const { seconds, second, changes, feature } = await watching(1);
    await seconds(30, second({ frozen: 0.9 }));
    expect(feature.optimalVideoCount).toBe(1);
    const before = changes.length;
    await seconds(3, second({}));
    expect(changes).toHaveLength(before);
  });
});
