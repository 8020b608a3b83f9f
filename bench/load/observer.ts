import { readFileSync } from 'node:fs';
import type { Measured } from '../processes.ts';
import { median } from '../statistics.ts';

const SAMPLE_MS = 200;

/** Looks at a process's memory from outside, again and again. In megabytes. */
export class MemoryObserver {
  readonly #samples: number[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(server: Measured) {
    this.#timer = setInterval(() => this.#samples.push(server.residentMb()), SAMPLE_MS);
  }

  /** What it usually held in the last part of the time so far, and forgets what was before. */
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

/** Connections to a port of this machine that its owner has not closed. */
export function openConnections(url: string): number {
  const port = Number(new URL(url).port).toString(16).toUpperCase().padStart(4, '0');
  return ['tcp', 'tcp6']
    .flatMap((table) => readFileSync(`/proc/net/${table}`, 'utf8').split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => local.endsWith(`:${port}`) && (state === ESTABLISHED || state === CLOSE_WAIT))
    .length;
}
