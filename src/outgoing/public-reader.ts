import { parseUrl } from '../core/parse-url.ts';
import { createDispatcher, type Dispatcher } from './dispatcher.ts';
import { type RawAnswer, sendOnce } from './send-once.ts';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export interface ReadOptions {
  /** The longest body, in bytes. */
  readonly maxBytes: number;
  /** Ends the reading. */
  readonly signal: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
  /** So many redirects are followed, all of them within the origin. Left out: none. */
  readonly redirects?: number;
}

/** A redirect leads to another origin, or there are too many. */
class LeadsElsewhere extends Error {
  override readonly name = 'LeadsElsewhere';
}

/**
 * Reads what one origin publishes for everybody. No credential goes along, and no other origin is asked, wherever its
 * answers lead.
 */
export class PublicReader {
  readonly #origin: string;
  readonly #dispatcher: Dispatcher;

  constructor(origin: string) {
    this.#origin = origin;
    this.#dispatcher = createDispatcher(origin);
  }

  /**
   * @param path begins with a slash
   * @returns the answer, whatever its status; a redirect only where none is followed
   * @throws the network error, `AnswerTooLarge`, `LeadsElsewhere`, or the signal's reason
   */
  async read(path: string, options: ReadOptions): Promise<RawAnswer> {
    const { headers, maxBytes, signal, redirects = 0 } = options;
    const answer = await sendOnce(this.#dispatcher, {
      origin: this.#origin,
      path,
      method: 'GET',
      headers: { ...headers },
      body: null,
      maxBytes,
      signal,
    });
    if (options.redirects === undefined || !REDIRECTS.has(answer.status)) return answer;
    return this.read(this.#within(answer, path, redirects), { ...options, redirects: redirects - 1 });
  }

  /** Closes its connections; what is being read fails. */
  close(): void {
    void this.#dispatcher.destroy();
  }

  #within({ headers: { location } }: RawAnswer, path: string, redirects: number): string {
    const base = `${this.#origin}${path}`;
    const to = typeof location === 'string' ? parseUrl(location, base) : undefined;
    if (redirects < 1 || to?.origin !== this.#origin) throw new LeadsElsewhere();
    return `${to.pathname}${to.search}`;
  }
}
