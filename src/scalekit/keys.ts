import type { ScalekitClient } from '@scalekit-sdk/node';
import { importJWK, type JWK } from 'jose';
import type { ServiceHealth } from '../observability/health.ts';
import type { Log } from '../observability/log.ts';

/** From this age on, keys are fetched again before they are used: a withdrawn key works no longer than this. */
const MAX_AGE_MS = 5 * 60_000;
/** While the key set is away, known keys serve up to this age. */
const MAX_AGE_AWAY_MS = 60 * 60_000;
/** After a failed download, the next one waits this long: longer while known keys still serve. */
const RETRY_MS = { known: 10_000, none: 1_000 } as const;
/** Unknown key ids, which anybody can send, cause at most this many downloads a minute. */
const UNKNOWN_KID_DOWNLOADS_PER_MINUTE = 5;
const DOWNLOAD_DEADLINE_MS = 5_000;
const MAX_KEY_SET_BYTES = 256 * 1024;

/** No usable keys: nobody can be authenticated for now. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
  readonly retryAfterSeconds = 5;
}

/** One downloaded key set, inside the SDK client that verifies with it. */
export interface KeySet {
  readonly client: ScalekitClient;
  /** Whether an error of that client says that a token is bad, rather than that something went wrong. */
  readonly refusesToken: (error: unknown) => boolean;
  readonly kids: ReadonlySet<string>;
  /** Changes when the keys do. */
  readonly fingerprint: string;
  readonly fetchedAt: number;
}

export interface KeysOptions {
  readonly environmentUrl: string;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** For one whole download, in milliseconds. */
  readonly deadlineMs?: number;
}

/**
 * The environment's signing keys as one state machine: none → fresh → stale → out. The SDK keeps a client's first key
 * set for ever, so each download gets a client of its own, which replaces the one before only when its keys are whole.
 * At most one download runs at a time, and every caller that needs it waits for the same one.
 */
export class Keys {
  readonly #options: KeysOptions;
  readonly #now: () => number;
  #known: KeySet | undefined;
  #download: Promise<KeySet> | undefined;
  #failedAt: number | undefined;
  #unknownKidDownloads: number[] = [];

