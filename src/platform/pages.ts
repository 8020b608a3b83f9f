import type { z } from 'zod';
import type { Api, Path, Query } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
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

type Page = z.ZodObject<{ next_page_token: z.ZodOptional<z.ZodNullable<z.ZodString>> }>;

/**
 * The pages of a list, with one request for each: until the last page, or until the caller breaks the loop; at most 50.
 * @param query without the page token; may set `page_size`
 * @param page the schema of a page
 * @throws ToolError when a request fails, or when a page does not fit the schema
 */
export async function* pagesOf<Schema extends Page>(
  api: Api,
  list: Path,
  query: Query,
  page: Schema,
): AsyncGenerator<z.output<Schema>> {
  let page_token: string | undefined;
  for (let count = 0; count < MAX_PAGES; count++) {
    const answer = checkAnswer(page, await api.get(list, { ...query, page_token }));
    yield answer;
    const { next_page_token: next } = answer;
    if (!next) return;
    page_token = next;
  }
}
