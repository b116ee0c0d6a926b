import type { CommunicationTokenCredential } from "@azure/communication-common";
import { CallingError } from "../call/errors.js";

/** What this package reads of a user access token. The server checks the token; here it only says where the server is. */
export interface Claims {
  /** The server's base URL without slash at the end. */
  endpoint?: string;
  /** Unix time in seconds. */
  exp?: number;
}

/** @throws CallingError 401 / 10009 when the text is no JWT */
export function claimsOf(token: string): Claims {
  const part = token.split(".")[1];
  try {
    if (!part) throw new Error("no payload");
    const bytes = Uint8Array.from(atob(part.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) as Claims;
  } catch {
    throw new CallingError(401, 10009, "The access token is no JWT.");
  }
}

const MINUTE = 60_000;
const DELAY_MAX = 2 ** 31 - 1;

/** Asks the credential for tokens, and again in time before one ends. */
export class TokenKeeper {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private current = "";
  /** When it ends by its own account, in milliseconds of our clock. */
  private ends = 0;
  private readonly aborter = new AbortController();

  /** @param renewed gets each new token, some time before the old one ends */
  constructor(
    private readonly credential: CommunicationTokenCredential,
    private readonly renewed: (token: string) => void,
  ) {}

  /** The token of now; the credential refreshes it when it has a refresher. */
  async token(): Promise<string> {
    try {
      const { token, expiresOnTimestamp } = await this.credential.getToken({ abortSignal: this.aborter.signal });
      this.current = token;
      this.ends = expiresOnTimestamp;
    } catch (error) {
      throw new CallingError(401, 10009, `No access token: ${error instanceof Error ? error.message : String(error)}`);
    }
    return this.current;
  }

  /** Looks for a new token before this time, by the local clock; a tenth of the life that is left, at most five minutes, before it. */
  watch(lifeMs: number): void {
    clearTimeout(this.timer);
    const early = Math.min(5 * MINUTE, lifeMs / 10);
    // A credential without a refresher answers with the old token: it is asked again now and then, and the server ends the session in time.
    const wait = Math.max(lifeMs - early, Math.min(30_000, Math.max(1_000, lifeMs / 2)));
    this.timer = setTimeout(() => void this.renew(lifeMs - wait), Math.min(wait, DELAY_MAX));
  }

  stop(): void {
    clearTimeout(this.timer);
    this.aborter.abort();
  }

  private async renew(left: number): Promise<void> {
    const before = this.current;
    try {
      const token = await this.token();
      if (token !== before) {
        this.renewed(token);
        this.watch(this.ends - Date.now());
      } else if (left > 1_000) this.watch(left);
    } catch {
      if (left > 1_000) this.watch(left);
    }
  }
}
