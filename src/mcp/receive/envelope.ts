import { Refused, RPC } from '../refusals.ts';
import { isWholeNumber, numberOf } from './number-text.ts';

/** The members of a request and of a notification (JSON-RPC 2.0 §4). */
const MEMBERS: readonly string[] = ['jsonrpc', 'id', 'method', 'params'];
/** The members that make a response (§5). */
const RESPONSE: readonly string[] = ['result', 'error'];
/** Where a number goes on that is no row of digits alone. */
const FRACTION = /\d[.eE]/;

/**
 * Leaves of a parsed body what JSON-RPC gives a meaning. MCP allows further members, and gateways add some; they are
 * dropped here, so that nothing can be decided by one.
 * @param text the same body
 * @param asksClients whether a response can be the answer to something; this server asks its clients nothing
 * @throws Refused 400 for a response to nothing, and for an id that is a number of which readers of JSON make different numbers
 */
export function envelopeOf(body: Record<string, unknown>, text: string, asksClients: boolean): Record<string, unknown> {
  const names = Object.keys(body);
  const isResponse = names.some((name) => RESPONSE.includes(name));
  if (isResponse && !asksClients) {
    throw invalid('The message is a response, but this server has asked nothing. Send requests and notifications.');
  }
  const { id } = body;
  if (typeof id === 'number' && !(Number.isSafeInteger(id) && isExact(text))) {
    throw invalid('The id of the message is no whole number of at most 2^53 - 1. Choose such a number, or a string.');
  }
  const members = isResponse ? [...MEMBERS, ...RESPONSE] : MEMBERS;
  if (names.every((name) => members.includes(name))) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => members.includes(name)));
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
