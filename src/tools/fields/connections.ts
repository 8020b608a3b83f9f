import { z } from 'zod';
import { isExact } from '../../core/invisible.ts';
import { isLonger } from '../../core/text-length.ts';
import { PROVIDERS } from '../../platform/enum-words.ts';
import { exact } from '../../platform/exact.ts';
import { limited, shownText } from './texts.ts';

export const provider = z.enum(PROVIDERS);
/** The API's limits: names of 1 to 100 characters, values of 1 to 256. */
const isMapping = (pairs: Readonly<Record<string, string>>) =>
  Object.entries(pairs).every(([name, value]) => isWithin(name, 100) && isWithin(value, 256));
const isWithin = (text: string, max: number) => text !== '' && !isLonger(text, max) && isExact(text);
const attributeMapping = z
  .record(z.string(), z.string())
  .refine((pairs) => Object.keys(pairs).length <= 30, 'holds more than 30 pairs')
  .refine(isMapping, 'must map names of 1 to 100 characters to names of 1 to 256 that people see')
  .describe('Replaces all; at most 30 pairs');

/** What can be changed of every connection. */
export const commonChanges = {
  key_id: exact(limited(z.string().trim(), 300)).optional().describe('Its name in other settings'),
  provider: provider.optional(),
  uiButtonTitle: shownText().optional(),
  attributeMapping: attributeMapping.optional(),
  debugEnabled: z.boolean().optional().describe('Allows http'),
};
