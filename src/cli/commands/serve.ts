import type { AddCommand } from '../command.ts';

/** `serve`: the hosted server, over HTTP. */
export const addServe: AddCommand = (program, host) => {
  program
    .command('serve')
    .description('serve MCP over HTTP, as it does without a command')
    .option('--check', 'read the settings as a start would, say what is wrong with them or doubtful, and start nothing')
    .action(async ({ check }: { readonly check?: boolean }) => {
      const { checkSettings, serve } = await import('../serving.ts');
      if (check === true) checkSettings(host);
      else await serve(host);
    });
};
