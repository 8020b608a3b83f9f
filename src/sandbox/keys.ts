import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { type JWTPayload, SignJWT } from 'jose';
import { z } from 'zod';
import { randomId } from './random-id.ts';
import type { State } from './state/state.ts';

const ALGORITHM = 'RS256';

/** A key pair with the name under which it is published. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const Kept = z.array(z.object({ kid: z.string(), privateKey: z.string() })).min(1);

/**
 * The keys of the environment. Everything that signs and everything that publishes asks here each time, so that a
 * rotation takes effect at once and for both issuers.
 */
export class SigningKeys {
  #current: SigningKey;
  #old: SigningKey[] = [];

  readonly #state: State;

  private constructor([current, ...old]: readonly [SigningKey, ...SigningKey[]], state: State) {
    this.#current = current;
    this.#old = old;
    this.#state = state;
  }

  /**
   * Takes the keys that the last process has kept, or else the given one, or else makes one.
   * @param given a private RSA key, published under a name of its own
   */
  static async create(state: State, given?: KeyObject): Promise<SigningKeys> {
    const before = readKept(state.before('keys'));
    const keys = new SigningKeys(before ?? [await generate(given)], state);
    state.keep('keys', keys);
    return keys;
  }

  /** The keys as they are written down: the current one first. */
  kept(): z.input<typeof Kept> {
    return this.#published().map(({ kid, privateKey }) => ({
      kid,
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    }));
  }

  /** The key that signs from now on. */
  get current(): SigningKey {
    return this.#current;
  }

  /** Makes a new signing key. The old one stays published, as tokens that it signed are still around. */
  async rotate(): Promise<void> {
    const next = await generate();
    this.#old.push(this.#current);
    this.#current = next;
    await this.#state.changed();
  }

  /** Stops publishing every key but the current one; tokens signed by the others are worthless from here on. */
  withdrawOld(): void {
    this.#old = [];
    void this.#state.changed();
  }

  /** The published key of that name. */
  find(kid: string | undefined): SigningKey | undefined {
    return this.#published().find((key) => key.kid === kid);
  }

  /** The key set document (RFC 7517 §5). */
  document(): { readonly keys: readonly Record<string, unknown>[] } {
    return {
      keys: this.#published().map(({ kid, publicKey }) => ({
        ...publicKey.export({ format: 'jwk' }),
        kid,
        use: 'sig',
        alg: ALGORITHM,
      })),
    };
  }

  /** Signs the claims as an access token (RFC 9068 §2.1). */
  sign(claims: JWTPayload): Promise<string> {
    const { kid, privateKey } = this.#current;
    return new SignJWT(claims).setProtectedHeader({ alg: ALGORITHM, typ: 'at+jwt', kid }).sign(privateKey);
  }

  #published(): readonly SigningKey[] {
    return [this.#current, ...this.#old];
  }
}

/** A file that somebody has edited, or of another version, is as good as none. */
function readKept(kept: unknown): [SigningKey, ...SigningKey[]] | undefined {
  const parsed = Kept.safeParse(kept);
  if (!parsed.success) return undefined;
  try {
    const [first, ...others] = parsed.data.map(({ kid, privateKey }) => toKey(kid, createPrivateKey(privateKey)));
    return first && [first, ...others];
  } catch {
    return undefined;
  }
}

function toKey(kid: string, privateKey: KeyObject): SigningKey {
  return { kid, privateKey, publicKey: createPublicKey(privateKey) };
}

async function generate(given?: KeyObject): Promise<SigningKey> {
  const privateKey = given ?? (await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })).privateKey;
  return toKey(randomId('snk'), privateKey);
}
