import { isJsonContentType } from '@modelcontextprotocol/server';
import { entriesOf, LONGEST_LIST } from '../../http/header-list.ts';
import { Refused } from '../refusals.ts';

/**
 * Checks that a body is JSON and not compressed.
 * @param type the `Content-Type`
 * @param coding the `Content-Encoding`: a list without case, of which `identity` alone means none (RFC 9110 §8.4.1)
 * @throws Refused 415 with the header that says what would do (RFC 9110 §15.5.16)
 */
export function checkMediaType(type: string | undefined, coding: string | undefined): void {
  if (!isJsonContentType(type ?? null)) {
    throw new Refused(
      415,
      { message: 'Content-Type must be application/json.' },
      { headers: { Accept: 'application/json' } },
    );
  }
  if (coding === undefined) return;
  if (coding.length <= LONGEST_LIST && entriesOf(coding).every((one) => ['', 'identity'].includes(one))) return;
  throw new Refused(
    415,
    { message: 'Send the body without a Content-Encoding.' },
    { headers: { 'Accept-Encoding': 'identity' } },
  );
}
