import { withoutInvisible } from '../core/invisible.ts';
import type { ToolContext } from '../core/tool.ts';
import type { Cleaner } from '../release/clean.ts';
import { REDACTED } from '../release/known-secrets.ts';
import { refusedAt } from './bounds.ts';
import { isMasked, maskedAt } from './masked.ts';
import { LEAST_ROOM } from './services.ts';

/**
 * Makes the function that finds what a caller knows only from results, which hold neither secrets nor characters that
 * nobody sees.
 * @param cleaner makes the cleaner of the call's results
 */
export function finderFor(cleaner: () => Cleaner): ToolContext['findAsShown'] {
  return (argument, shown, texts) => {
    if (texts.includes(shown)) return shown;
    const candidates = texts.filter(mayBeShownAs(shown));
    const length = candidates.reduce((sum, text) => sum + text.length, 0);
    // No list that people keep has so many that begin alike.
    if (length > LEAST_ROOM) throw refusedAt([argument], 'too many entries look like this, so it names none');
    const cleaned = candidates.length === 0 ? undefined : cleaner();
    const alike = candidates.filter((text) => cleaned?.text(text) === shown);
    if (alike.length > 1) throw refusedAt([argument], `${alike.length} entries are shown like this, so it names none`);
    if (alike.length === 0 && isMasked(shown)) throw maskedAt([argument]);
    return alike[0];
  };
}

/**
 * Whether a text may be shown like that: what stands before the first mark of redaction, and behind the last one, is what
 * the text itself begins and ends with. Cleaning takes much longer than comparing.
 */
function mayBeShownAs(shown: string): (text: string) => boolean {
  const [first = '', ...others] = shown.split(REDACTED);
  const last = others.at(-1);
  return (text) => {
    const visible = withoutInvisible(text);
    return last === undefined ? visible === shown : visible.startsWith(first) && visible.endsWith(last);
  };
}
