import { isObject } from '../../core/json.ts';
import { Refused, RPC } from '../refusals.ts';

/** The longest id that a client may choose, in characters. Ids come back in answers; clients use numbers or UUIDs. */
const MAX_ID = 256;

/** The id of a message, if it may be sent back; otherwise undefined. */
export function readableId({ id }: Record<string, unknown>): string | number | undefined {
  if (typeof id === 'string') return id.length <= MAX_ID ? id : undefined;
  return Number.isSafeInteger(id) ? (id as number) : undefined;
}

/**
 * Checks the length of what a client chooses to tell its messages apart: the id of a message, and its progress token.
 * @throws Refused 400; an id that is too long is not sent back
 */
export function checkIds(message: Record<string, unknown>): void {
  const { id, params } = message;
  const meta = isObject(params) ? params['_meta'] : undefined;
  const token = isObject(meta) ? meta['progressToken'] : undefined;
  refuseLong(id, 'id', message);
  refuseLong(token, 'progressToken', message);
}

function refuseLong(value: unknown, name: string, of: Record<string, unknown>): void {
  if (typeof value !== 'string' || value.length <= MAX_ID) return;
  const message = `The ${name} of the message is longer than ${MAX_ID} characters. Choose a shorter one.`;
  throw new Refused(400, { code: RPC.invalidRequest, message }, { id: readableId(of) });
}
