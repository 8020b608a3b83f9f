import type { AddCommand } from '../command.ts';
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
    const { hostedServer } = await import('../server-url.ts');
    const url = hostedServer(options);
    if (url !== undefined) {
      const { bridgeOverStdio } = await import('../bridging.ts');
      return bridgeOverStdio(host, url, options);
    }
    const { serveOverStdio } = await import('../serve-stdio.ts');
    await serveOverStdio(host, options);
  });
};

type StdioOptions = SelectingOptions & HostedOptions & { readonly secretsTo?: string };
