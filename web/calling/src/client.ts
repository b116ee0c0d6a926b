import type { CallClientOptions } from "./index.js";
import { CallClientCore } from "./call/client-core.js";
import { browser } from "./platform.js";

/** The entry of the package: makes call agents and the device manager. */
export class CallClient extends CallClientCore {
  constructor(options?: CallClientOptions) {
    super(options, browser);
  }
}
