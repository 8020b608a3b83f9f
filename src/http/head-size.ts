import type { IncomingMessage } from 'node:http';

/** What a name or a value takes beside its characters, in as many of them. */
const EACH = 32;

/**
 * The size of a request's target and header lines, as they are kept until it has been answered, in characters: a header takes
 * memory however short it is.
 */
export function headSize({ url = '', rawHeaders }: Pick<IncomingMessage, 'url' | 'rawHeaders'>): number {
  return rawHeaders.reduce((sum, { length }) => sum + length + EACH, url.length);
}
