import { IDENTITY } from '../core/identity.ts';
import type { Form } from './entries.ts';
import { fileText } from './file-text.ts';
import { shownUrl } from './server-url.ts';
import type { Json } from './setup.ts';

/** Members whose values say how a server is reached, and hold no secret. */
const PLAIN: ReadonlySet<string> = new Set(['type', 'transport', 'name', 'enabled', 'disabled', 'timeout', 'tools']);
const URLS: ReadonlySet<string> = new Set(['url', 'serverUrl', 'httpUrl', 'uri']);
const COMMANDS: ReadonlySet<string> = new Set(['command', 'args']);
const HIDDEN = '[hidden]';

/**
 * What a change does to an entry, for reading: the lines that go (`-`) and those that come (`+`). Values that may be
 * secret, such as those of headers, are not shown, and neither is anything else of the file.
 * @param before unset: there is none yet
 * @param after unset: there will be none
 */
export function entryChange(form: Form, name: string, before: Json | undefined, after: Json | undefined): string {
  const old = before === undefined ? [] : fileText(form, name, shownEntry(before)).split('\n');
  const young = after === undefined ? [] : fileText(form, name, shownEntry(after)).split('\n');
  const lines = [...old.map((line) => `- ${line}`), ...young.map((line) => `+ ${line}`)];
  return lines.join('\n');
}

/** An entry without what may be secret. */
function shownEntry(entry: Json): Json {
  return Object.fromEntries(Object.entries(entry).map(([member, value]) => [member, shownValue(member, value)]));
}

function shownValue(member: string, value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean' || PLAIN.has(member)) return value;
  if (URLS.has(member)) return typeof value === 'string' ? shownUrl(value) : HIDDEN;
  if (!COMMANDS.has(member)) return HIDDEN;
  return Array.isArray(value) ? value.map(shownWord) : shownWord(value);
}

/** A word of a command line: options without values, paths, URLs, and the plain names of programs. */
function shownWord(word: unknown): string {
  if (typeof word !== 'string') return HIDDEN;
  if (/^https?:\/\//i.test(word)) return shownUrl(word);
  const isPlain =
    /^--?[a-z-]{1,40}$/.test(word) || /^(?:[A-Za-z]:)?[\\/]/.test(word) || NAMES.has(word) || OWN.test(word);
  return isPlain ? word : HIDDEN;
}

const NAMES: ReadonlySet<string> = new Set(['npx', 'node', 'stdio', 'mcp-remote', 'scalekit-mcp']);
/** This package, in any version. */
const OWN = new RegExp(`^${IDENTITY.name}(?:@\\d+\\.\\d+\\.\\d+(?:-[\\w.]{1,40})?)?$`);
