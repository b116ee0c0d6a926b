/** Plays what the others say: one element for each track, since browsers play only one track of a stream that has many. */
export class Voices {
  private readonly elements = new Map<MediaStreamTrack, HTMLAudioElement>();
  private readonly all = new MediaStream();
  private muted = false;
  private speaker = "";

  /** All tracks as one stream. */
  get stream(): MediaStream {
    return this.all;
  }

  /** Plays exactly these. */
  play(tracks: MediaStreamTrack[]): void {
    for (const track of [...this.elements.keys()]) if (!tracks.includes(track)) this.stop(track);
    for (const track of tracks) if (!this.elements.has(track)) this.start(track);
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    for (const element of this.elements.values()) element.muted = muted;
  }

  /** @param deviceId empty for the system's default */
  async setSpeaker(deviceId: string): Promise<void> {
    this.speaker = deviceId;
    await Promise.all([...this.elements.values()].map((element) => sink(element, deviceId)));
  }

  close(): void {
    for (const track of [...this.elements.keys()]) this.stop(track);
    globalThis.removeEventListener("pointerdown", this.wake);
    globalThis.removeEventListener("keydown", this.wake);
  }

  private start(track: MediaStreamTrack): void {
    const element = new Audio();
    element.srcObject = new MediaStream([track]);
    element.muted = this.muted;
    if (this.speaker) void sink(element, this.speaker).catch(() => {});
    this.elements.set(track, element);
    this.all.addTrack(track);
    element.play().catch(() => {
      // The page may not make a sound before the person has touched it.
      globalThis.addEventListener("pointerdown", this.wake);
      globalThis.addEventListener("keydown", this.wake);
    });
  }

  private stop(track: MediaStreamTrack): void {
    const element = this.elements.get(track);
    this.elements.delete(track);
    this.all.removeTrack(track);
    if (element) element.srcObject = null;
  }

  private readonly wake = () => {
    globalThis.removeEventListener("pointerdown", this.wake);
    globalThis.removeEventListener("keydown", this.wake);
    for (const element of this.elements.values()) void element.play().catch(() => {});
  };
}

async function sink(element: HTMLAudioElement, deviceId: string): Promise<void> {
  if ("setSinkId" in element) await element.setSinkId(deviceId);
}
