import type { ServerResponse } from 'node:http';
import type { Faults, PlannedFault } from './fault.ts';
import { pause } from './pause.ts';

interface Entry {
  readonly fault: PlannedFault;
  /** Matching requests that it still spares. */
  spared: number;
  left: number;
}

/** Keeps the planned faults and hands them out to the requests that they befall. */
export class FaultBoard implements Faults {
  #entries: readonly Entry[] = [];
  #latencyMs = 0;
  #skewMs = 0;

  add(fault: PlannedFault): () => void {
    const entry = { fault, spared: fault.after ?? 0, left: fault.times ?? 1 };
    this.#entries = [...this.#entries, entry];
    return () => this.#remove(entry);
  }

  clear(): void {
    this.#entries = [];
    this.#latencyMs = 0;
    this.#skewMs = 0;
  }

  latency(ms: number): void {
    this.#latencyMs = ms;
  }

  clockSkew(seconds: number): void {
    this.#skewMs = seconds * 1000;
  }

  /** The environment's clock, in milliseconds since the epoch. */
  readonly now = (): number => Date.now() + this.#skewMs;

  /**
   * The fault that befalls a request, now used once more.
   * @param isCall whether it is a request to the management API with a token
   */
  take(method: string, url: string, isCall = false): PlannedFault | undefined {
    const request = { method, path: url.split('?', 1)[0] ?? '', isCall };
    const entry = this.#entries.find((one) => matches(one.fault.when, request) && one.spared-- <= 0);
    if (entry === undefined) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.#remove(entry);
    return entry.fault;
  }

  /** Waits for the latency, or until nobody waits for the answer any more. */
  async delay(res: ServerResponse): Promise<void> {
    if (this.#latencyMs > 0) await pause(res, this.#latencyMs);
  }

  #remove(entry: Entry): void {
    this.#entries = this.#entries.filter((other) => other !== entry);
  }
}

interface Befallen {
  readonly method: string;
  readonly path: string;
  readonly isCall: boolean;
}

function matches(when: PlannedFault['when'], { method, path, isCall }: Befallen): boolean {
  if (when?.call === true && !isCall) return false;
  if (when?.method !== undefined && when.method !== method) return false;
  if (when?.path === undefined) return true;
  return typeof when.path === 'string' ? when.path === path : when.path.test(path);
}
