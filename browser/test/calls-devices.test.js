// The calling package's devices, streams, renderer and statistics on Chromium's fake camera and microphone.

import { after, afterEach, before, test } from "node:test";
import assert from "node:assert/strict";
import { Browser, PATIENCE } from "../lib/browser.js";
import { someone } from "../lib/parley.js";

let browser;
before(async () => (browser = await Browser.launch("devices")));
afterEach(() => browser.closeWindows());
after(() => browser.close());

const opened = async () => browser.page(await browser.window(), "devices");

/** The page with a view of the first camera in it; globals `stream` and `view`. */
async function withCamera() {
  const page = await opened();
  await page.evaluate(async () => {
    const devices = await client.getDeviceManager();
    const [camera] = await devices.getCameras();
    globalThis.stream = new calling.LocalVideoStream(camera);
    globalThis.renderer = new calling.VideoStreamRenderer(stream);
    globalThis.view = await renderer.createView({ scalingMode: "Crop", isMirrored: true });
    document.body.append(view.target);
  });
  return page;
}

const until = (page, condition, argument) => page.waitForFunction(condition, argument, { timeout: PATIENCE });

test("the device manager lists, asks and chooses", async () => {
  const page = await opened();
  const said = await page.evaluate(async () => {
    const devices = await client.getDeviceManager();
    const heard = [];
    for (const name of ["videoDevicesUpdated", "audioDevicesUpdated", "selectedMicrophoneChanged", "selectedSpeakerChanged"]) devices.on(name, () => heard.push(name));
    const access = await devices.askDevicePermission({ audio: true, video: true });
    const [cameras, microphones, speakers] = [await devices.getCameras(), await devices.getMicrophones(), await devices.getSpeakers()];
    const before = devices.selectedMicrophone;
    const other = microphones.find((microphone) => microphone.id !== before.id);
    await devices.selectMicrophone(other);
    const wrong = await devices.selectMicrophone({ id: "microphone:none" }).catch((error) => ({ name: error.name, code: error.code }));
    return { same: devices === (await client.getDeviceManager()), access, cameras, microphones, speakers, before, after: devices.selectedMicrophone, other, wrong, heard };
  });
  assert.ok(said.same);
  assert.deepEqual(said.access, { audio: true, video: true });
  assert.match(said.cameras[0].name, /fake/i);
  assert.match(said.cameras[0].id, /^camera:.+/);
  assert.equal(said.microphones.filter((one) => one.isSystemDefault).length, 1);
  assert.equal(said.before.isSystemDefault, true);
  assert.deepEqual(said.after, said.other);
  assert.ok(said.speakers.length > 0);
  assert.ok(said.heard.includes("selectedMicrophoneChanged"));
  assert.deepEqual(said.wrong, { name: "CommunicationServicesError", code: 400 });
});

test("permission that is denied is said by the device manager and by the camera's error", async () => {
  const outer = await opened();
  // Another origin in a frame gets no devices unless the page around it says so.
  await outer.evaluate((url) => document.body.append(Object.assign(document.createElement("iframe"), { src: url, name: "inner" })), `${browser.origin.replace("127.0.0.1", "localhost")}/devices`);
  await until(outer, () => frames.length > 0);
  const page = outer.frame("inner");
  await page.waitForFunction(() => "client" in globalThis, undefined, { timeout: PATIENCE });
  const said = await page.evaluate(async () => {
    const devices = await client.getDeviceManager();
    const access = await devices.askDevicePermission({ audio: true, video: true });
    const [camera] = await devices.getCameras();
    const refused = async (work) => work().then(() => "none", ({ code, subCode }) => [code, subCode]);
    const video = await refused(() => new calling.LocalVideoStream(camera ?? { id: "camera:", name: "" }).getMediaStream());
    const audio = await refused(() => new calling.LocalAudioStream({ id: "microphone:default" }).getMediaStream());
    return { access, video, audio };
  });
  assert.deepEqual(said, { access: { audio: false, video: false }, video: [403, 43001], audio: [400, 40613] });
});

