import { existsSync, readFileSync } from 'node:fs';

/** The version of this server, from its package. */
export const version: string = read('../../package.json')['version'] ?? '';

/**
 * The commit that this build was made from, with `-dirty` where files differed from it. Undefined for what runs from its
 * sources, and for a build that knew none.
 */
export const revision: string | undefined = builtFrom();

/** Both in words for people, such as `0.1.0 (4f2c9d1a0b3e)`. The commit is shortened, as git shortens it. */
export const build = revision === undefined ? version : `${version} (${shortened(revision)})`;

function shortened(revision: string): string {
  const [commit = '', ...rest] = revision.split('-');
  return [commit.slice(0, 12), ...rest].join('-');
}

function builtFrom(): string | undefined {
  const file = '../build.json';
  return existsSync(new URL(file, import.meta.url)) ? read(file)['revision'] : undefined;
}

function read(file: string): Record<string, string | undefined> {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
}
