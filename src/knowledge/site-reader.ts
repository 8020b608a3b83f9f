import { PublicReader } from '../outgoing/public-reader.ts';
import { AnswerTooLarge, type RawAnswer } from '../outgoing/send-once.ts';
import { type FilesByPath, INDEX_PATH, type Known, pathsIn, type SiteFile } from './site-files.ts';

const MAX_FILE_BYTES = 16 * 1024 * 1024;
const MAX_ALL_BYTES = 48 * 1024 * 1024;
const MAX_REDIRECTS = 3;
/** For one file, and for all of them. */
const FILE_MS = 20_000;
const ALL_MS = 90_000;

/** Why the files of the site cannot be used, in a form that may be shown. */
class SiteFailure extends Error {
  override readonly name = 'SiteFailure';
}

/**
 * Reads the text files of a documentation site: the index, those of the parts that it names, and the whole. It asks this
 * origin only, whatever host the index writes, so that a mirror is read from the mirror.
 * @param known of the files that were read before: where none of them has changed, and none has come, they are not read again
 * @param signal ends the reading
 * @returns undefined where nothing has changed
 * @throws SiteFailure, or the signal's reason
 */
export async function readSite(
  origin: string,
  known: Known | undefined,
  signal: AbortSignal,
): Promise<FilesByPath | undefined> {
  const reader = new PublicReader(origin);
  const reading = new Reading(reader, AbortSignal.any([signal, AbortSignal.timeout(ALL_MS)]));
  try {
    if (known !== undefined && (await reading.isUnchanged(known))) return undefined;
    return await reading.all(origin);
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof SiteFailure ? error : new SiteFailure('It took too long to read the files.');
  } finally {
    reader.close();
  }
}

class Reading {
  readonly #reader: PublicReader;
  readonly #signal: AbortSignal;
  #bytes = 0;

  constructor(reader: PublicReader, signal: AbortSignal) {
    this.#reader = reader;
    this.#signal = signal;
  }

  /** Whether the site says of each file that it is the one known, and still has none where it had none. */
  async isUnchanged({ tags, missing }: Known): Promise<boolean> {
    for (const [path, tag] of tags) {
      if (tag === undefined) return false;
      const { status } = await this.#ask(path, { 'if-none-match': tag });
      if (status !== 304) return false;
    }
    for (const path of missing) {
      if (textIn(path, await this.#ask(path, {})) !== undefined) return false;
    }
    return true;
  }

  async all(origin: string): Promise<FilesByPath> {
    const index = await this.#read(INDEX_PATH);
    if (index === undefined) throw new SiteFailure(`${INDEX_PATH} is not there, or no text file.`);
    const files = new Map([[INDEX_PATH, index]]);
    for (const path of pathsIn(index.text, origin)) {
      const file = await this.#read(path);
      if (file !== undefined) files.set(path, file);
    }
    if (files.size === 1) throw new SiteFailure(`${INDEX_PATH} names no text file that is there.`);
    return files;
  }

  /** One file; undefined where the site has none at this path. */
  async #read(path: string): Promise<SiteFile | undefined> {
    const answer = await this.#ask(path, {});
    const text = textIn(path, answer);
    if (text === undefined) return undefined;
    this.#bytes += text.length;
    if (this.#bytes > MAX_ALL_BYTES) throw new SiteFailure('The files are too large.');
    const { etag } = answer.headers;
    return { text, tag: typeof etag === 'string' && etag.length <= 256 ? etag : undefined };
  }

  async #ask(path: string, headers: Record<string, string>): Promise<RawAnswer> {
    try {
      return await this.#reader.read(path, {
        headers: { accept: 'text/plain, text/markdown;q=0.9', ...headers },
        maxBytes: MAX_FILE_BYTES,
        signal: AbortSignal.any([this.#signal, AbortSignal.timeout(FILE_MS)]),
        redirects: MAX_REDIRECTS,
      });
    } catch (error) {
      this.#signal.throwIfAborted();
      throw new SiteFailure(`${path} cannot be read: ${reasonOf(error)}.`);
    }
  }
}

/**
 * The text that a site answered; undefined where it has none at this path. Many sites answer with a web page then.
 * @throws SiteFailure for any other status
 */
function textIn(path: string, answer: RawAnswer): string | undefined {
  const { status, text } = answer;
  if (status === 404 || status === 410) return undefined;
  if (status !== 200) throw new SiteFailure(`${path} is answered with status ${status}.`);
  return isText(answer) ? text : undefined;
}

function reasonOf(error: unknown): string {
  if (error instanceof AnswerTooLarge) return 'it is too large';
  const { code, name } = error as Error & { readonly code?: unknown };
  if (name === 'TimeoutError') return 'no answer in time';
  if (name === 'LeadsElsewhere') return 'it leads to another site, or in a circle';
  return typeof code === 'string' ? code : name;
}

function isText({ headers, text }: RawAnswer): boolean {
  const type = typeOf(headers);
  if (type !== '') return type === 'text/plain' || type === 'text/markdown';
  return !/^\s{0,100}<(!doctype|html)/i.test(text);
}

function typeOf({ 'content-type': type }: RawAnswer['headers']): string {
  return typeof type === 'string' ? (type.split(';')[0] ?? '').trim().toLowerCase().slice(0, 100) : '';
}
