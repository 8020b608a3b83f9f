import type { AddCommand } from '../command.ts';
import { type SelectingOptions, selecting } from '../selecting.ts';

/** `stdio`: the catalogue over stdin and stdout, for programs that start their MCP servers themselves. */
export const addStdio: AddCommand = (program, host) => {
  selecting(
    program
      .command('stdio')
      .description(
        'serve MCP over stdin and stdout, with the credentials of SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET',
      ),
  ).action(async (options: SelectingOptions) => {
    const { serveOverStdio } = await import('../serve-stdio.ts');
    await serveOverStdio(host, options);
  });
};
