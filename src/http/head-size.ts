import type { IncomingMessage } from 'node:http';

/** The length of a request's target and header lines, as they are kept until it has been answered, in characters. */
export function headSize({ url = '', rawHeaders }: Pick<IncomingMessage, 'url' | 'rawHeaders'>): number {
  return rawHeaders.reduce((sum, { length }) => sum + length, url.length);
}
