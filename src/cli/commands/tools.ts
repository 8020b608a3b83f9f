import type { AddCommand } from '../command.ts';
import { type SelectingOptions, selecting } from '../selecting.ts';

/** `tools`: what can be called. */
export const addTools: AddCommand = (program, host) => {
  selecting(
    program.command('tools').description('list the tools, with what a call does and the scope that it needs'),
  ).action(async (options: SelectingOptions) => {
    const { listTools } = await import('../use-tools.ts');
    await listTools(host, options);
  });
};
