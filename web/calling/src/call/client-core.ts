import type { CommunicationTokenCredential } from "@azure/communication-common";
import type {
  CallAgent,
  CallAgentOptions,
  CallClientFeature,
  CallClientFeatureFactory,
  CallClientOptions,
  DeviceManager,
  TeamsCallAgent,
  TeamsCallAgentOptions,
} from "../index.js";
import { claimsOf, TokenKeeper } from "../signalling/token.js";
import { Relays } from "../media/relays.js";
import { CallAgentImpl } from "./agent.js";
import { CallingError } from "./errors.js";
import { type FeatureCache, featureCache } from "./features.js";
import { type ClientContext, INTERNAL, type Platform, type Unsubscribe } from "./internal.js";

const NAME_MAX = 256;

/**
 * Makes agents. `CallClient` is this class on the browser's platform; on another platform (React Native, a bot on Node.js) it runs as it is.
 */
export class CallClientCore {
  readonly [INTERNAL]: ClientContext;

  private readonly agents = new Set<CallAgentImpl>();
  private readonly features: FeatureCache<CallClientFeatureFactory<CallClientFeature>>;
  private devices: Promise<DeviceManager> | undefined;
  private readonly stopListening: Unsubscribe;

  constructor(
    private readonly options: CallClientOptions | undefined,
    platform: Platform,
  ) {
    const { agents } = this;
    this.features = featureCache();
    this[INTERNAL] = {
      platform,
      devices: undefined,
      get calls() {
        return [...agents].flatMap((one) => one.calls);
      },
    };
    this.stopListening = platform.onLeave(() => {
      for (const agent of [...agents]) agent.disposeNow();
    });
    for (const name of ["agents", "features", "devices", "options", "stopListening"]) {
      Object.defineProperty(this, name, { enumerable: false, writable: true });
    }
  }

  feature<TFeature extends CallClientFeature>(factory: CallClientFeatureFactory<TFeature>): TFeature {
    return this.features.get(factory, () => new factory.callClientApiCtor({ callClient: this as never }));
  }

  /**
   * Connects a user. Where the server is stands in the token; `networkConfiguration.proxy.url` of the client wins.
   *
   * @throws CallingError 401 / 10009 for a token that the server does not take, 408 / 40114 when it cannot be reached
   */
  async createCallAgent(tokenCredential: CommunicationTokenCredential, options?: CallAgentOptions): Promise<CallAgent> {
    const name = options?.displayName;
    if (name && name.length > NAME_MAX) throw new CallingError(400, 0, `A display name has at most ${NAME_MAX} characters.`);
    const { platform } = this[INTERNAL];
    let agent: CallAgentImpl | undefined;
    const tokens = new TokenKeeper(tokenCredential, (token) => agent?.renew(token));
    const endpoint = this.endpoint(claimsOf(await tokens.token()).endpoint);
    const relays = new Relays(platform, endpoint, tokens, this.options?.networkConfiguration?.turn?.iceServers);
    agent = new CallAgentImpl(
      {
        client: this[INTERNAL],
        openMedia: (request) =>
          platform.media?.({
            request,
            relays: () => relays.get(),
          }),
        ended: (ended) => this.agents.delete(ended),
      },
      {
        url: `${endpoint.replace(/^http/, "ws")}/calling/v1/connect`,
        tokens,
        displayName: name,
        client: this.describe(),
        socket: (url) => platform.socket(url),
        onWake: (listener) => platform.onWake(listener),
      },
    );
    this.agents.add(agent);
    try {
      await agent.open();
    } catch (error) {
      this.agents.delete(agent);
      throw error;
    }
    // Known when a call begins, which then does not wait for them.
    if (agent.welcome?.media) void relays.get();
    return agent;
  }

  /** @throws CallingError 501: a Parley server has no Teams users */
  async createTeamsCallAgent(_tokenCredential: CommunicationTokenCredential, _options?: TeamsCallAgentOptions): Promise<TeamsCallAgent> {
    throw new CallingError(501, 0, "A Parley server has no Teams users.", "ExpectedError");
  }

  /** The one device manager of this client. */
  getDeviceManager(): Promise<DeviceManager> {
    this.devices ??= this[INTERNAL].platform.devices().then(
      (devices) => {
        (this[INTERNAL] as { devices: DeviceManager }).devices = devices;
        const changed = () => {
          for (const agent of this.agents) agent.devicesChanged();
        };
        devices.on("selectedMicrophoneChanged", changed);
        devices.on("selectedSpeakerChanged", changed);
        return devices;
      },
      (error: unknown) => {
        this.devices = undefined;
        throw error;
      },
    );
    return this.devices;
  }

  /** Disposes of all agents. */
  async dispose(): Promise<void> {
    this.stopListening();
    await Promise.all([...this.agents].map((one) => one.dispose()));
    this.features.dispose();
  }

  private endpoint(claim: string | undefined): string {
    const endpoint = this.options?.networkConfiguration?.proxy?.url ?? claim;
    if (!endpoint) {
      throw new CallingError(412, 40115, "The access token does not say where the server is. Is it a token of a Parley server?");
    }
    return endpoint.replace(/\/+$/, "");
  }

  /** The user agent in call records. */
  private describe(): string {
    const { appName, appVersion, tags } = this.options?.diagnostics ?? {};
    const app = appName ? [`${appName}${appVersion ? `/${appVersion}` : ""}`] : [];
    return [...app, this[INTERNAL].platform.client, ...(tags ?? [])].join(" ").slice(0, 200);
  }
}
