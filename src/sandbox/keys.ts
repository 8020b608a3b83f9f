import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { type JWTPayload, SignJWT } from 'jose';
import { randomId } from './random-id.ts';

const ALGORITHM = 'RS256';

/** A key pair with the name under which it is published. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/**
 * The keys of the environment. Everything that signs and everything that publishes asks here each time, so that a
 * rotation takes effect at once and for both issuers.
 */
export class SigningKeys {
  #current: SigningKey;
  #old: SigningKey[] = [];

  private constructor(first: SigningKey) {
    this.#current = first;
  }

  static async create(): Promise<SigningKeys> {
    return new SigningKeys(await generate());
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
  }

  /** Stops publishing every key but the current one; tokens signed by the others are worthless from here on. */
  withdrawOld(): void {
    this.#old = [];
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

async function generate(): Promise<SigningKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return { kid: randomId('snk'), privateKey, publicKey };
}
