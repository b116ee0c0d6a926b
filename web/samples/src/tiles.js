// A tile for each person and each picture of theirs, kept true to the call.

import { VideoStreamRenderer } from "@azure/communication-calling";

/** Shows one stream in a tile while `isShown` says so; answers how to end it. */
async function render(stream, name, container) {
  const tile = document.createElement("div");
  tile.className = "tile";
  const label = document.createElement("span");
  label.textContent = name;
  tile.append(label);
  container.append(tile);
  const renderer = new VideoStreamRenderer(stream);
  const close = () => {
    renderer.dispose();
    tile.remove();
  };
  try {
    const view = await renderer.createView({ scalingMode: "Fit" });
    tile.prepend(view.target);
  } catch (error) {
    // The stream ended before it was shown.
    console.warn(`no picture of ${name}: ${error.message}`);
    close();
  }
  return close;
}

/** Keeps tiles of all streams of a collection that changes. */
class Tiles {
  constructor(container) {
    this.container = container;
    this.closers = new Map();
  }

  show(stream, name) {
    if (!this.closers.has(stream)) this.closers.set(stream, render(stream, name, this.container));
  }

  async hide(stream) {
    const closer = this.closers.get(stream);
    this.closers.delete(stream);
    if (closer) (await closer)();
  }

  hideAll() {
    for (const stream of [...this.closers.keys()]) void this.hide(stream);
  }
}

function showRemoteStream(tiles, stream, name) {
  const follow = () => (stream.isAvailable ? tiles.show(stream, name()) : tiles.hide(stream));
  stream.on("isAvailableChanged", follow);
  follow();
}

function showParticipant(tiles, participant) {
  const name = () => participant.displayName ?? "somebody";
  for (const stream of participant.videoStreams) showRemoteStream(tiles, stream, name);
  participant.on("videoStreamsUpdated", ({ added, removed }) => {
    for (const stream of added) showRemoteStream(tiles, stream, name);
    for (const stream of removed) void tiles.hide(stream);
  });
}

/** Shows everybody's pictures of a call, one's own camera included, until the call ends. */
export function showTiles(call, container) {
  const tiles = new Tiles(container);
  for (const stream of call.localVideoStreams) tiles.show(stream, "You");
  call.on("localVideoStreamsUpdated", ({ added, removed }) => {
    for (const stream of added) if (stream.mediaStreamType === "Video") tiles.show(stream, "You");
    for (const stream of removed) void tiles.hide(stream);
  });
  for (const participant of call.remoteParticipants) showParticipant(tiles, participant);
  call.on("remoteParticipantsUpdated", ({ added, removed }) => {
    for (const participant of added) showParticipant(tiles, participant);
    for (const participant of removed) for (const stream of participant.videoStreams) void tiles.hide(stream);
  });
  call.on("stateChanged", () => {
    if (call.state === "Disconnected") tiles.hideAll();
  });
}
