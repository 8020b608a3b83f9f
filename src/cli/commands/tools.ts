import type { AddCommand } from '../command.ts';
import type { HostedOptions } from '../hosted.ts';
import { type SelectingOptions, selecting } from '../selecting.ts';
import { atServer, signingIn } from './signing-in.ts';

/** `tools`: what can be called. */
export const addTools: AddCommand = (program, host) => {
  const command = program
    .command('tools')
    .description(
      'list the tools, of a hosted server or of this one, with what a call does and the scope that it needs',
    );
  signingIn(atServer(selecting(command))).action(async (options: SelectingOptions & HostedOptions) => {
    const { listTools } = await import('../use-tools.ts');
    await listTools(host, options);
  });
};
