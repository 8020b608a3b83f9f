import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256 } from '../core/digest.ts';
import { parseJson } from '../core/json.ts';
import { type FilesByPath, INDEX_PATH, type SiteFile, type Tags } from './site-files.ts';

/** Names the texts of a copy. It is replaced last, so that a copy is whole or not there. */
const MANIFEST = 'documentation.json';
/** A text is stored under the SHA-256 of its bytes. */
const TEXT = /^[0-9a-f]{64}\.txt$/;
const MAX_MANIFEST_BYTES = 64 * 1024;
const MAX_TEXT_BYTES = 16 * 1024 * 1024;
const MAX_FILES = 100;
/** What no manifest names is removed after this time: another process may be about to name it. */
const UNNAMED_MS = 60 * 60_000;

const Manifest = z.object({
  version: z.literal(1),
  /** The site, as an origin. */
  site: z.string(),
  readAt: z.iso.datetime(),
  files: z
    .array(z.object({ path: z.string(), tag: z.string().optional(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
    .max(MAX_FILES),
});

/** What a folder holds of a site. */
export interface DiskCopy {
  readonly files: FilesByPath;
  /** When the site said last that this is how its files are. */
  readonly readAt: Date;
}

/** A copy cannot be used. The message says why, and quotes nothing of it. */
export class DamagedCopy extends Error {
  override readonly name = 'DamagedCopy';
}

/** The files of a site, or their names, are longer than a copy may be. */
export class TooLargeToKeep extends Error {
  override readonly name = 'TooLargeToKeep';
  override readonly message = 'The files are too large for a copy.';
}

/**
 * The copy of a site's files in a folder.
 * @returns undefined when there is none, or one of another site
 * @throws DamagedCopy, or the error of the file system
 */
export async function readCopy(folder: string, site: string): Promise<DiskCopy | undefined> {
  const manifest = await readManifest(folder, site);
  if (manifest === undefined) return undefined;
  const files = new Map<string, SiteFile>();
  for (const { path, tag, sha256: digest } of manifest.files) {
    const content = await readBounded(join(folder, `${digest}.txt`), MAX_TEXT_BYTES).catch(unlessMissing);
    if (content === undefined || sha256(content) !== digest) {
      throw new DamagedCopy(`A text that ${MANIFEST} names is missing, or not as it was written.`);
    }
    files.set(path, { text: content, tag });
  }
  if (!files.has(INDEX_PATH)) throw new DamagedCopy(`${MANIFEST} names no ${INDEX_PATH}.`);
  return { files, readAt: new Date(manifest.readAt) };
}

/** @throws DamagedCopy, or the error of the file system */
async function readManifest(folder: string, site: string): Promise<z.output<typeof Manifest> | undefined> {
  const text = await readBounded(join(folder, MANIFEST), MAX_MANIFEST_BYTES).catch(unlessMissing);
  if (text === undefined) return undefined;
  const { data } = Manifest.safeParse(parseJson(text));
  if (data === undefined) throw new DamagedCopy(`${MANIFEST} is not in the form that this server writes.`);
  return data.site === site ? data : undefined;
}

/**
 * Writes a copy of a site's files to a folder, which only the user of this process can read. A text that is there already
 * is not written again. Several processes may do so at the same time.
 * @throws TooLargeToKeep for what `readCopy` would not read, before anything is written; or the error of the file system
 */
export async function writeCopy(folder: string, site: string, { files, readAt }: DiskCopy): Promise<void> {
  const named = [...files].map(([path, { text, tag }]) => ({
    path,
    ...(tag !== undefined && { tag }),
    sha256: digestOf(text),
  }));
  const manifest = manifestText({ version: 1, site, readAt: readAt.toISOString(), files: named });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const { path, sha256: digest } of named) {
    const file = join(folder, `${digest}.txt`);
    if (!(await holds(file, digest))) await replace(file, files.get(path)?.text ?? '');
  }
  await replace(join(folder, MANIFEST), manifest);
  await removeOthers(folder, new Set(named.map(({ sha256: digest }) => `${digest}.txt`)));
}

/**
 * Writes down that the site has said once more that its files are those of a copy. A copy of other files stays as it is:
 * another process may have read newer ones.
 * @param tags those of the files that the site has confirmed
 * @throws DamagedCopy, or the error of the file system
 */
export async function confirmCopy(folder: string, site: string, tags: Tags, readAt: Date): Promise<void> {
  const manifest = await readManifest(folder, site);
  if (manifest === undefined || Date.parse(manifest.readAt) >= readAt.getTime()) return;
  const { files } = manifest;
  const isSame = files.length === tags.size && files.every(({ path, tag }) => tags.has(path) && tags.get(path) === tag);
  if (isSame) await replace(join(folder, MANIFEST), manifestText({ ...manifest, readAt: readAt.toISOString() }));
}

/** @throws TooLargeToKeep when it would not be read again */
function manifestText(manifest: z.input<typeof Manifest>): string {
  const text = JSON.stringify(manifest);
  if (Buffer.byteLength(text) > MAX_MANIFEST_BYTES || manifest.files.length > MAX_FILES) throw new TooLargeToKeep();
  return text;
}

/** @throws TooLargeToKeep when the text would not be read again */
function digestOf(text: string): string {
  if (Buffer.byteLength(text) > MAX_TEXT_BYTES) throw new TooLargeToKeep();
  return sha256(text);
}

async function replace(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
    await rename(draft, file);
  } catch (error) {
    await unlink(draft).catch(() => undefined);
    throw error;
  }
}

async function removeOthers(folder: string, named: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder)) {
    const isOurs = TEXT.test(name) || /^([0-9a-f]{64}\.txt|documentation\.json)\.[0-9a-f]{12}$/.test(name);
    if (!isOurs || named.has(name)) continue;
    const file = join(folder, name);
    const age = await stat(file).then(({ mtimeMs }) => Date.now() - mtimeMs, unlessMissing);
    if (age !== undefined && age > UNNAMED_MS) await unlink(file).catch(unlessMissing);
  }
}

/** Whether a file is there as it was written. */
async function holds(file: string, digest: string): Promise<boolean> {
  const text = await readBounded(file, MAX_TEXT_BYTES).catch(() => undefined);
  return text !== undefined && sha256(text) === digest;
}

async function readBounded(file: string, maxBytes: number): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) throw new DamagedCopy('A file of it is too large.');
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

function unlessMissing(error: unknown): undefined {
  if ((error as { readonly code?: unknown }).code === 'ENOENT') return undefined;
  throw error;
}
