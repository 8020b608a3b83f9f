import type { ScalekitClient } from '@scalekit-sdk/node';
import { type CryptoKey, compactVerify, decodeProtectedHeader, importJWK, type JWK } from 'jose';
import { openSdkClient } from './sdk-client.ts';

const MAX_KEY_SET_BYTES = 256 * 1024;

/** A downloaded key set, and the SDK client that verifies tokens with it. */
export interface DownloadedKeys {
  readonly client: ScalekitClient;
  /** Whether an error of that client means that a token is invalid, and not that the verification failed. */
  readonly refusesToken: (error: unknown) => boolean;
  /** Whether one of these keys has signed a token. Does not check whether the token has expired. */
  readonly hasSigned: (token: string) => Promise<boolean>;
  readonly kids: ReadonlySet<string>;
  /** Identifies the set of keys: changes when the keys change. */
  readonly fingerprint: string;
}

interface WholeKey {
  readonly jwk: JWK & { readonly kid: string };
  readonly key: CryptoKey | Uint8Array;
}

/**
 * Downloads the key set of an environment (JWKS, RFC 7517).
 * @param deadlineMs for the whole download, in milliseconds
 * @throws Error when the download fails, or when one of its RSA keys cannot be used
 */
export async function downloadKeys(environmentUrl: string, deadlineMs: number): Promise<DownloadedKeys> {
  const limits = { deadlineMs, maxBytes: MAX_KEY_SET_BYTES };
  const { client, keySet, refusesToken } = await openSdkClient(environmentUrl, limits);
  const keys = await wholeKeys(keySet);
  return {
    client,
    refusesToken,
    hasSigned: (token) => isSignedBy(keys, token),
    kids: new Set(keys.map(({ jwk }) => jwk.kid)),
    fingerprint: JSON.stringify(keys.map(({ jwk: { kid, n, e } }) => [kid, n, e]).sort()),
  };
}

/**
 * The RSA keys of a key set.
 * @throws Error unless all of them can be used: with an incomplete set, tokens of the missing keys would be refused
 */
async function wholeKeys(value: unknown): Promise<WholeKey[]> {
  if (!Array.isArray(value)) throw new Error('The answer is not a key set.');
  const keys = value.filter((key): key is JWK => typeof key === 'object' && key !== null && key.kty === 'RSA');
  if (keys.length === 0) throw new Error('The key set holds no RSA key.');
  return Promise.all(keys.map(wholeKey));
}

async function wholeKey(jwk: JWK): Promise<WholeKey> {
  const { kid } = jwk;
  if (typeof kid !== 'string') throw new Error('The key set holds a key without an id.');
  return { jwk: { ...jwk, kid }, key: await importJWK(jwk, 'RS256') };
}

async function isSignedBy(keys: readonly WholeKey[], token: string): Promise<boolean> {
  const { kid } = decodeProtectedHeader(token);
  const key = keys.find(({ jwk }) => jwk.kid === kid)?.key;
  if (key === undefined) return false;
  return compactVerify(token, key, { algorithms: ['RS256'] }).then(
    () => true,
    () => false,
  );
}
