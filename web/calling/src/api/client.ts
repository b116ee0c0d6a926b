// The client: options, the environment, the network.

import type { AzureLogger } from "@azure/logger";
import type { PropertyChangedEvent } from "./events.js";
import type { CallClientFeature } from "./features.js";

/** Options of a client. */
export interface CallClientOptions {
  logger?: AzureLogger;
  diagnostics?: DiagnosticOptions;
  networkConfiguration?: NetworkConfiguration;
}

/** What a client says about itself to the server; becomes part of the user agent in call records. */
export interface DiagnosticOptions {
  appName?: string;
  appVersion?: string;
  tags?: string[];
}

/** Ways around the default network: another server, other relays. */
export interface NetworkConfiguration {
  proxy?: ProxyConfiguration;
  turn?: TurnConfiguration;
}

/** Where the server is, instead of where the token says. */
export interface ProxyConfiguration {
  /** URL of the server, for instance `https://calls.example.com`. */
  url: string;
}

/** Relays to use instead of those of the server. */
export interface TurnConfiguration {
  iceServers: IceServer[];
}

/** A relay as in `RTCIceServer`. */
export interface IceServer {
  urls: string[];
  username?: string;
  credential?: string;
}

/** The platform and browser that we run in. */
export type Environment = {
  platform: string;
  browser: string;
  browserVersion: string;
};

/** The environment, and whether calls work in it. */
export type EnvironmentInfo = {
  environment: Environment;
  isSupportedPlatform: boolean;
  isSupportedBrowser: boolean;
  isSupportedBrowserVersion: boolean;
  isSupportedEnvironment: boolean;
};

/** What helps when something is wrong: the environment, other tabs, and a dump of what happened. */
export interface DebugInfoCallClientFeature extends CallClientFeature {
  getEnvironmentInfo(): Promise<EnvironmentInfo>;
  readonly isCallClientActiveInAnotherTab: boolean;
  on(event: "isCallClientActiveInAnotherTabChanged", listener: PropertyChangedEvent): void;
  off(event: "isCallClientActiveInAnotherTabChanged", listener: PropertyChangedEvent): void;
}
