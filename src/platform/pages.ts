import type { z } from 'zod';
import type { Api, Path, Query } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';

/** More than any list that a call goes through on its way to something else has. */
const MAX_PAGES = 50;

type Page = z.ZodObject<{ next_page_token: z.ZodOptional<z.ZodNullable<z.ZodString>> }>;

/**
 * The pages of a list, one request each, until its last one or the reader's break; at most 50.
 * @param query without the page token; `page_size` makes the pages large
 * @param page the form of a page
 * @throws ToolError
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
