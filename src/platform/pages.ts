import { z } from 'zod';
import type { Path, Query, Reader } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { withEmptyLists } from '../core/list-answer.ts';
import type { PageQuery } from '../core/paging.ts';

/** The most pages that are read. No list that a call has to search is longer. */
const MAX_PAGES = 50;

/** The longest page of the API's searches, in entries. */
const SEARCHED_AT_ONCE = 30;

/** The page that a call asks for, of a search, whose pages are shorter than those of a list: a size is a wish. */
export function searchPage(page: PageQuery): PageQuery {
  const { page_size: size } = page;
  return { ...page, page_size: size && Math.min(size, SEARCHED_AT_ONCE) };
}

/** A page of a list, as far as a look-up can read it. */
export interface Page<Entry> {
  readonly entries: readonly Entry[];
  /** Whether all of its entries could be read. Those that could not are passed over. */
  readonly isWhole: boolean;
  readonly isLast: boolean;
}

/**
 * The pages of a list, with one request for each: until the last page, or until the caller breaks the loop; at most 50.
 * @param query without the page token; may set `page_size`
 * @param member the member of an answer that holds the entries
 * @param entry what the caller uses of an entry, and no more: one that is odd in something else counts as well
 * @throws ToolError when a request fails, or when an answer is no page of that list
 */
export async function* pagesOf<Schema extends z.ZodType>(
  api: Reader,
  list: Path,
  query: Query,
  member: string,
  entry: Schema,
): AsyncGenerator<Page<z.output<Schema>>> {
  const schema = z.object({ [member]: z.array(z.unknown()), next_page_token: z.string().nullish() });
  let page_token: string | undefined;
  for (let count = 0; count < MAX_PAGES; count++) {
    const answer = withEmptyLists(await api.get(list, { ...query, page_token }), [member]);
    const { [member]: given, next_page_token: next } = checkAnswer(schema, answer);
    const all = given as readonly unknown[];
    const entries = all.flatMap((one): z.output<Schema>[] => {
      const { data } = entry.safeParse(one);
      return data === undefined ? [] : [data];
    });
    yield { entries, isWhole: entries.length === all.length, isLast: !next };
    if (!next) return;
    page_token = next as string;
  }
}
