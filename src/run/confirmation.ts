import { createHmac, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import { ToolError } from '../core/errors.ts';
import { canonicalJson } from '../core/json.ts';
import type { ConfirmationStore } from '../shared/confirmation-store.ts';

const ID_BYTES = 12;
/** Of the moment of expiry, in milliseconds since the epoch. */
const EXPIRY_BYTES = 6;
/** Of the mark of the key that sealed it. */
const KEY_MARK_BYTES = 6;
const HEAD_BYTES = ID_BYTES + EXPIRY_BYTES + KEY_MARK_BYTES;
const MAC_BYTES = 32;
const LIFETIME_MS = 10 * 60_000;
/** The wait that an error recommends when the store of used confirmations does not answer. */
const STORE_RETRY_MS = 5_000;

/** The call for which a confirmation is valid. */
export interface Binding {
  readonly callerKey: string;
  /** Whose uses are counted. It follows from the caller, so it is not sealed. */
  readonly person: string;
  readonly tool: string;
  /** The id of the environment, or its URL in environment mode. */
  readonly environment: string | undefined;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface Sealed {
  readonly confirmation: string;
  /** RFC 3339. */
  readonly confirmationExpiresAt: string;
}

/** A confirmation that was valid for its call, and is used up now. */
export interface Redeemed {
  /** Whether it was made for exactly these facts. If not, what the person agreed to is not what is there now. */
  isFor(facts: unknown): boolean;
}

/**
 * Confirmations of destructive calls. A confirmation is a random id, its expiry, a mark of its key, an HMAC-SHA-256 over
 * the facts that the preview showed, and an HMAC-SHA-256 over all of that and the binding. So it is valid only for the
 * same caller, tool, environment and arguments, for what was shown, for ten minutes, once, and at every instance that
 * uses the same store. The facts are under a key, because a plain digest would let its holder guess what was redacted
 * from them. The mark tells a confirmation for another call from one whose key is gone.
 */
export class Confirmations {
  readonly #store: ConfirmationStore;
  readonly #now: () => number;

  constructor(store: ConfirmationStore, now: () => number = Date.now) {
    this.#store = store;
    this.#now = now;
  }

  /**
   * Makes a confirmation for a call.
   * @param facts what the preview shows, as JSON
   * @throws ToolError `confirmation_unavailable` when the instances have no common key
   */
  seal(binding: Binding, facts: unknown): Sealed {
    const [key] = this.#store.keys();
    if (key === undefined) throw unavailable();
    const expires = this.#now() + LIFETIME_MS;
    const head = Buffer.concat([randomBytes(ID_BYTES), Buffer.alloc(EXPIRY_BYTES), markOf(key)]);
    head.writeUIntBE(expires, ID_BYTES, EXPIRY_BYTES);
    const body = Buffer.concat([head, macOfFacts(key, head, facts)]);
    return {
      confirmation: Buffer.concat([body, macOfCall(key, body, binding)]).toString('base64url'),
      confirmationExpiresAt: new Date(expires).toISOString(),
    };
  }

  /**
   * Checks a confirmation and uses it up. Whether it was made for what is there now is asked afterwards, of what this
   * returns: a confirmation that was used before is refused without reading anything.
   * @throws ToolError `confirmation_invalid` when it is none, its key is gone, or it was made for another call, has
   *   expired or was used before;
   *   `rate_limited` when the person has used too many; `confirmation_unavailable` when the store does not answer, so
   *   that it cannot be known whether it was used before
   */
  async redeem(confirmation: string, binding: Binding): Promise<Redeemed> {
    const bytes = Buffer.from(confirmation, 'base64url');
    const isOne = bytes.length === HEAD_BYTES + MAC_BYTES + MAC_BYTES && bytes.toString('base64url') === confirmation;
    if (!isOne) {
      throw invalid('It is none that this server gives: those are long, and come with a preview.');
    }
    const key = this.#keyOf(bytes) ?? (await this.#retryWithNewKeys(bytes));
    if (key === undefined) {
      throw invalid(
        'It cannot be opened with the keys that this server has now: the server or its Redis was restarted since it was made, its keys were changed, or another server made it.',
      );
    }
    if (!isFor(key, bytes, binding)) {
      throw invalid(
        'It was made for another call: the caller, the tool, the environment or an argument differs, or the string was changed on its way.',
      );
    }
    const ttlMs = bytes.readUIntBE(ID_BYTES, EXPIRY_BYTES) - this.#now();
    if (ttlMs <= 0) throw invalid('It has expired.');
    const id = bytes.toString('base64url', 0, ID_BYTES);
    switch (await this.#store.use({ person: binding.person, id, ttlMs })) {
      case 'first':
        return {
          isFor: (facts) => {
            const head = bytes.subarray(0, HEAD_BYTES);
            return timingSafeEqual(bytes.subarray(HEAD_BYTES, -MAC_BYTES), macOfFacts(key, head, facts));
          },
        };
      case 'used':
        throw invalid('It was used before: the current state shows what that call did.');
      case 'outdated':
        await this.#store.renew();
        throw invalid('It was made before this server lost its memory of what was used.');
      case 'too-many':
        throw new ToolError('rate_limited', 'Too many confirmed calls in ten minutes. Wait, then confirm again.', {
          retryAfterMs: LIFETIME_MS,
        });
      default:
        throw unavailable();
    }
  }

  /** Another instance may have sealed it with a key that this one does not know yet. */
  async #retryWithNewKeys(bytes: Buffer): Promise<KeyObject | undefined> {
    const known = this.#store.keys();
    if (!(await this.#store.renew())) throw unavailable();
    return this.#store.keys() === known ? undefined : this.#keyOf(bytes);
  }

  /** The key that a confirmation says it was sealed with, if it is one of those of now. */
  #keyOf(bytes: Buffer): KeyObject | undefined {
    const mark = bytes.subarray(HEAD_BYTES - KEY_MARK_BYTES, HEAD_BYTES);
    return this.#store.keys().find((key) => timingSafeEqual(mark, markOf(key)));
  }
}

/** Whether a key sealed a confirmation for this call. */
function isFor(key: KeyObject, bytes: Buffer, binding: Binding): boolean {
  const body = bytes.subarray(0, -MAC_BYTES);
  return timingSafeEqual(bytes.subarray(-MAC_BYTES), macOfCall(key, body, binding));
}

// What is authenticated begins with a label and has parts of one length each before the JSON, so that none of it can
// stand for another part, and no code for another.

/** Tells keys apart, and says nothing of them. */
function markOf(key: KeyObject): Buffer {
  return createHmac('sha256', key).update('mark').digest().subarray(0, KEY_MARK_BYTES);
}

function macOfFacts(key: KeyObject, head: Buffer, facts: unknown): Buffer {
  return createHmac('sha256', key).update('shown').update(head).update(canonicalJson(facts)).digest();
}

function macOfCall(key: KeyObject, body: Buffer, { callerKey, tool, environment, arguments: args }: Binding): Buffer {
  const binding = canonicalJson([callerKey, tool, environment ?? null, args]);
  return createHmac('sha256', key).update('call').update(body).update(binding).digest();
}

/** Adds to the error of a confirmed call that its confirmation is used up, so that repeating the call does not help. */
export function afterConfirmation({ code, message, recovery, cause }: ToolError): ToolError {
  const next = 'The confirmation is used up: read the current state, and call without it for a new preview.';
  return new ToolError(code, `${message} ${next}`, { ...recovery, retryable: false }, cause);
}

function invalid(why: string): ToolError {
  return new ToolError(
    'confirmation_invalid',
    `The confirmation is not good for this call, which has changed nothing. ${why} Call without it to get a new preview.`,
    { field: 'confirmation' },
  );
}

/** Fails closed: a confirmation that is not known to be unused may have been used. */
function unavailable(): ToolError {
  return new ToolError(
    'confirmation_unavailable',
    'Nothing was changed, because this server cannot find out at the moment whether a confirmation was used before. Wait, then repeat the call; if the confirmation is not good any more by then, call without it to get a new preview.',
    { retryAfterMs: STORE_RETRY_MS },
  );
}
