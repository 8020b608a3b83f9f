import type { DocsLibrary, Documentation } from '../core/documentation.ts';
import { ToolError } from '../core/errors.ts';
import { later } from '../core/later.ts';
import { within } from '../core/within.ts';
import type { Log } from '../observability/log/log.ts';
import { plainText } from '../observability/plain-text.ts';
import { cancelled } from '../outgoing/deadline.ts';
import type { DiskCopy } from './disk-copy.ts';
import { type FilesByPath, type Known, knownBy } from './site-files.ts';
import { Slices } from './slices.ts';

const siteReader = later(() => import('./site-reader.ts'));
const diskCopy = later(() => import('./disk-copy.ts'));
const libraryModule = later(() => import('./library.ts'));

/** The pause after a reading, on average; it differs by a fifth, so that instances do not ask in step. */
const PAUSE_MS = { well: 60 * 60_000, failing: 5 * 60_000 } as const;
const JITTER = 0.2;
/** The first reading begins at some time within this one, or when somebody asks. */
const FIRST_WITHIN_MS = 10_000;
/** While there is nothing to answer with, whoever asks brings the next reading forward to this age. */
const MIN_AGE_MS = 5_000;
/** How long a question waits for the first reading. */
const MAX_WAIT_MS = 10_000;

export interface KeeperOptions {
  /** The origin of the site. */
  readonly site: string;
  /** The folder of the copy on disk. Unset: none is kept. */
  readonly folder: string | undefined;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Yields a number from 0 to 1. */
  readonly random?: () => number;
}

/**
 * Keeps the documentation of a site: reads it in the background, again every hour, and answers with what was read last
 * when the site is away. All callers share one reading. What only readings need is loaded with the first one.
 */
