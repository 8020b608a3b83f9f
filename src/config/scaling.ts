import { createSecretKey, type KeyObject } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import type { Problems } from './problems.ts';
import { list, numberIn, text, type ValuesOf } from './values.ts';

// How many processes serve, what they share, and how each of them stops. Error messages never quote a value.

/** How several processes and instances of this server run together. */
export interface ScalingConfig {
  /** Processes on this machine. More than one need Redis. */
  readonly workers: number;
  /**
   * In milliseconds: how long this server still accepts requests after it is told to stop (`delayMs`), and how long
   * calls in flight may take after that (`timeoutMs`).
   */
  readonly drain: { readonly delayMs: number; readonly timeoutMs: number };
  /** The first key seals confirmations, and all keys open them. Unset: the instances agree on a random one. */
  readonly confirmationKeys: readonly KeyObject[] | undefined;
}

const KEY_BYTES = 32;
const MAX_WORKERS = 256;
const MAX_DRAIN_MS = 600_000;
/** The default leaves time for the longest calls, and for their answers. */
const LONG_CALL_MS = 60_000;
const ANSWERING_MS = 5_000;

const workers = text.transform((value, context) => {
  if (value === 'auto') return availableParallelism();
  const parsed = numberIn(1, MAX_WORKERS).safeParse(value);
  if (parsed.success) return parsed.data;
  context.addIssue({ code: 'custom', message: `must be auto or a whole number from 1 to ${MAX_WORKERS}` });
  return z.NEVER;
});

/**
 * Keys in base64 or base64url. Checked strictly: Node's own decoder skips unknown characters, so that a typing error
 * would result in a shorter key.
 */
const confirmationKeys = list.transform((entries, context): KeyObject[] => {
  const keys = entries.map(keyBytes).filter((bytes) => bytes !== undefined);
  const isWhole = keys.length === entries.length;
  const isUnique = new Set(keys.map((bytes) => bytes.toString('base64'))).size === keys.length;
  if (isWhole && isUnique) return keys.map((bytes) => createSecretKey(bytes));
  const message = isWhole ? 'names a key twice' : `must be keys of ${KEY_BYTES} bytes each, in base64`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

function keyBytes(entry: string): Buffer | undefined {
  const base64 = entry.replaceAll('-', '+').replaceAll('_', '/').replace(/=$/, '');
  const bytes = Buffer.from(base64, 'base64');
  return bytes.length === KEY_BYTES && bytes.toString('base64') === `${base64}=` ? bytes : undefined;
}

export const SCALING_VARIABLES = {
  WORKERS: workers.prefault('1'),
  CONFIRMATION_KEYS: confirmationKeys.optional(),
  DRAIN_DELAY_MS: numberIn(0, MAX_DRAIN_MS, 'milliseconds').default(0),
  DRAIN_TIMEOUT_MS: numberIn(0, MAX_DRAIN_MS, 'milliseconds').optional(),
} as const;

type Values = ValuesOf<typeof SCALING_VARIABLES>;

/**
 * Reads the settings from the variables.
 * @param values each checked by its own schema
 * @param problems gets a line when several workers have no Redis
 * @param warnings gets a line when stopping may cut a call off
 */
export function readScaling(
  values: Values & {
    readonly REDIS_URL?: string | undefined;
    readonly UPSTREAM_TIMEOUT_MS: number;
    readonly AGENT_TOOL_TIMEOUT_MS: number;
  },
  problems: Problems,
  warnings: string[],
): ScalingConfig {
  if (values.WORKERS > 1 && values.REDIS_URL === undefined) {
    problems.between(
      ['WORKERS', 'REDIS_URL'],
      `WORKERS: ${values.WORKERS} processes need a Redis in which they count callers and used confirmations together. Set REDIS_URL, or WORKERS=1; several containers of one process each are often simpler.`,
    );
  }
  const { UPSTREAM_TIMEOUT_MS, AGENT_TOOL_TIMEOUT_MS } = values;
  const longestCall = Math.max(UPSTREAM_TIMEOUT_MS, AGENT_TOOL_TIMEOUT_MS);
  const bound = AGENT_TOOL_TIMEOUT_MS > UPSTREAM_TIMEOUT_MS ? 'AGENT_TOOL_TIMEOUT_MS' : 'UPSTREAM_TIMEOUT_MS';
  const timeoutMs = values.DRAIN_TIMEOUT_MS ?? Math.max(longestCall, LONG_CALL_MS) + ANSWERING_MS;
  if (timeoutMs < longestCall) {
    warnings.push(
      `DRAIN_TIMEOUT_MS: ${timeoutMs} is less than a call may take (${bound}, ${longestCall}), so that stopping can cut calls off that are still acting.`,
    );
  }
  return {
    workers: values.WORKERS,
    drain: { delayMs: values.DRAIN_DELAY_MS, timeoutMs },
    confirmationKeys: values.CONFIRMATION_KEYS,
  };
}
