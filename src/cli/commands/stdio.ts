import type { AddCommand } from '../command.ts';
import { CommandFailure } from '../failure.ts';
import type { HostedOptions } from '../hosted.ts';
import { type SelectingOptions, selecting } from '../selecting.ts';
import { atServer, signingIn } from './signing-in.ts';

/** `stdio`: the catalogue over stdin and stdout, for programs that start their MCP servers themselves. */
export const addStdio: AddCommand = (program, host) => {
  const command = program
    .command('stdio')
    .description(
      'serve MCP over stdin and stdout: a hosted server with your sign-in, or with the credentials of SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET',
    )
    .option('--secrets-to <file>', 'write secrets that tools make into this file of variables, not into results');
  signingIn(atServer(selecting(command))).action(async (options: StdioOptions) => {
    const { bridgedServer, bridgeOverStdio } = await import('../bridging.ts');
    const url = bridgedServer(options);
    if (url !== undefined) {
      if (options.secretsTo === undefined) return bridgeOverStdio(host, url, options);
      throw new CommandFailure(
        'usage',
        '--secrets-to works with your own credentials alone, not with a hosted server.',
      );
    }
    const { serveOverStdio } = await import('../serve-stdio.ts');
    await serveOverStdio(host, options);
  });
};

type StdioOptions = SelectingOptions & HostedOptions & { readonly secretsTo?: string };
