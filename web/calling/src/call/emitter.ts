/** Listeners by event name. `Arg` functions take what the event brings; most of the SDK's events bring nothing. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Events = { [name: string]: (arg: any) => void };

/**
 * `on`, `off` and `emit`, synchronous. They are own properties: the official UI library copies feature objects by spread and calls methods
 * with a `Proxy` as `this`, and both must reach the same listeners.
 */
export class Emitter<E> {
  readonly on: <K extends keyof E>(event: K, listener: E[K]) => void;
  readonly off: <K extends keyof E>(event: K, listener: E[K]) => void;
  /** @internal */
  readonly emit: <K extends keyof E>(event: K, ...args: E[K] extends (...args: infer A) => void ? A : never) => void;
  /** @internal */
  readonly forget: () => void;

  constructor() {
    const listeners = new Map<keyof E, unknown[]>();
    this.on = (event, listener) => {
      listeners.set(event, [...(listeners.get(event) ?? []), listener]);
    };
    this.off = (event, listener) => {
      const left = [...(listeners.get(event) ?? [])];
      const at = left.indexOf(listener);
      if (at >= 0) left.splice(at, 1);
      listeners.set(event, left);
    };
    this.emit = (event, ...args) => {
      for (const listener of listeners.get(event) ?? []) {
        try {
          (listener as (...args: unknown[]) => void)(...args);
        } catch (error) {
          // The application's own mistake: it must be seen, and must not stop the call or other listeners.
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    };
    this.forget = () => listeners.clear();
    // What an application prints or copies shows the event methods alone.
    for (const name of ["emit", "forget"] as const) Object.defineProperty(this, name, { enumerable: false });
  }
}
