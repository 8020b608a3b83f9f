import { type Command, InvalidArgumentError } from 'commander';
import type { AddCommand } from '../command.ts';
import type { HostedOptions } from '../hosted.ts';

/** `login`: signs in at a hosted server. */
export const addLogin: AddCommand = (program, host) => {
  signingIn(atServer(program.command('login').description('sign in at a hosted server, with your browser')))
    .option('--scope <scopes>', 'the scopes to ask for, separated by spaces; without it, those that the server names')
    .action(async (options: HostedOptions) => {
      const { login } = await import('../signing-in.ts');
      await login(host, options);
    });
};

/** `logout`: forgets a sign-in. */
export const addLogout: AddCommand = (program, host) => {
  atServer(program.command('logout').description('forget the sign-in at a hosted server')).action(
    async (options: HostedOptions) => {
      const { logout } = await import('../signing-in.ts');
      await logout(host, options);
    },
  );
};

/** `whoami`: who one is at a hosted server. */
export const addWhoami: AddCommand = (program, host) => {
  atServer(
    program.command('whoami').description('say who you are at a hosted server, and what you may do there'),
  ).action(async (options: HostedOptions) => {
    const { whoami } = await import('../signing-in.ts');
    await whoami(host, options);
  });
};

/** The option that names the server. */
export function atServer(command: Command): Command {
  return command.option(
    '--url <url>',
    'the address of the server, as https://…/mcp; SCALEKIT_MCP_URL is used without it',
  );
}

/** The options of commands that may ask a person to sign in. */
export function signingIn(command: Command): Command {
  return command
    .option('--no-browser', 'show the address to sign in at, and open no browser')
    .option(
      '--client-id <id>',
      'a public client that the authorization server knows, or the URL of its metadata document',
    )
    .option('--time-limit <seconds>', 'how long to wait for the browser (300)', readSeconds);
}

const MAX_SECONDS = 3_600;

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds >= 1 && seconds <= MAX_SECONDS) return seconds;
  throw new InvalidArgumentError(`Give a number of seconds from 1 to ${MAX_SECONDS}.`);
}
