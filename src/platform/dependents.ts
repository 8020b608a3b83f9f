import type { Page } from './pages.ts';
import { isUnlistable } from './unreadable.ts';

/** The most pages that are read for one preview. With more, the preview says that it is not complete. */
const MAX_PAGES = 10;

/** What depends on something, as a preview shows it. */
interface Dependents<Entry> {
  /** How many were found; `null` when they cannot be listed. */
  readonly count: number | null;
  /** Whether all of them were read and understood. */
  readonly is_complete: boolean;
  /** By id, because the API promises no order and a preview is compared with the next one. */
  readonly entries: readonly Entry[];
}

/**
 * Collects what depends on something out of the pages of a list. Who cannot list such things may still take the thing
 * away: the preview then says that they could not be read.
 * @param dependentOf the entries of a page that depend on it
 * @throws ToolError when a page cannot be read for another reason
 */
export async function collectDependents<Listed, Entry extends { readonly id: string }>(
  pages: AsyncIterable<Page<Listed>>,
  dependentOf: (entries: readonly Listed[]) => readonly Entry[],
): Promise<Dependents<Entry>> {
  const found: Entry[] = [];
  let read = 0;
  let isComplete = true;
  try {
    for await (const { entries, isWhole, isLast } of pages) {
      for (const entry of dependentOf(entries)) found.push(entry);
      read++;
      isComplete &&= isWhole;
      if (read === MAX_PAGES && !isLast) return shown(found, false);
    }
  } catch (error) {
    if (isUnlistable(error)) return { count: null, is_complete: false, entries: [] };
    throw error;
  }
  return shown(found, isComplete);
}

function shown<Entry extends { readonly id: string }>(found: readonly Entry[], isComplete: boolean): Dependents<Entry> {
  const entries = found.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return { count: entries.length, is_complete: isComplete, entries };
}
