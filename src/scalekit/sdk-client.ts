import type { ScalekitClient } from '@scalekit-sdk/node';
import { later } from '../core/later.ts';

/** Takes as long as all the rest of the start. */
const sdk = later(() => import('@scalekit-sdk/node'));

/** A client of the SDK that has downloaded a key set. */
interface SdkClient {
  readonly client: ScalekitClient;
  /** The key set as the SDK keeps it; not checked. */
  readonly keySet: unknown;
  /** Whether an error of this client means that a token is invalid, and not that the verification failed. */
  readonly refusesToken: (error: unknown) => boolean;
}

/**
 * Parts of the SDK's client that its types hide: its HTTP client, which has no limits by default, and the keys with
 * which it verifies tokens.
 *
 * Breaks when `ScalekitClient.coreClient`, or its `axios`, `keys` or `getJwks()`, is renamed or made `#private`;
 * tests/http/keys.test.ts fails then.
 */
interface SdkInternals {
  readonly coreClient: {
    readonly axios: { readonly defaults: Record<string, unknown> };
    readonly keys: unknown;
    getJwks(): Promise<void>;
  };
}

/**
 * Creates an SDK client and lets it download its key set (`GET /keys`), with limits that the SDK does not set: no
 * redirects, a maximum size, and a deadline for the whole download. (The SDK's own timeout only limits the time without
 * data.)
 * @param environmentUrl the origin of the environment
 * @throws Error when the download fails
 */
export async function openSdkClient(
  environmentUrl: string,
  { deadlineMs, maxBytes }: { readonly deadlineMs: number; readonly maxBytes: number },
): Promise<SdkClient> {
  const { ScalekitClient, ScalekitValidateTokenFailureException } = await sdk();
  // The SDK's constructor demands client credentials, but verifying tokens needs none.
  const client = new ScalekitClient(environmentUrl, '', '', { timeoutMs: deadlineMs });
  const { coreClient } = client as unknown as SdkInternals;
  Object.assign(coreClient.axios.defaults, {
    maxRedirects: 0,
    maxContentLength: maxBytes,
    signal: AbortSignal.timeout(deadlineMs),
    ...(environmentUrl.startsWith('http:') && { proxy: false }),
  });
  await coreClient.getJwks();
  return {
    client,
    keySet: coreClient.keys,
    refusesToken: (error) => error instanceof ScalekitValidateTokenFailureException,
  };
}
