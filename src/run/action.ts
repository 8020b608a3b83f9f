import type { Authorized } from '../access/authorize.ts';
import type { Arguments } from './arguments.ts';
import { cleanerFor, type Services } from './services.ts';

/** The longest sentence, in characters: that of a call with long texts in its arguments ends with "…". */
const MAX_SENTENCE = 2_000;

/**
 * What a call is about to do, in one sentence with the values of its arguments. Secrets are removed from the arguments,
 * where their names tell them, and once more from the sentence.
 * @returns undefined for a tool that only reads
 */
export function actionOf(
  call: Authorized,
  { forTool, secrets }: Pick<Arguments, 'forTool' | 'secrets'>,
  services: Pick<Services, 'scalekit' | 'resultBudget'>,
): string | undefined {
  const { does } = call.entry.tool;
  if (does === undefined) return undefined;
  const cleaner = cleanerFor(call, secrets, services);
  return cleaner.text(does(cleaner.value(forTool as never)).text, MAX_SENTENCE);
}
