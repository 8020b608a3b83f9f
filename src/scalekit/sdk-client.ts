import type { ScalekitClient } from '@scalekit-sdk/node';

/** A client of the SDK that has downloaded a key set. */
interface SdkClient {
  readonly client: ScalekitClient;
  /** As the SDK keeps it: nobody has checked it. */
  readonly keySet: unknown;
  /** Whether an error of this client says that a token is bad, rather than that something went wrong. */
  readonly refusesToken: (error: unknown) => boolean;
}

/**
 * What the SDK's types hide: the HTTP client behind it, whose defaults know no limits, and the keys that it verifies with.
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
 * Lets a new SDK client download its key set, with the limits that it does not set by itself: no redirects, a size,
 * and a deadline for the whole download rather than for each silence in it.
 */
export async function openSdkClient(
  environmentUrl: string,
  { deadlineMs, maxBytes }: { readonly deadlineMs: number; readonly maxBytes: number },
): Promise<SdkClient> {
  // Loaded when it is needed, since that takes as long as all the rest of the start: by then, this server answers already.
  const { ScalekitClient, ScalekitValidateTokenFailureException } = await import('@scalekit-sdk/node');
  // The SDK asks for client credentials although verifying tokens needs none.
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
