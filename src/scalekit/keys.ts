import type { Log } from '../observability/log/log.ts';
import { type Metrics, NO_METRICS } from '../observability/metrics/metrics.ts';
import { type DownloadedKeys, downloadKeys } from './key-download.ts';

/**
 * Keys of this age are downloaded again before they are used, so that a withdrawn key does not work longer than this.
 */
const MAX_AGE_MS = 5 * 60_000;
/** The age up to which known keys are used while the key set cannot be downloaded. */
const MAX_AGE_AWAY_MS = 60 * 60_000;
/** The pause after a failed download: longer while known keys can still be used. */
const RETRY_MS = { known: 10_000, none: 1_000 } as const;
/**
 * An unknown key id causes a download when the last one, whatever it was for, began this long ago. Any client can send
 * such ids, so that there is no allowance which could be used up: a new key is known after this pause and the time of
 * one download, under any flood.
 */
const UNKNOWN_KID_PAUSE_MS = 10_000;
const DOWNLOAD_DEADLINE_MS = 5_000;

/** What the operator does about a failed download. */
const NOTICE =
  'The keys of SCALEKIT_ENV_URL, with which tokens are checked, cannot be downloaded. Correct SCALEKIT_ENV_URL, or let this server reach it: DNS, HTTPS_PROXY, firewall. It tries again by itself.';

/** There are no usable keys, so that no token can be checked at the moment. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
  readonly retryAfterSeconds = 5;
}

export interface KeySet extends DownloadedKeys {
  readonly fetchedAt: number;
}

/** The outcome of a download of the keys. */
interface DownloadOutcome {
  /** When it ended, in milliseconds since the epoch. */
  readonly at: number;
  /** Whether it succeeded. */
  readonly answered: boolean;
}

export interface KeysOptions {
  readonly environmentUrl: string;
  readonly log: Log;
  readonly metrics?: Metrics;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** For one whole download, in milliseconds. */
  readonly deadlineMs?: number;
}

/**
 * The environment's signing keys, as a state machine: none → fresh → stale → too old. A client of the Scalekit SDK
 * never replaces its first key set. So each download uses a new client, which replaces the previous one only if its key
 * set is complete. There is at most one download at a time, and all callers that need it wait for the same one.
 */
export class Keys {
  readonly #options: KeysOptions;
  readonly #now: () => number;
  #known: KeySet | undefined;
  #download: Promise<KeySet> | undefined;
  #downloadBegan = 0;
  #failedAt: number | undefined;
  #lastDownload: DownloadOutcome | undefined;
  #isStopped = false;
  /** What the latest download failed with; undefined when it succeeded. */
  #failure: string | undefined;
  #tellFirst: () => void = () => undefined;
  /** Resolves with the first keys. */
  readonly first = new Promise<void>((resolve) => {
    this.#tellFirst = resolve;
  });

  constructor(options: KeysOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => Date.now());
  }

  /** From now on, a download that fails is no news: what it asks may be closed already. */
  stop(): void {
    this.#isStopped = true;
  }

  /** The keys, if they need no refresh; `undefined` when `obtain` must be awaited. */
  fresh(): KeySet | undefined {
    return this.#age() < MAX_AGE_MS ? this.#known : undefined;
  }

  /**
   * The keys to verify tokens with. They are downloaded first if they are not fresh.
   * @throws KeysUnavailable when there are none, or only keys that are too old
   */
  async obtain(): Promise<KeySet> {
    const fresh = this.fresh();
    if (fresh !== undefined) return fresh;
    const usable = this.areUsable() ? this.#known : undefined;
    if (usable === undefined) return this.#refresh();
    // The last download failed: use the known keys at once, so that requests do not wait for another deadline.
    if (this.#failedAt !== undefined) {
      this.#refresh().catch(() => undefined);
      return usable;
    }
    return this.#refresh().catch(() => usable);
  }

  /**
   * The keys to verify a token that names the key `kid`. They are downloaded again if that key is unknown and the last
   * download is not too recent; it may still be missing in the result.
   * @throws KeysUnavailable also when the key is unknown and the key set cannot be downloaded
   */
  async obtainFor(kid: string): Promise<KeySet> {
    const keys = await this.obtain();
    if (keys.kids.has(kid) || !this.#mayAskForUnknownKid()) return keys;
    return this.#refresh();
  }

  /**
   * Downloads the keys, even if they are fresh, or waits for a download that is running already.
   * @throws KeysUnavailable when the download fails, or has failed a moment ago
   */
  renew(): Promise<KeySet> {
    return this.#refresh();
  }

  /** How and when the latest download ended. */
  get lastDownload(): DownloadOutcome | undefined {
    return this.#lastDownload;
  }

  /** When the running download began, in milliseconds since the epoch; undefined if none is running. */
  get downloadingSince(): number | undefined {
    return this.#download === undefined ? undefined : this.#downloadBegan;
  }

  /** Whether keys have ever been downloaded. */
  get wereHad(): boolean {
    return this.#known !== undefined;
  }

  /** Whether tokens can be verified without another download. */
  areUsable(): boolean {
    return this.#age() < MAX_AGE_AWAY_MS;
  }

  #age(): number {
    return this.#known === undefined ? Number.POSITIVE_INFINITY : this.#now() - this.#known.fetchedAt;
  }

  /** Waiting for a download that is running, and being told that the key set is out of reach, cost nothing. */
  #mayAskForUnknownKid(): boolean {
    const isDue = this.#now() - this.#downloadBegan >= UNKNOWN_KID_PAUSE_MS;
    return this.#download !== undefined || this.#isPausing() || isDue;
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
    this.#downloadBegan = this.#now();
    this.#download = this.#fetch().finally(() => {
      this.#download = undefined;
    });
    return this.#download;
  }

  async #fetch(): Promise<KeySet> {
    const { environmentUrl, log, metrics = NO_METRICS, deadlineMs = DOWNLOAD_DEADLINE_MS } = this.#options;
    const fetchedAt = this.#now();
    try {
      const keys = { ...(await downloadKeys(environmentUrl, deadlineMs)), fetchedAt };
      if (keys.fingerprint !== this.#known?.fingerprint) log.info('keys_changed', { kids: [...keys.kids] });
      this.#known = keys;
      this.#failedAt = undefined;
      this.#failure = undefined;
      this.#tellFirst();
      this.#lastDownload = { at: this.#now(), answered: true };
      metrics.keysRenewed(true);
      return keys;
    } catch (error) {
      this.#failedAt = this.#now();
      this.#lastDownload = { at: this.#failedAt, answered: false };
      metrics.keysRenewed(false);
      const failure = error instanceof Error ? error.message : String(error);
      // The same again, every few seconds for as long as the issuer is away, is no news.
      const facts = { notice: NOTICE, url: `${environmentUrl}/keys`, error: failure };
      if (failure === this.#failure || this.#isStopped) log.debug('keys_unavailable', facts);
      else log.warn('keys_unavailable', facts);
      this.#failure = failure;
      throw new KeysUnavailable('The key set is out of reach.', { cause: error });
    }
  }
}
