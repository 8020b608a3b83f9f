import { readFileSync } from 'node:fs';
import type { Measured } from '../processes.ts';
import { median } from '../statistics.ts';

const SAMPLE_MS = 200;

/** Samples the resident memory of a process from outside. In megabytes. */
export class MemoryObserver {
  readonly #samples: number[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(server: Measured) {
    this.#timer = setInterval(() => this.#samples.push(server.residentMb()), SAMPLE_MS);
  }

  /** The median of the last part of the samples so far. Then all samples are discarded. */
  settle(part = 1 / 4): number {
    const last = this.#samples.slice(Math.floor(this.#samples.length * (1 - part)));
    this.#samples.length = 0;
    return median(last);
  }

  get peak(): number {
    return Math.max(...this.#samples);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

const [ESTABLISHED, CLOSE_WAIT] = ['01', '08'];

/** How many connections to a local port its owner has not closed. */
export function openConnections(url: string): number {
  const port = Number(new URL(url).port).toString(16).toUpperCase().padStart(4, '0');
  return ['tcp', 'tcp6']
    .flatMap((table) => readFileSync(`/proc/net/${table}`, 'utf8').split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => local.endsWith(`:${port}`) && (state === ESTABLISHED || state === CLOSE_WAIT))
    .length;
}
