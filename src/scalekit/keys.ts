import type { Log } from '../observability/log/log.ts';
import { type Metrics, NO_METRICS } from '../observability/metrics/metrics.ts';
import { type DownloadedKeys, downloadKeys } from './key-download.ts';

/** From this age on, keys are fetched again before they are used: a withdrawn key works no longer than this. */
const MAX_AGE_MS = 5 * 60_000;
/** While the key set is away, known keys serve up to this age. */
const MAX_AGE_AWAY_MS = 60 * 60_000;
/** After a failed download, the next one waits this long: longer while known keys still serve. */
const RETRY_MS = { known: 10_000, none: 1_000 } as const;
/** Unknown key ids, which anybody can send, cause at most this many downloads a minute. */
const UNKNOWN_KID_DOWNLOADS_PER_MINUTE = 5;
const DOWNLOAD_DEADLINE_MS = 5_000;

/** No usable keys: nobody can be authenticated for now. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
  readonly retryAfterSeconds = 5;
}

export interface KeySet extends DownloadedKeys {
  readonly fetchedAt: number;
}

/** What a download of the keys has shown of the issuer. */
interface Observation {
  /** When it ended, in milliseconds since the epoch. */
  readonly at: number;
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
 * The environment's signing keys as one state machine: none → fresh → stale → out. The SDK keeps a client's first key
 * set for ever, so each download gets a client of its own, which replaces the one before only when its keys are whole.
 * At most one download runs at a time, and every caller that needs it waits for the same one.
 */
export class Keys {
  readonly #options: KeysOptions;
  readonly #now: () => number;
  #known: KeySet | undefined;
  #download: Promise<KeySet> | undefined;
  #downloadBegan = 0;
  #failedAt: number | undefined;
  #observation: Observation | undefined;
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
    const usable = this.areUsable() ? this.#known : undefined;
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
   * Downloads the keys, due or not; joins a download that is under way.
   * @throws KeysUnavailable when that fails, or failed a moment ago
   */
  renew(): Promise<KeySet> {
    return this.#refresh();
  }

  /** How and when the latest download ended: what is known of the issuer. */
  get observation(): Observation | undefined {
    return this.#observation;
  }

  /** When the download that is under way began. */
  get underWaySince(): number | undefined {
    return this.#download === undefined ? undefined : this.#downloadBegan;
  }

  /** Whether keys have ever been had, however long ago. */
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
      this.#observation = { at: this.#now(), answered: true };
      metrics.keysRenewed(true);
      return keys;
    } catch (error) {
      this.#failedAt = this.#now();
      this.#observation = { at: this.#failedAt, answered: false };
      metrics.keysRenewed(false);
      log.warn('keys_unavailable', { error: error instanceof Error ? error.message : String(error) });
      throw new KeysUnavailable('The key set is out of reach.', { cause: error });
    }
  }
}
