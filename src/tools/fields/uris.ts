import { z } from 'zod';
import { trimmed } from '../../platform/exact.ts';
import { isHttpUrl, isRedirectUri } from '../../platform/uri.ts';
import { withoutShapesButAddress } from '../../release/addresses.ts';
import { limited } from './texts.ts';

/** A URI as it is stored: white space around it is dropped, and nothing else is corrected. */
const address = limited(trimmed(z.string()), 256);
export const uri = shown(
  address.refine(
    isRedirectUri,
    'must be an https or http URL, or a URI with the scheme of an app, without credentials and fragment',
  ),
).describe('https, http in development, or the scheme of an app');
/** Scalekit itself calls it. */
export const calledUri = shown(
  address.refine(isHttpUrl, 'must be an https or http URL, without credentials and fragment'),
);

/** A URI that leads somewhere, which whoever confirms sees: of what stands before its query, nothing looks like a secret. */
export function shown(text: z.ZodString) {
  return text.refine(
    isShownToItsQuery,
    'must not look like a secret, because whoever confirms would not see where it leads',
  );
}

/** Whether nothing of what stands before the query of a URI looks like a secret. */
export function isShownToItsQuery(value: string): boolean {
  const [led = ''] = value.split('?', 1);
  return withoutShapesButAddress(value).startsWith(led);
}
