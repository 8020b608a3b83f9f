import type { AddCut } from './cuts.ts';
import { REDACTED } from './known-secrets.ts';
import { lengthAt } from './match-at.ts';
import { valueAfter } from './pair-values.ts';
import { endOfDeeper } from './value-forms.ts';

/*
 * Manifests of secrets in Kubernetes, whose values have any names: everything in `data` and `stringData` is one.
 */

/** That a manifest is one of secrets, in YAML or JSON, quoted itself or not. */
const SECRET = /kind(?:\\{0,8}["'])?\s{0,8}:\s{0,8}(?:\\{0,8}["'])?Secret(?![\w-])/;
/** Where its values begin. */
const DATA = /(?<![\w-])(?:data|stringData)((?:\\{0,8}["'])?)\s{0,8}:/g;
const INDENTATION = /[ \t]*/y;
const REST_IS_BLANK = /[ \t]*\n/y;

/** Whether an object is a manifest of secrets. */
export function isSecretManifest(object: Readonly<Record<string, unknown>>): boolean {
  return object['kind'] === 'Secret' && (object['data'] !== undefined || object['stringData'] !== undefined);
}

/** Whether a member of such a manifest holds its values. */
export function isManifestData(name: string): boolean {
  return name === 'data' || name === 'stringData';
}

/** Cuts the values in manifests of secrets. Linear in the length of the text. */
export function addManifests(text: string, add: AddCut): void {
  if (!SECRET.test(text) && !isCutOff(text)) return;
  let done = 0;
  for (const { 0: all, 1: quote = '', index } of text.matchAll(DATA)) {
    if (index < done) continue;
    const behind = index + all.length;
    const value = mappingAfter(text, index, behind) ?? valueAfter(text, behind, { separator: ':', name: named(quote) });
    if (value === undefined) continue;
    add(value.start, value.end, quote === '' ? REDACTED : `${quote}${REDACTED}${quote}`);
    done = value.end;
  }
}

/** Whether a text may be the beginning of such a manifest: what kind it is stands behind its data, and was cut off. */
function isCutOff(text: string): boolean {
  return text.includes('apiVersion') && !text.includes('kind');
}

function named(quote: string) {
  return { text: 'data', secrecy: 'secret', quote } as const;
}

/** The lines below a name that are deeper than its own. */
function mappingAfter(text: string, name: number, behind: number) {
  const blank = lengthAt(REST_IS_BLANK, text, behind);
  if (blank === 0) return undefined;
  const start = behind + blank;
  const line = text.lastIndexOf('\n', name) + 1;
  const end = endOfDeeper(text, start, lengthAt(INDENTATION, text, line));
  return end === start ? undefined : { start: start + lengthAt(INDENTATION, text, start), end };
}
