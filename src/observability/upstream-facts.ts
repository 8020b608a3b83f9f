import type { UpstreamFacts } from './request-facts.ts';

/** A code or an id of the platform. Any other text could be somebody’s data, or a sentence for whoever reads the log. */
const WORD = /^[\w.:-]{1,100}$/;

/** The facts that are words or numbers. */
export function wordsOf({ status, error_code, request_id }: UpstreamFacts): UpstreamFacts {
  return { status, error_code: wordOf(error_code), request_id: wordOf(request_id) };
}

function wordOf(text: string | undefined): string | undefined {
  return text !== undefined && WORD.test(text) ? text : undefined;
}
