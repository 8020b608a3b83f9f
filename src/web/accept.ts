import type { IncomingMessage } from 'node:http';
import { entriesOf } from '../http/header-list.ts';

/** A media type that is named whole, with an optional weight (RFC 9110 §12.5.1, §12.4.2); other parameters do not count. */
const TYPE = /^([\w.+-]+\/[\w.+-]+)(?:[ \t]*;(.*))?$/;
const WEIGHT = /^[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)[ \t]*$/;

/** The media types that a client names in `Accept`, with what they weigh. Ranges such as `*\/*` name nothing. */
function namedTypes(accept = ''): ReadonlyMap<string, number> {
  const named = new Map<string, number>();
  for (const entry of entriesOf(accept)) {
    const [, type, parameters = ''] = TYPE.exec(entry) ?? [];
    if (type === undefined) continue;
    const weights = parameters.split(';').flatMap((parameter) => WEIGHT.exec(parameter)?.[1] ?? []);
    named.set(type, Math.min(...weights.map(Number), 1));
  }
  return named;
}

/** Which form of a page a client wants, by the types that it names; `undefined` for one that names neither. */
export function pageFormOf(accept: string | undefined): 'html' | 'markdown' | undefined {
  const named = namedTypes(accept);
  const [html, markdown] = [named.get('text/html') ?? 0, named.get('text/markdown') ?? 0];
  if (html === 0 && markdown === 0) return undefined;
  return markdown >= html ? 'markdown' : 'html';
}

/**
 * Whether whoever asks at an endpoint is a person who pastes its address into a browser. Everything but a GET without
 * credentials that names HTML or Markdown is not: clients look for the challenge there, and some of them with GET.
 */
export function isReader({ method, headers: { accept, authorization } }: IncomingMessage): boolean {
  if (method !== 'GET' || authorization !== undefined) return false;
  return pageFormOf(accept) !== undefined && !namedTypes(accept).has('text/event-stream');
}
