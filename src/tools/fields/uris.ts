import { z } from 'zod';
import { trimmed } from '../../platform/exact.ts';
import { isHttpUrl, isRedirectUri } from '../../platform/uri.ts';
import { withoutShapesButAddress } from '../../release/addresses.ts';
import { limited } from './texts.ts';

/** A URI as it is stored: white space around it is dropped, and nothing else is corrected. */
const address = limited(trimmed(z.string()), 256);
export const uri = address
  .refine(
    isRedirectUri,
    'must be an https or http URL, or a URI with the scheme of an app, without credentials and fragment',
  )
  .refine(
    leadsToWhatIsShown,
    'must not have a scheme that looks like a secret: whoever confirms would not see where it leads',
  )
  .describe('https, http in development, or the scheme of an app');
/** Scalekit itself calls it. */
export const calledUri = address.refine(isHttpUrl, 'must be an https or http URL, without credentials and fragment');

/** Whether results and sentences show the scheme of a URI. Of http and https they always show the host too. */
function leadsToWhatIsShown(value: string): boolean {
  const scheme = value.slice(0, value.indexOf(':') + 2);
  return withoutShapesButAddress(value).startsWith(scheme);
}
