import { entriesOf } from './header-list.ts';

/** A coding with an optional weight (RFC 9110 §12.5.3, §12.4.2). */
const CODING = /^([!#$%&'*+.^_`|~\w-]+)(?:[ \t]*;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/;

/**
 * Whether a client asks for gzip in `Accept-Encoding`, and does not like the plain form better. A client that says nothing,
 * or nothing that can be read, gets the plain form, which every client can read.
 */
export function prefersGzip(header: string | undefined): boolean {
  if (header === undefined) return false;
  const weights = new Map<string, number>();
  for (const entry of entriesOf(header)) {
    const [, coding, weight = '1'] = CODING.exec(entry) ?? [];
    // Of two weights for a coding the lower one counts.
    if (coding !== undefined) weights.set(coding, Math.min(Number(weight), weights.get(coding) ?? 1));
  }
  const others = weights.get('*') ?? 0;
  const gzip = weights.get('gzip') ?? weights.get('x-gzip') ?? others;
  return gzip > 0 && gzip >= (weights.get('identity') ?? 0);
}
