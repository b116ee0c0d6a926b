import type { Platform } from "../call/internal.js";
import type { TokenKeeper } from "../signalling/token.js";

export interface Relay {
  urls: string[];
  username?: string;
  credential?: string;
}

const EARLY = 5 * 60_000;
const AGAIN = 60_000;

/** Relays of the server, asked for when they are needed and kept for as long as their credentials live. */
export class Relays {
  private kept: Promise<Relay[]> | undefined;
  private until = 0;

  /** @param own relays that the application brought; then the server is not asked */
  constructor(
    private readonly platform: Pick<Platform, "fetch">,
    private readonly endpoint: string,
    private readonly tokens: Pick<TokenKeeper, "token">,
    private readonly own: Relay[] | undefined,
  ) {}

  /** Empty when there are none: calls then go without. */
  get(): Promise<Relay[]> {
    if (this.own) return Promise.resolve(this.own);
    if (!this.kept || Date.now() > this.until) {
      this.until = Date.now() + AGAIN;
      this.kept = this.ask().catch(() => []);
    }
    return this.kept;
  }

  private async ask(): Promise<Relay[]> {
    const response = await this.platform.fetch(
      `${this.endpoint}/networkTraversal/:issueRelayConfiguration?api-version=2022-03-01-preview`,
      {
        method: "POST",
        headers: { Authorization: `Bearer ${await this.tokens.token()}`, "Content-Type": "application/json" },
        body: "{}",
      },
    );
    if (response.status !== 200) return [];
    const { iceServers, expiresOn } = (await response.json()) as { iceServers?: Relay[]; expiresOn?: string };
    const end = expiresOn ? Date.parse(expiresOn) : Number.NaN;
    if (!Number.isNaN(end)) this.until = end - EARLY;
    return (iceServers ?? []).map(({ urls, username, credential }) => ({ urls, username, credential }));
  }
}
