import { z } from 'zod';
import { exact, trimmed } from '../../platform/exact.ts';
import { isWebUrl, webUrl } from '../../platform/uri.ts';
import { isShown, limited } from './texts.ts';

export const externalId = exact(z.string().trim().min(1).max(255, { abort: true }));

/** Labels as in names of hosts, between dots. */
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
function isSlug(text: string): boolean {
  return SLUG.test(text);
}

const NO_SLUG = 'must be lower-case letters, digits and hyphens, in labels between dots';
const NO_LOGO_URL = 'must be an https URL';
const SLUG = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
/** The label of an organization in redirect URIs that are the same for all. */
export const slug = z.string().trim().max(253, { abort: true }).refine(isSlug, NO_SLUG);

/** The same where it may be taken away by an empty text. */
export const slugOrNone = limited(
  z
    .string()
    .trim()
    .refine((text) => text === '' || isSlug(text), NO_SLUG),
  253,
);

/** The API demands https here, for loopback too. */
export const logoUrl = limited(webUrl(), 1024).refine((url) => /^https:/i.test(url), NO_LOGO_URL);

/** The same where it may be taken away by an empty text. */
export const logoUrlOrNone = limited(
  trimmed(z.string()).refine((text) => text === '' || (/^https:/i.test(text) && isWebUrl(text)), NO_LOGO_URL),
  1024,
);

const LETTER = String.raw`[\p{L}\p{M}\p{N}]`;
const DOMAIN = new RegExp(
  `^(?:${LETTER}(?:(?:${LETTER}|-){0,61}${LETTER})?\\.){1,127}${LETTER}(?:${LETTER}|-){0,62}$`,
  'u',
);

/** The domain of email addresses, in letters of any script: no address, no URL. Hosts are found in any case. */
export const domainName = limited(z.string().trim().toLowerCase(), 255)
  .refine((text) => text.length >= 4 && DOMAIN.test(text.slice(0, 256)), {
    error: 'must be a domain such as acme.com',
    abort: true,
  })
  .refine(isShown, 'must not look like a secret, because whoever confirms would not see it');