export class DocumentationKeeper implements Documentation {
  readonly #options: KeeperOptions;
  readonly #now: () => number;
  readonly #stopping = new AbortController();
  #library: DocsLibrary | undefined;
  /** Of the files that the library was made of. */
  #known: Known | undefined;
  /** When the site said last how its files are. */
  #readAt: number | undefined;
  #triedAt: number | undefined;
  /** Why the last reading failed; undefined while the site is well. */
  #failure: Error | undefined;
  #reading: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Resolves with the first library, or else when the reading ends: what waits for it is forgotten then. */
  #available = deferred();

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => Date.now());
  }

  /** Begins to read it, in a moment. Nothing waits for that. */
  start(): void {
    this.#readIn(FIRST_WITHIN_MS * (this.#options.random ?? Math.random)());
  }

  /** Ends it, and waits until a reading that is under way has noticed. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('This server stops.'));
    clearTimeout(this.#timer);
    await this.idle();
  }

  /** Waits until no reading is under way. */
  async idle(): Promise<void> {
    await this.#reading;
  }

  get staleSince(): Date | undefined {
    return this.#failure === undefined || this.#readAt === undefined ? undefined : new Date(this.#readAt);
  }

  async library(signal: AbortSignal): Promise<DocsLibrary> {
    if (this.#library === undefined) await over(signal, Promise.race([this.#available.promise, this.#readDue()]));
    if (this.#library !== undefined) return this.#library;
    const isReading = this.#reading !== undefined;
    const what = isReading ? 'is being read for the first time' : 'cannot be read at the moment';
    throw new ToolError(
      'upstream_unavailable',
      `The documentation at ${this.#options.site} ${what}. Repeat the call in a moment; if it stays like this, a person can read it there, and the operator of this server finds the reason in its log.`,
      { retryable: true, retryAfterMs: MIN_AGE_MS },
      this.#failure,
    );
  }

  /** A reading, unless the last one has ended a moment ago. */
  #readDue(): Promise<void> {
    const isRecent = this.#triedAt !== undefined && this.#now() - this.#triedAt < MIN_AGE_MS;
    return this.#reading === undefined && isRecent ? Promise.resolve() : this.#read();
  }

  #read(): Promise<void> {
    if (this.#stopping.signal.aborted) return Promise.resolve();
    this.#reading ??= this.#once().finally(() => {
      this.#reading = undefined;
      this.#available.resolve();
      this.#available = deferred();
    });
    return this.#reading;
  }

  async #once(): Promise<void> {
    clearTimeout(this.#timer);
    const { signal } = this.#stopping;
    try {
      await this.#takeCopy();
      await this.#takeSite();
      this.#told(undefined);
    } catch (error) {
      if (signal.aborted) return;
      this.#told(error as Error);
    }
    this.#triedAt = this.#now();
    const { random = Math.random } = this.#options;
    const pauseMs = this.#failure === undefined ? PAUSE_MS.well : PAUSE_MS.failing;
    this.#readIn(pauseMs * (1 + JITTER * (2 * random() - 1)));
  }

  async #takeSite(): Promise<void> {
    const { site, log } = this.#options;
    const { readSite } = await siteReader();
    const files = await readSite(site, this.#known, this.#stopping.signal);
    this.#readAt = this.#now();
    if (files === undefined) return this.#confirmCopy(this.#readAt);
    const library = await this.#take({ files, readAt: new Date(this.#readAt) });
    log.info('documentation_read', { site, pages: library.pages.length });
    await this.#keepCopy(files);
  }

  /** Takes the copy on disk, where nothing was read so far. */
  async #takeCopy(): Promise<void> {
    const { site, folder, log } = this.#options;
    if (folder === undefined || this.#library !== undefined) return;
    try {
      const { readCopy } = await diskCopy();
      const copy = await readCopy(folder, site);
      if (copy !== undefined) await this.#take(copy);
    } catch (error) {
      this.#stopping.signal.throwIfAborted();
      log.warn('documentation_copy_unusable', { folder, error: String(error) });
    }
  }

  async #take({ files, readAt }: DiskCopy): Promise<DocsLibrary> {
    const { makeLibrary } = await libraryModule();
    const library = await makeLibrary(files, this.#options.site, new Slices(this.#stopping.signal));
    this.#library = library;
    this.#known = knownBy(files, this.#options.site);
    this.#readAt = readAt.getTime();
    this.#available.resolve();
    return library;
  }

  async #keepCopy(files: FilesByPath): Promise<void> {
    const { site, folder, log } = this.#options;
    if (folder === undefined) return;
    const { writeCopy } = await diskCopy();
    await writeCopy(folder, site, { files, readAt: new Date(this.#now()) }).catch((error: unknown) => {
      log.warn('documentation_copy_not_written', { folder, error: String(error) });
    });
  }

  /** Otherwise what is answered from the copy after a restart would be dated from when it was written. */
  async #confirmCopy(readAt: number): Promise<void> {
    const { site, folder, log } = this.#options;
    if (folder === undefined || this.#known === undefined) return;
    const { confirmCopy } = await diskCopy();
    await confirmCopy(folder, site, this.#known.tags, new Date(readAt)).catch((error: unknown) => {
      log.warn('documentation_copy_not_written', { folder, error: String(error) });
    });
  }

  /** Takes note of how a reading ended; each change is one line in the log. */
  #told(failure: Error | undefined): void {
    const { site, log } = this.#options;
    const before = this.#failure;
    this.#failure = failure;
    if (failure?.message === before?.message) return;
    if (failure === undefined) log.info('documentation_back', { site });
    else
      log.warn('documentation_failing', {
        site,
        error: plainText(failure.message),
        serves: this.#library?.pages.length ?? 0,
      });
  }

  #readIn(ms: number): void {
    if (this.#stopping.signal.aborted) return;
    this.#timer = setTimeout(() => void this.#read(), ms).unref();
  }
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/**
 * Waits for something that callers share, but not longer than a question may wait.
 * @throws ToolError `cancelled` when the call is over first
 */
async function over(signal: AbortSignal, shared: Promise<void>): Promise<void> {
  let stop: () => void = () => undefined;
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
  });
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  await within(MAX_WAIT_MS, Promise.race([shared, aborted]));
  signal.removeEventListener('abort', stop);
  if (signal.aborted) throw cancelled();
}
