import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256 } from '../core/digest.ts';
import { parseJson } from '../core/json.ts';
import { type FilesByPath, INDEX_PATH, type SiteFile } from './site-files.ts';

/** Names the texts of a copy. It is replaced last, so that a copy is whole or not there. */
const MANIFEST = 'documentation.json';
/** A text is stored under the SHA-256 of its bytes. */
const TEXT = /^[0-9a-f]{64}\.txt$/;
const MAX_MANIFEST_BYTES = 64 * 1024;
const MAX_TEXT_BYTES = 16 * 1024 * 1024;
/** What no manifest names is removed after this time: another process may be about to name it. */
const UNNAMED_MS = 60 * 60_000;

const Manifest = z.object({
  version: z.literal(1),
  /** The site, as an origin. */
  site: z.string(),
  readAt: z.iso.datetime(),
  files: z
    .array(z.object({ path: z.string(), tag: z.string().optional(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
    .max(100),
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

/**
 * The copy of a site's files in a folder.
 * @returns undefined when there is none, or one of another site
 * @throws DamagedCopy, or the error of the file system
 */
export async function readCopy(folder: string, site: string): Promise<DiskCopy | undefined> {
  const text = await readBounded(join(folder, MANIFEST), MAX_MANIFEST_BYTES).catch(unlessMissing);
  if (text === undefined) return undefined;
  const manifest = Manifest.safeParse(parseJson(text));
  if (!manifest.success) throw new DamagedCopy(`${MANIFEST} is not in the form that this server writes.`);
  if (manifest.data.site !== site) return undefined;
  const files = new Map<string, SiteFile>();
  for (const { path, tag, sha256: digest } of manifest.data.files) {
    const content = await readBounded(join(folder, `${digest}.txt`), MAX_TEXT_BYTES).catch(unlessMissing);
    if (content === undefined || sha256(content) !== digest) {
      throw new DamagedCopy(`A text that ${MANIFEST} names is missing, or not as it was written.`);
    }
    files.set(path, { text: content, tag });
  }
  if (!files.has(INDEX_PATH)) throw new DamagedCopy(`${MANIFEST} names no ${INDEX_PATH}.`);
  return { files, readAt: new Date(manifest.data.readAt) };
}

/**
 * Writes a copy of a site's files to a folder, which only the user of this process can read. A text that is there already
 * is not written again. Several processes may do so at the same time.
 * @throws the error of the file system
 */
export async function writeCopy(folder: string, site: string, { files, readAt }: DiskCopy): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const named: z.output<typeof Manifest>['files'] = [];
  for (const [path, { text, tag }] of files) {
    const digest = sha256(text);
    const file = join(folder, `${digest}.txt`);
    if (!(await holds(file, digest))) await replace(file, text);
    named.push({ path, ...(tag !== undefined && { tag }), sha256: digest });
  }
  const manifest = { version: 1, site, readAt: readAt.toISOString(), files: named } satisfies z.input<typeof Manifest>;
  await replace(join(folder, MANIFEST), JSON.stringify(manifest));
  await removeOthers(folder, new Set(named.map(({ sha256: digest }) => `${digest}.txt`)));
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
