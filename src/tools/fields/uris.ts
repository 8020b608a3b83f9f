import { z } from 'zod';
import { trimmed } from '../../platform/exact.ts';
import { isHttpUrl, isRedirectUri } from '../../platform/uri.ts';
import { limited } from './texts.ts';

/** A URI as it is stored: white space around it is dropped, and nothing else is corrected. */
const address = limited(trimmed(z.string()), 256);
export const uri = address
  .refine(
    isRedirectUri,
    'must be an https or http URL, or a URI with the scheme of an app, without credentials and fragment',
  )
  .describe('https, http in development, or the scheme of an app');
/** Scalekit itself calls it. */
export const calledUri = address.refine(isHttpUrl, 'must be an https or http URL, without credentials and fragment');
