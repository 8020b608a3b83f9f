import type { Command } from 'commander';

/** What the options that narrow the catalogue say. */
export interface SelectingOptions {
  readonly toolsets?: string | undefined;
  readonly tools?: string | undefined;
  readonly readOnly?: boolean | undefined;
  readonly environment?: string | undefined;
}

/** Adds the options that narrow what is offered: the same words as in the URL of a server. They never offer more. */
export function selecting(command: Command): Command {
  return command
    .option('--toolsets <names>', 'only these toolsets, separated by commas; default and all are names too')
    .option('--tools <names>', 'only these tools, in addition to those of --toolsets')
    .option('--read-only', 'nothing that changes anything')
    .option('--environment <id>', 'only this environment, where the sign-in reaches several');
}
