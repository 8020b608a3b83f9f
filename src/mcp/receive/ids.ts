import { isObject } from '../../core/json.ts';
import { Refused, RPC } from '../refusals.ts';

/** The longest id that a client may choose, in characters. Ids come back in answers; clients use numbers or UUIDs. */
const MAX_ID = 256;

/**
 * Checks the length of what a client chooses to tell its messages apart: the id of a message, and its progress token.
 * @throws Refused 400 with the id null
 */
export function checkIds({ id, params }: Record<string, unknown>): void {
  const meta = isObject(params) ? params['_meta'] : undefined;
  const token = isObject(meta) ? meta['progressToken'] : undefined;
  refuseLong(id, 'id');
  refuseLong(token, 'progressToken');
}

function refuseLong(value: unknown, name: string): void {
  if (typeof value !== 'string' || value.length <= MAX_ID) return;
  const message = `The ${name} of the message is longer than ${MAX_ID} characters. Choose a shorter one.`;
  throw new Refused(400, { code: RPC.invalidRequest, message });
}
