import type { Host } from './command.ts';
import { CommandFailure } from './failure.ts';
import { type HostedOptions, withHosted } from './hosted.ts';

/**
 * `login`.
 * @throws CommandFailure
 */
export function login(host: Host, options: HostedOptions): Promise<void> {
  return withHosted(host, options, true, async (server) => {
    const scopes = (await server.login()).split(' ').filter(Boolean);
    const url = server.url.href;
    host.output.result(
      { url, signedIn: true, scopes },
      `You are signed in at ${url}, with these scopes: ${scopes.join(', ') || 'none that are named'}.`,
    );
  });
}

/**
 * `logout`.
 * @throws CommandFailure
 */
export function logout(host: Host, options: HostedOptions): Promise<void> {
  return withHosted(host, options, false, async (server) => {
    const { wasSignedIn, isRevoked } = await server.logout();
    const url = server.url.href;
    const rest = isRevoked
      ? 'The server has taken its tokens back.'
      : 'Nothing of it is on this machine any more. The server could not take its tokens back: they end by themselves.';
    host.output.result(
      { url, wasSignedIn, isRevoked },
      wasSignedIn ? `You are signed out at ${url}. ${rest}` : `You were not signed in at ${url}.`,
    );
  });
}

/**
 * `whoami`.
 * @throws CommandFailure
 */
export function whoami(host: Host, options: HostedOptions): Promise<void> {
  return withHosted(host, options, false, async (server) => {
    const client = await server.connect();
    try {
      const { structuredContent, isError } = await client.callTool({ name: 'whoami', arguments: {} });
      if (isError === true || structuredContent === undefined) {
        throw new CommandFailure(
          'failed',
          `${server.url.origin} does not say who you are there: its tool whoami has failed. Try again, or sign in anew with ${server.lines.login()}`,
        );
      }
      host.output.result(structuredContent, linesOf(structuredContent as Readonly<Record<string, unknown>>));
    } finally {
      await client.close();
    }
  });
}

/** One line for each member. */
function linesOf(data: Readonly<Record<string, unknown>>): string {
  return Object.entries(data)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n');
}