test("a view shows the camera moving, and the camera closes with the last view", async () => {
  const page = await withCamera();
  const [fit, transform] = await page.evaluate(() => [view.target.querySelector("video").style.objectFit, view.target.querySelector("video").style.transform]);
  assert.deepEqual([fit, transform], ["cover", "scaleX(-1)"]);
  await until(page, () => view.target.querySelector("video").currentTime > 1);
  await page.evaluate(() => view.updateScalingMode("Fit"));
  assert.deepEqual(await page.evaluate(() => [view.scalingMode, view.isMirrored, renderer.size]), ["Fit", true, { width: 1280, height: 720 }]);
  await page.evaluate(() => {
    globalThis.track = view.target.querySelector("video").srcObject.getVideoTracks()[0];
    view.dispose();
  });
  await until(page, () => track.readyState === "ended" && !document.querySelector("video"));
  // It can be shown again.
  await page.evaluate(async () => {
    globalThis.view = await renderer.createView();
    document.body.append(view.target);
  });
  await until(page, () => view.target.querySelector("video").currentTime > 0.3);
});

test("a camera changes under an open view: another stream, an effect, the same device", async () => {
  const page = await withCamera();
  const refused = await page.evaluate(async () => {
    const again = await stream.switchSource(stream.source).catch(({ code, subCode }) => [code, subCode]);
    const wrong = await stream.switchSource(undefined).catch(({ code, subCode }) => [code, subCode]);
    return [again, wrong];
  });
  assert.deepEqual(refused, [
    [400, 43005],
    [400, 43004],
  ]);

  await page.evaluate(async () => {
    globalThis.heard = [];
    stream.on("videoSourceChanged", ({ source }) => heard.push(source === stream));
    const own = canvasStream(320, 240, "green");
    globalThis.ownTrack = own.getVideoTracks()[0];
    await stream.setMediaStream(own);
  });
  await until(page, () => view.target.querySelector("video").videoWidth === 320);
  assert.deepEqual(await page.evaluate(() => [heard, stream.mediaStreamType]), [[true], "RawMedia"]);

  const effects = await page.evaluate(async () => {
    const feature = stream.feature(calling.Features.VideoEffects);
    const told = [];
    feature.on("effectsStarted", (names) => told.push(["started", ...names]));
    feature.on("effectsStopped", (names) => told.push(["stopped", ...names]));
    const effect = { name: "BackgroundBlur", apply: async () => ({ track: canvasStream(160, 120, "red").getVideoTracks()[0], stop() {} }) };
    const official = { name: "BackgroundBlur", isSupported: async () => true, configure: async () => {} };
    const supported = [await feature.isSupported(effect), await feature.isSupported(official)];
    const unsupported = await feature.startEffects(official).catch(({ code }) => code);
    await feature.startEffects(effect);
    return { told, supported, unsupported, active: feature.activeEffects };
  });
  assert.deepEqual(effects, { told: [["started", "BackgroundBlur"]], supported: [true, false], unsupported: 501, active: ["BackgroundBlur"] });
  await until(page, () => view.target.querySelector("video").videoWidth === 160);
  await page.evaluate(() => stream.feature(calling.Features.VideoEffects).stopEffects());
  await until(page, () => view.target.querySelector("video").videoWidth === 320);

  // The application's own stream is not ours to stop.
  await page.evaluate(() => stream.dispose());
  assert.equal(await page.evaluate(() => ownTrack.readyState), "live");
});

test("a camera that is not there, and a renderer of something else", async () => {
  const page = await opened();
  const said = await page.evaluate(async () => {
    const code = ({ code, subCode }) => [code, subCode];
    const stream = new calling.LocalVideoStream({ id: "camera:nowhere", name: "x", deviceType: "UsbCamera" });
    const missing = await new calling.VideoStreamRenderer(stream).createView().catch(code);
    let foreign;
    try {
      new calling.VideoStreamRenderer({ mediaStreamType: "Video" });
    } catch (error) {
      foreign = code(error);
    }
    return { missing, foreign, videos: document.querySelectorAll("video").length };
  });
  assert.deepEqual(said, { missing: [412, 43018], foreign: [400, 0], videos: 0 });
});

