import type { Authorized } from '../access/authorize.ts';
import { brief } from '../core/brief.ts';
import { exempting } from '../release/clean.ts';
import type { Arguments } from './arguments.ts';
import { cleanerFor, type Services } from './services.ts';

/** What a call is about to do. */
export interface Action {
  readonly sentence: string;
  /** Whether the arguments are too long for all of their values to be in it. */
  readonly isCut: boolean;
}

/** What somebody may do is named by the customer's application: `token:delete_all` is no secret. */
const NAMES = exempting(['permissions', 'permissionName', 'scopes']);

/**
 * What a call is about to do, in one sentence with the values of its arguments, each of them cut to a length that leaves room
 * for the others. Secrets are removed from each argument by itself, and not once more from the sentence: there, what looks like
 * the beginning of a secret in one value would take the values behind it along. A secret of the call itself is hidden where it is
 * called one, and not wherever the same text stands: otherwise a caller could call a secret what the person who confirms is not to
 * see.
 * @returns undefined for a tool that only reads
 */
export function actionOf(
  call: Authorized,
  { forTool }: Pick<Arguments, 'forTool'>,
  services: Pick<Services, 'scalekit' | 'resultBudget'>,
): Action | undefined {
  const { does } = call.entry.tool;
  if (does === undefined) return undefined;
  const cleaner = cleanerFor(call, [], services);
  const { text } = does(cleaner.value(forTool, NAMES));
  return { sentence: text, isCut: cleaner.isCut };
}

/** The longest sentence in a record, in characters: as many as a result of this server holds. */
const MOST_RECORDED = 12_000;

/** What the record of a call says that it is about to do: all of it, unless that is more than a person who agrees is shown. */
export function recorded({ sentence, isCut }: Action): string {
  return isCut ? `${brief(sentence, MOST_RECORDED - CUT.length)}${CUT}` : brief(sentence, MOST_RECORDED);
}

const CUT = ' The arguments are longer than this says.';
