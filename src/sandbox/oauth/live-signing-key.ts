import { type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { ExternalSigningKey } from 'oidc-provider/lib/helpers/keystore.js';
import type { SigningKeys } from '../keys.ts';

/**
 * The one key that the provider knows. It copies its key set once, at construction, and so could not follow a
 * rotation; this key stands for whichever key is current.
 */
export class LiveSigningKey extends ExternalSigningKey {
  readonly #keys: SigningKeys;

  constructor(keys: SigningKeys) {
    super();
    this.#keys = keys;
  }

  override get kid(): string {
    return this.#keys.current.kid;
  }

  override get alg(): string {
    return 'RS256';
  }

  override keyObject(): KeyObject {
    return this.#keys.current.publicKey;
  }

  /**
   * Signs a JWS signing input. The provider wrote `kid` into its header a moment ago and a rotation may have come in
   * between, so the header says which key it must be.
   */
  override async sign(data: Uint8Array): Promise<Uint8Array> {
    const { kid } = JSON.parse(headerOf(data));
    const { privateKey } = this.#keys.find(kid) ?? this.#keys.current;
    return promisify(sign)('RSA-SHA256', data, privateKey);
  }
}

/** RFC 7515 §5.1: the signing input is the encoded header, a dot, the encoded payload. */
function headerOf(signingInput: Uint8Array): string {
  const [header = ''] = Buffer.from(signingInput).toString('latin1').split('.', 1);
  return Buffer.from(header, 'base64url').toString();
}
