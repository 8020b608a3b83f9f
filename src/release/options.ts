import type { AddCut } from './cuts.ts';
import { REDACTED } from './known-secrets.ts';
import { saysNothing, valueAfter } from './pair-values.ts';
import { WITHIN } from './pairs.ts';
import { secrecyOf } from './secret-names.ts';

/** An option of a command in front of its value, which stands alone or is the next text of a list. */
const OPTION = /(?<![\w-])--?([A-Za-z][\w.-]{1,63})(?:[ \t]{1,8}|\\{0,8}["'],\s{0,8}(?=\\{0,8}["']))(?=[^\s\-<>[{|(])/g;
/** Words behind an option in a sentence: `the --token option`. */
const ABOUT = /(?:flag|option|argument|parameter|switch|variable)s?(?![\w-])/iy;

/** Cuts the values of options whose names are those of secrets: `--password …`. Linear in the length of the text. */
export function addOptions(text: string, add: AddCut): void {
  if (!text.includes('-')) return;
  OPTION.lastIndex = 0;
  for (let found = OPTION.exec(text); found !== null; found = OPTION.exec(text)) {
    const name = found[1] as string;
    const start = OPTION.lastIndex;
    if (secrecyOf(name) === 'public' || saysNothing(text, start)) continue;
    ABOUT.lastIndex = start;
    if (ABOUT.test(text)) continue;
    const value = valueAfter(text, start, { separator: '=', name: { text: name, secrecy: 'secret', quote: '' } });
    if (value === undefined) continue;
    add(value.start, value.end, REDACTED);
    OPTION.lastIndex = Math.max(start, value.end - WITHIN);
  }
}
