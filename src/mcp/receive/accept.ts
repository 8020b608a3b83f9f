import { entriesOf } from '../../http/header-list.ts';

/** Which forms of an answer a client can read. */
export interface Acceptance {
  readonly json: boolean;
  /** `text/event-stream`. */
  readonly stream: boolean;
}

export const ACCEPTS_ALL: Acceptance = { json: true, stream: true };

/**
 * Reads an `Accept` header (RFC 9110 §12.5.1): media types have no case, a range covers what it names, the most specific
 * one counts, and a missing or empty header means anything.
 */
export function acceptanceOf(accept: string | undefined): Acceptance {
  if (accept === undefined || accept.trim() === '') return ACCEPTS_ALL;
  const accepted = new Map<string, boolean>();
  for (const range of entriesOf(accept)) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    const isExcluded = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    accepted.set(type, accepted.get(type) === true || !isExcluded);
  }
  const covers = (...ranges: string[]) => {
    const named = ranges.find((range) => accepted.has(range));
    return named !== undefined && accepted.get(named) === true;
  };
  return {
    json: covers('application/json', 'application/*', '*/*'),
    stream: covers('text/event-stream', 'text/*', '*/*'),
  };
}
