import { z } from 'zod';
import { HOST_NAME } from '../../core/host.ts';
import { isExact, withoutInvisible } from '../../core/invisible.ts';
import { LIMITS_IN_WORDS } from '../../core/limits-in-words.ts';
import { isLonger } from '../../core/text-length.ts';
import { exact, trimmed } from '../../platform/exact.ts';
import { withoutShapesButAddress } from '../../release/addresses.ts';

/** The longest local part (RFC 5321 §4.5.3.1.1), in characters. */
const LONGEST_LOCAL = 64;
/** A host that is read as it is meant. */
const DOMAIN_PART = new RegExp(`^${HOST_NAME}$`, 'iu');
/** A part of an address (RFC 5322 §3.2.3), without what only quoted parts may hold. */
const ADDRESS_PART = /^[^\s<>()[\]:;,\\"@]+$/;
/** A quoted local part (RFC 5322 §3.2.4). */
const QUOTED_PART = /^"(?:[^"\\]|\\.)+"$/;

export const email = z
  .string()
  .trim()
  .max(254, { abort: true })
  .refine(isEmail, { error: 'must be an email address', abort: true })
  .refine(isShown, 'must not look like a secret, because whoever confirms would not see whom it concerns');

/** Linear in the length of the text: each part is read once. */
function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(0, at));
  return (
    DOMAIN_PART.test(text.slice(at + 1)) &&
    local.length <= LONGEST_LOCAL &&
    (ADDRESS_PART.test(local) || QUOTED_PART.test(local)) &&
    isExact(text)
  );
}

/** Whether results and sentences show a text as it is. */
export function isShown(text: string): boolean {
  return withoutShapesButAddress(text) === text;
}

/** A name that people read. It holds at least one character that they see. */
export function shownName(max: number) {
  return z.string().trim().min(1, { abort: true }).max(max, { abort: true }).refine(isSeen, NOT_SEEN);
}

/** The same for a part of a name, which may be empty. Its limit is not part of the advertised schema. */
export function namePart(max: number) {
  return limited(shownText(), max);
}

/** The same without a limit. */
export function shownText() {
  return z
    .string()
    .trim()
    .refine((text) => text === '' || isSeen(text), NOT_SEEN);
}

const NOT_SEEN = 'must hold something that people see';

function isSeen(text: string): boolean {
  return withoutInvisible(text).trim() !== '';
}

/** A text that may be empty. Its limit, in characters, is checked but is not part of the advertised schema. */
export function limited(text: z.ZodString, max: number) {
  const limits = `at most ${max} characters`;
  return text.refine((value) => !isLonger(value, max), `must be ${limits}`).meta({ [LIMITS_IN_WORDS]: limits });
}

/**
 * A text by which something is found, and that is not empty. White space around it is no part of it. That and its limits,
 * in characters, are checked but are not part of the advertised schema, which says them in words.
 */
export function shortText(max: number) {
  return saying(trimmed(z.string()), 1, max);
}

/** Part of what identifies something, for the API's searches. */
export const searched = saying(z.string().trim(), 3, 100);

/** The same for what callers hold already, such as an id: its limits are not said in words either. */
export function heldText(max: number, min = 1) {
  return between(z.string(), min, max);
}

/** The same without the white space around it. */
export function trimmedText(max: number) {
  return between(trimmed(z.string()), 1, max);
}

function saying(text: z.ZodString, min: number, max: number) {
  return between(text, min, max).meta({ [LIMITS_IN_WORDS]: limitsInWords(min, max) });
}

function between(text: z.ZodString, min: number, max: number) {
  const isBetween = (value: string) => isLonger(value, min - 1) && !isLonger(value, max);
  return exact(text.refine(isBetween, { error: `must be ${limitsInWords(min, max)}`, abort: true }));
}

function limitsInWords(min: number, max: number): string {
  return `${min} to ${max} characters`;
}

/** Key-value pairs of the customer's application, with the limits of the API. */
export function metadata(maxPairs: number) {
  return z
    .record(
      exact(z.string().min(3).max(25)),
      z
        .string()
        .min(1)
        .max(256)
        .meta({ [LIMITS_IN_WORDS]: '' }),
    )
    .refine((pairs) => Object.keys(pairs).length <= maxPairs, `holds more than ${maxPairs} pairs`)
    .optional()
    .describe(`At most ${maxPairs} pairs; keys of 3 to 25 characters, values of 1 to 256`);
}

/** Changes of such pairs. */
export function metadataChanges(maxPairs: number) {
  return z
    .record(exact(z.string().min(3).max(25)), limited(z.string(), 256))
    .refine((pairs) => Object.keys(pairs).length <= maxPairs, `holds more than ${maxPairs} pairs`)
    .optional()
    .describe('Pairs to set, keys of 3 to 25 characters; an empty value removes one, what is not named stays');
}

/** Claims in the tokens of a client, with the limits of the API. */
export const claims = z
  .record(exact(z.string().min(1).max(128)), z.string().min(1))
  .optional()
  .describe('Stand in all its tokens; names of 1 to 128 characters, values of 1 or more');

/** Changes of such claims. */
export const claimChanges = z
  .record(exact(z.string().min(1).max(128)), z.string())
  .optional()
  .describe(
    'To set in its tokens, names of at most 128 characters; an empty value removes one, what is not named stays',
  );

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** A point in time (RFC 3339). */
export const moment = trimmed(z.string())
  .refine((text) => MOMENT.test(text) && !Number.isNaN(Date.parse(text)), 'must be a time such as 2026-01-31T09:00:00Z')
  .describe('Such as 2026-01-31T09:00:00Z');