test("the microphone's volume is heard, and silence too", async () => {
  const page = await opened();
  await page.evaluate(async () => {
    const devices = await client.getDeviceManager();
    globalThis.audio = new calling.LocalAudioStream((await devices.getMicrophones())[0]);
    globalThis.volume = await audio.getVolume();
    globalThis.levels = [];
    volume.on("levelChanged", () => levels.push(volume.level));
  });
  await until(page, () => levels.some((level) => level > 20));
  assert.ok((await page.evaluate(() => levels)).every((level) => level >= 0 && level <= 100));
  await page.evaluate(async () => {
    const context = new AudioContext();
    await audio.setMediaStream(new MediaStreamAudioDestinationNode(context).stream);
  });
  await until(page, () => volume.level === 0);
  const effects = await page.evaluate(async () => {
    const devices = await client.getDeviceManager();
    const microphone = new calling.LocalAudioStream((await devices.getMicrophones())[0]);
    const feature = microphone.feature(calling.Features.AudioEffects);
    const track = () => microphone.getMediaStream().then((stream) => stream.getAudioTracks()[0].getSettings().noiseSuppression);
    const before = await track();
    await feature.stopEffects({ noiseSuppression: true });
    const after = await track();
    await feature.startEffects({ noiseSuppression: "BrowserNoiseSuppression" });
    const again = await track();
    await feature.stopEffects({ noiseSuppression: true });
    return { before, after, again, active: feature.activeEffects, browser: await feature.isSupported("BrowserNoiseSuppression") };
  });
  assert.deepEqual(effects, { before: true, after: false, again: true, active: { echoCancellation: ["BrowserEchoCancellation"], noiseSuppression: [] }, browser: true });
});

test("statistics of real connections", async () => {
  const page = await opened();
  const [sent, received] = await page.evaluate(() => loopback(5));
  const of = (report, type) => report.streams.find(({ place }) => place.type === type).values;
  const numbers = (values, ...names) => names.forEach((name) => assert.ok(values[name] > 0, `${name} is ${values[name]}`));
  numbers(of(sent, "Audio"), "bitrate", "packets", "packetsPerSecond");
  numbers(of(sent, "Video"), "bitrate", "frameRateInput", "frameRateSent", "frameWidthSent", "frameHeightSent", "frameRateEncoded");
  numbers(of(received, "Audio"), "bitrate", "packetsPerSecond", "jitterBufferDelayInMs");
  numbers(of(received, "Video"), "bitrate", "frameRateReceived", "frameRateDecoded", "frameWidthReceived", "framesDecoded", "keyFramesDecoded");
  assert.equal(of(received, "Audio").codecName, "opus");
  assert.equal(of(received, "Video").streamId, 3);
  assert.ok(sent.transports[0].availableOutgoingBitrate > 0);
  assert.ok(received.streams.every(({ loss }) => loss === 0));
});

test("the test before a call finds devices and meets itself on the server", async () => {
  const page = await opened();
  const { token } = await someone("Ann");
  const result = await page.evaluate(async (token) => {
    const test = await client.feature(calling.Features.PreCallDiagnostics).startTest(credential(token));
    const names = ["deviceAccess", "deviceEnumeration", "browserSupport", "inCallDiagnostics"];
    return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await test[name]])));
  }, token);
  assert.deepEqual(result.deviceAccess, { audio: true, video: true });
  assert.deepEqual(result.deviceEnumeration, { microphone: "Available", camera: "Available", speaker: "Available" });
  assert.deepEqual(result.browserSupport, { browser: "Supported", os: "Supported" });
  assert.equal(result.inCallDiagnostics.connected, true);
  const expired = await page.evaluate(async () => {
    const test = await client.feature(calling.Features.PreCallDiagnostics).startTest(credential("e30.e30.e30"));
    return test.inCallDiagnostics;
  });
  assert.equal(expired.connected, false);
});

test("each tab knows of the other", async () => {
  const window = await browser.window();
  const first = await browser.page(window, "devices");
  await first.evaluate(() => (globalThis.debug = client.feature(calling.Features.DebugInfo)));
  const info = await first.evaluate(() => debug.getEnvironmentInfo());
  assert.equal(info.isSupportedEnvironment, true);
  assert.equal(info.environment.browser, "chrome");
  assert.equal(await first.evaluate(() => debug.isCallClientActiveInAnotherTab), false);
  const second = await browser.page(window, "devices");
  await second.evaluate(() => void client.feature(calling.Features.DebugInfo));
  await until(first, () => debug.isCallClientActiveInAnotherTab);
  await second.close();
  await until(first, () => !debug.isCallClientActiveInAnotherTab);
});
