import { text, uint32 } from '../notation.ts';

/** Fields of the requests and answers of lists that are read page by page. */
export const pageRequest = { page_size: uint32(), page_token: text() };
export const pageOfThirty = { page_size: uint32({ lte: 30 }), page_token: text() };
export const nextPage = { next_page_token: text(), total_size: uint32() };
export const bothPages = { ...nextPage, prev_page_token: text() };
