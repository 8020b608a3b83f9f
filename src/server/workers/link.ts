import { createSecretKey } from 'node:crypto';
import { once } from 'node:events';
import { memoryCounter } from '../../limits/counter.ts';
import { withFallback } from '../../limits/fallback-counter.ts';
import type { Log } from '../../observability/log/log.ts';
import type { WriteSome } from '../../observability/log/writer.ts';
import type { Snapshot } from '../../observability/metrics/workers.ts';
import { Availability } from '../../shared/availability.ts';
import type { ConfirmationStore, Use } from '../../shared/confirmation-store.ts';
import type { SharedState } from '../shared-state.ts';
import type { Assignment, Question, ReadyFacts, ToPrimary, ToWorker, Written } from './messages.ts';

/** In milliseconds. The primary answers in less than one; a call must not wait for one that hangs. */
const PATIENCE_MS = 500;
/** How long nobody waits for a primary that did not answer, unless it says something. */
const SILENCE_MS = 1_000;

/** A worker's way to its primary. */
export class PrimaryLink {
  readonly assignment: Assignment;
  readonly #waiting = new Map<number, (value: unknown) => void>();
  #lastId = 0;
  #silentUntil = 0;

  private constructor(assignment: Assignment) {
    this.assignment = assignment;
    process.on('message', (message: ToWorker) => this.#take(message));
  }

  /** Asks the primary who this worker is. What is sent to a worker before it asks is lost. */
  static async open(): Promise<PrimaryLink> {
    const assigned = once(process, 'message');
    send({ kind: 'hello' });
    const [assignment] = (await assigned) as [Assignment];
    return new PrimaryLink(assignment);
  }

  /** Calls back when this worker is to stop. Without its primary it would not: Node ends it at once. */
  onStop(callback: () => void): void {
    process.on('message', ({ kind }: ToWorker) => kind === 'stop' && callback());
  }

  /** Has the primary read what this worker counts. */
  onCollect(collect: () => Promise<Snapshot>): void {
    process.on('message', (message: ToWorker) => {
      if (message.kind !== 'collect') return;
      collect().then((snapshot) => send({ kind: 'collected', id: message.id, snapshot }));
    });
  }

  ready(facts: ReadyFacts): void {
    send({ kind: 'ready', facts });
  }

  /** Has the primary write lines, which keeps those of several workers apart. */
  writeTo(to: 'stdout' | 'stderr'): WriteSome {
    return (bytes, done) => {
      this.#ask({ kind: 'write', to, text: bytes.toString('latin1') }).then((answer) => {
        const { written, error } = answer as Written;
        done(error === undefined ? null : Object.assign(new Error(error.message), { code: error.code }), written);
      });
    };
  }

  /** What all workers of the primary have in common. */
  sharedState(log: Log): SharedState {
    const availability = new Availability(log, {
      lost: 'The primary does not answer. Until it does, this worker counts for itself, and refuses what has to be confirmed.',
      back: 'The primary answers. Workers count together again, and confirmations are good at all of them.',
    });
    return {
      newCounter: (name, allowance) => {
        const spend = (key: string, points: number) =>
          this.#askSoon({ kind: 'spend', name, allowance, key, points }) as Promise<number | undefined>;
        return withFallback({ spend }, memoryCounter(allowance), availability);
      },
      confirmations: this.#confirmations(availability),
      close: () => availability.end(),
    };
  }

  #confirmations(availability: Availability): ConfirmationStore {
    const keys = this.assignment.confirmationKeys.map((key) => createSecretKey(key, 'base64'));
    return {
      keys: () => keys,
      renew: () => Promise.resolve(true),
      use: async (mark) => {
        try {
          const use = (await this.#askSoon({ kind: 'use', mark })) as Use;
          availability.back();
          return use;
        } catch (error) {
          availability.lost(error);
          return 'unknown';
        }
      },
    };
  }

  /** @throws Error when the primary does not answer soon, or did not a moment ago */
  #askSoon(question: Question): Promise<unknown> {
    if (performance.now() < this.#silentUntil) return Promise.reject(silent());
    return new Promise((resolve, reject) => {
      const patience = setTimeout(() => {
        this.#silentUntil = performance.now() + SILENCE_MS;
        reject(silent());
      }, PATIENCE_MS);
      this.#ask(question).then((value) => {
        clearTimeout(patience);
        resolve(value);
      });
    });
  }

  #ask(question: Question): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      send({ kind: 'question', id, question });
    });
  }

  #take(message: ToWorker): void {
    if (message.kind !== 'answer') return;
    this.#silentUntil = 0;
    this.#waiting.get(message.id)?.(message.value);
    this.#waiting.delete(message.id);
  }
}

function silent(): Error {
  return new Error('The primary does not answer.');
}

function send(message: ToPrimary): void {
  // A channel that breaks meanwhile ends this process.
  process.send?.(message, undefined, undefined, () => undefined);
}