  constructor(options: KeysOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Keys that need no refresh, at once; `undefined` when `obtain` must be awaited. */
  fresh(): KeySet | undefined {
    return this.#age() < MAX_AGE_MS ? this.#known : undefined;
  }

  /**
   * Keys to verify with, downloaded first when they are due.
   * @throws KeysUnavailable when there are none, or only such that are too old to be trusted
   */
  async obtain(): Promise<KeySet> {
    const fresh = this.fresh();
    if (fresh !== undefined) return fresh;
    const usable = this.#age() < MAX_AGE_AWAY_MS ? this.#known : undefined;
    if (usable === undefined) return this.#refresh();
    // Away already: do not let every request wait for another deadline to pass.
    if (this.#failedAt !== undefined) {
      this.#refresh().catch(() => undefined);
      return usable;
    }
    return this.#refresh().catch(() => usable);
  }

  /**
   * Keys for a token that names the key `kid`, downloaded anew when it is unknown. The answer may still lack it.
   * @throws KeysUnavailable also when the key is unknown and the key set cannot be asked
   */
  async obtainFor(kid: string): Promise<KeySet> {
    const keys = await this.obtain();
    if (keys.kids.has(kid) || !this.#mayAskForUnknownKid()) return keys;
    return this.#refresh();
  }

  /**
   * How well tokens can be verified right now. Age alone is no illness: without requests nobody renews keys. So asking
   * starts a download where one is due, and probes notice that the issuer is away, and that it is back.
   */
  health(): ServiceHealth {
    if (this.fresh() === undefined || this.#failedAt !== undefined) this.#refresh().catch(() => undefined);
    if (this.fresh() !== undefined) return 'healthy';
    if (this.#failedAt === undefined) return this.#known === undefined ? 'unknown' : 'healthy';
    return this.#age() < MAX_AGE_AWAY_MS ? 'degraded' : 'unhealthy';
  }

  #age(): number {
    return this.#known === undefined ? Number.POSITIVE_INFINITY : this.#now() - this.#known.fetchedAt;
  }

  /** Only downloads that begin count: joining one, or being told that it is too early for one, costs nothing. */
  #mayAskForUnknownKid(): boolean {
    if (this.#download !== undefined || this.#isPausing()) return true;
    const now = this.#now();
    this.#unknownKidDownloads = this.#unknownKidDownloads.filter((at) => now - at < 60_000);
    if (this.#unknownKidDownloads.length >= UNKNOWN_KID_DOWNLOADS_PER_MINUTE) return false;
    this.#unknownKidDownloads.push(now);
    return true;
  }

  #isPausing(): boolean {
    const pause = this.#known === undefined ? RETRY_MS.none : RETRY_MS.known;
    return this.#failedAt !== undefined && this.#now() - this.#failedAt < pause;
  }

  #refresh(): Promise<KeySet> {
    if (this.#download !== undefined) return this.#download;
    if (this.#isPausing()) {
      return Promise.reject(new KeysUnavailable('The key set was out of reach a moment ago.'));
    }
    this.#download = this.#fetch().finally(() => {
      this.#download = undefined;
    });
    return this.#download;
  }

  async #fetch(): Promise<KeySet> {
    const { environmentUrl, log, deadlineMs = DOWNLOAD_DEADLINE_MS } = this.#options;
    const fetchedAt = this.#now();
    try {
      const keys = { ...(await downloadKeys(environmentUrl, deadlineMs)), fetchedAt };
      if (keys.fingerprint !== this.#known?.fingerprint) log.info('keys_changed', { kids: [...keys.kids] });
      this.#known = keys;
      this.#failedAt = undefined;
      return keys;
    } catch (error) {
      this.#failedAt = this.#now();
      log.warn('keys_unavailable', { error: error instanceof Error ? error.message : String(error) });
      throw new KeysUnavailable('The key set is out of reach.', { cause: error });
    }
  }
}

/** The part of the SDK's client that its types hide: its HTTP client, whose defaults know no limits. */
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
async function downloadKeys(environmentUrl: string, deadlineMs: number): Promise<Omit<KeySet, 'fetchedAt'>> {
  // Loaded when it is needed, since that takes as long as all the rest of the start: by then, this server answers already.
  const { ScalekitClient, ScalekitValidateTokenFailureException } = await import('@scalekit-sdk/node');
  // The SDK asks for client credentials although verifying tokens needs none.
  const client = new ScalekitClient(environmentUrl, '', '', { timeoutMs: deadlineMs });
  const { coreClient } = client as unknown as SdkInternals;
  Object.assign(coreClient.axios.defaults, {
    maxRedirects: 0,
    maxContentLength: MAX_KEY_SET_BYTES,
    signal: AbortSignal.timeout(deadlineMs),
    ...(environmentUrl.startsWith('http:') && { proxy: false }),
  });
  await coreClient.getJwks();
  const keys = await wholeKeys(coreClient.keys);
  return {
    client,
    refusesToken: (error) => error instanceof ScalekitValidateTokenFailureException,
    kids: new Set(keys.map(({ kid }) => kid)),
    fingerprint: JSON.stringify(keys.map(({ kid, n, e }) => [kid, n, e]).sort()),
  };
}

/** The RSA keys of a key set. Throws unless every one of them can be used: half a key set is an outage. */
async function wholeKeys(value: unknown): Promise<(JWK & { kid: string })[]> {
  if (!Array.isArray(value)) throw new Error('The answer is not a key set.');
  const keys = value.filter((key): key is JWK => typeof key === 'object' && key !== null && key.kty === 'RSA');
  for (const key of keys) {
    if (typeof key.kid !== 'string') throw new Error('The key set holds a key without an id.');
    await importJWK(key, 'RS256');
  }
  if (keys.length === 0) throw new Error('The key set holds no RSA key.');
  return keys as (JWK & { kid: string })[];
}
