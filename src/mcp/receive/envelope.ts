import { Refused, RPC } from '../refusals.ts';
import { isWholeNumber, numberOf } from './number-text.ts';

/** The members of a request and of a notification (JSON-RPC 2.0 §4). */
const MEMBERS: readonly string[] = ['jsonrpc', 'id', 'method', 'params'];
/** The members that make a response (§5). This server asks its clients nothing. */
const RESPONSE: readonly string[] = ['result', 'error'];
/** Where a number goes on that is no row of digits alone. */
const FRACTION = /\d[.eE]/;

/**
 * Leaves of a parsed body what JSON-RPC gives a meaning. MCP allows further members, and gateways add some; they are
 * dropped here, so that nothing can be decided by one.
 * @param text the same body
 * @throws Refused 400 for a response, and for an id that is a number of which readers of JSON make different numbers
 */
export function envelopeOf(body: Record<string, unknown>, text: string): Record<string, unknown> {
  const names = Object.keys(body);
  if (names.some((name) => RESPONSE.includes(name))) {
    throw invalid('The message is a response, but this server has asked nothing. Send requests and notifications.');
  }
  const { id } = body;
  if (typeof id === 'number' && !(Number.isSafeInteger(id) && isExact(text))) {
    throw invalid('The id of the message is no whole number of at most 2^53 - 1. Choose such a number, or a string.');
  }
  if (names.every((name) => MEMBERS.includes(name))) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => MEMBERS.includes(name)));
}

/** Whether the text writes a safe id as the whole number that was parsed: parsing rounds fractions to whole numbers. */
function isExact(text: string): boolean {
  if (!FRACTION.test(text)) return true;
  const written = numberOf(text, 'id');
  return written === undefined || isWholeNumber(written);
}

function invalid(message: string): Refused {
  return new Refused(400, { code: RPC.invalidRequest, message });
}
