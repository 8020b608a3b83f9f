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
    );
  signingIn(atServer(selecting(command))).action(async (options: SelectingOptions & HostedOptions) => {
    const { namedServer, bridgeOverStdio } = await import('../bridging.ts');
    const url = namedServer(options);
    if (url !== undefined) return bridgeOverStdio(host, url, options);
    const { serveOverStdio } = await import('../serve-stdio.ts');
    await serveOverStdio(host, options);
  });
};
