import { confirm, isCancel, multiselect } from '@clack/prompts';
import { withoutControls } from '../core/invisible.ts';
import type { Host } from './command.ts';
import { CommandFailure } from './failure.ts';

/** One of the things that a person may choose. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

/**
 * Asks a person whether to do something.
 * @throws CommandFailure when they do not want it
 */
export async function demandYes(host: Host, message: string): Promise<void> {
  const answer = await confirm({ message: shown(message), ...streamsOf(host) });
  if (answer !== true) throw new CommandFailure('failed', 'Nothing was changed.');
}

/**
 * Asks a person to choose some of several things, one at least.
 * @throws CommandFailure when they do not want to
 */
export async function askWhich(host: Host, message: string, options: readonly Choice[]): Promise<readonly string[]> {
  const cleaned = options.map(({ value, label, hint }) => ({
    value,
    label: shown(label),
    ...(hint !== undefined && { hint: shown(hint) }),
  }));
  const answer = await multiselect({ message: shown(message), options: cleaned, ...streamsOf(host) });
  if (isCancel(answer)) throw new CommandFailure('failed', 'Nothing was changed.');
  return answer;
}

/** A text as a question may show it: questions are drawn past `Output`, which cleans what it writes. */
function shown(text: string): string {
  return withoutControls(text).replaceAll('\n', ' ');
}

function streamsOf({ output, stdin }: Host) {
  return { input: stdin(), output: output.questions };
}
