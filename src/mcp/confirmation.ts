import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { ToolError } from '../tool/errors.ts';
import { isObject } from '../tool/json.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const LIFETIME_MS = 10 * 60_000;
/** Far more than one caller confirms in ten minutes; beyond it, confirmations wait rather than memory grow. */
const MAX_USED = 1_000;

/** What a confirmation is good for: this call and no other. */
export interface Binding {
  readonly callerKey: string;
  readonly tool: string;
  readonly environmentId: string | undefined;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface Sealed {
  readonly confirmation: string;
  /** RFC 3339. */
  readonly confirmationExpiresAt: string;
}

/**
 * Confirmations of destructive calls. What a call would do is sealed into a string (AES-256-GCM, the binding as
 * additional authenticated data), so that it opens for the same caller, tool, environment and arguments only, for ten
 * minutes, once.
 */
export class Confirmations {
  readonly #key = randomBytes(KEY_BYTES);
  readonly #now: () => number;
  /** Used confirmations of each caller: their initialization vectors, with the moment at which they expire anyway. */
  readonly #used = new Map<string, Map<string, number>>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  seal(binding: Binding): Sealed {
    const expires = this.#now() + LIFETIME_MS;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, iv).setAAD(bytesOf(binding));
    const sealed = Buffer.concat([cipher.update(String(expires)), cipher.final()]);
    return {
      confirmation: Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url'),
      confirmationExpiresAt: new Date(expires).toISOString(),
    };
  }

  /**
   * Uses a confirmation up.
   * @throws ToolError `confirmation_invalid` when it was made for something else, has expired or was used before
   */
  redeem(confirmation: string, binding: Binding): void {
    const bytes = Buffer.from(confirmation, 'base64url');
    const expires = this.#open(bytes, binding);
    if (expires === undefined) {
      throw invalid('It was made for another call: the caller, the tool, the environment or an argument differs.');
    }
    if (this.#now() >= expires) throw invalid('It has expired.');
    this.#forgetExpired();
    const used = this.#used.get(binding.callerKey) ?? new Map<string, number>();
    const id = bytes.toString('base64url', 0, IV_BYTES);
    if (used.has(id)) throw invalid('It was used before, and what that call did is done.');
    if (used.size >= MAX_USED) {
      throw new ToolError('rate_limited', 'Too many confirmed calls in ten minutes. Wait, then confirm again.', {
        retryAfterMs: LIFETIME_MS,
      });
    }
    this.#used.set(binding.callerKey, used.set(id, expires));
  }

  #open(bytes: Buffer, binding: Binding): number | undefined {
    const [iv, tag, sealed] = [
      bytes.subarray(0, IV_BYTES),
      bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES),
      bytes.subarray(IV_BYTES + TAG_BYTES),
    ];
    if (sealed.length === 0) return undefined;
    try {
      const decipher = createDecipheriv(CIPHER, this.#key, iv, { authTagLength: TAG_BYTES })
        .setAAD(bytesOf(binding))
        .setAuthTag(tag);
      return Number(Buffer.concat([decipher.update(sealed), decipher.final()]).toString());
    } catch {
      return undefined;
    }
  }

  #forgetExpired(): void {
    const now = this.#now();
    for (const [caller, used] of this.#used) {
      for (const [id, expires] of used) if (expires <= now) used.delete(id);
      if (used.size === 0) this.#used.delete(caller);
    }
  }
}

/** A failure of a call whose confirmation is used up by it: repeating the call is not the way on. */
export function afterConfirmation({ code, message, recovery, cause }: ToolError): ToolError {
  const next = 'The confirmation is used up: read the current state, and call without it for a new preview.';
  return new ToolError(code, `${message} ${next}`, { ...recovery, retryable: false }, cause);
}

function bytesOf({ callerKey, tool, environmentId, arguments: args }: Binding): Buffer {
  return Buffer.from(JSON.stringify(sorted([callerKey, tool, environmentId ?? null, args])));
}

/** The same value with the members of its objects in one order: their order in a message means nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const names = Object.keys(value).sort();
  return names.map((name) => [name, sorted(value[name])]);
}

function invalid(why: string): ToolError {
  return new ToolError(
    'confirmation_invalid',
    `The confirmation is not good for this call, which has changed nothing. ${why} Call without it to get a new preview.`,
    { field: 'confirmation' },
  );
}
