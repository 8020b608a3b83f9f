import type { ToolContext } from '../core/tool.ts';
import type { Cleaner } from '../release/clean.ts';
import { refusedAt } from './bounds.ts';
import { isMasked, maskedAt } from './masked.ts';

/**
 * Makes the function that finds what a caller knows only from results, which hold neither secrets nor characters that
 * nobody sees.
 * @param cleaner makes the cleaner of the call's results
 */
export function finderFor(cleaner: () => Cleaner): ToolContext['findAsShown'] {
  return (argument, shown, texts) => {
    if (texts.includes(shown)) return shown;
    const cleaned = cleaner();
    const alike = texts.filter((text) => cleaned.text(text) === shown);
    if (alike.length > 1) throw refusedAt([argument], `${alike.length} entries are shown like this, so it names none`);
    if (alike.length === 0 && isMasked(shown)) throw maskedAt([argument]);
    return alike[0];
  };
}
