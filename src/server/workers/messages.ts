import type { Allowance } from '../../config/limits.ts';
import type { Snapshot } from '../../observability/metrics/workers.ts';
import type { Mark } from '../../shared/confirmation-store.ts';

// What a primary and its workers tell each other, as JSON.

/** The first thing that a worker hears: who it is, and what it has in common with the others. */
export interface Assignment {
  readonly kind: 'assignment';
  /** From 1. A worker that replaces a dead one has its number. */
  readonly worker: number;
  /** The environment variables, read once for all. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The port, where the variables leave it open. */
  readonly port: number;
  readonly isTerminal: boolean;
  /** Where the sandbox is that the primary has started. */
  readonly sandbox: { readonly url: string; readonly serverId: string } | undefined;
  /** Keys of the confirmations, in base64. */
  readonly confirmationKeys: readonly string[];
}

/** What a worker asks of its primary, and waits for. */
export type Question =
  | {
      readonly kind: 'spend';
      readonly name: string;
      readonly allowance: Allowance;
      readonly key: string;
      readonly points: number;
    }
  | { readonly kind: 'use'; readonly mark: Mark }
  /** Whole lines, each byte as one character. */
  | { readonly kind: 'write'; readonly to: 'stdout' | 'stderr'; readonly text: string };

/** What came of writing. */
export interface Written {
  readonly written: number;
  readonly error?: { readonly code: string | undefined; readonly message: string };
}

export type ToWorker =
  | Assignment
  | { readonly kind: 'answer'; readonly id: number; readonly value?: unknown }
  | { readonly kind: 'stop' }
  | { readonly kind: 'collect'; readonly id: number };

/** What there is to say of a server that is ready. */
export type ReadyFacts = Readonly<Record<string, unknown>>;

export type ToPrimary =
  | { readonly kind: 'hello' }
  | { readonly kind: 'question'; readonly id: number; readonly question: Question }
  | { readonly kind: 'ready'; readonly facts: ReadyFacts }
  /** What this worker counts. */
  | { readonly kind: 'collected'; readonly id: number; readonly snapshot: Snapshot };
