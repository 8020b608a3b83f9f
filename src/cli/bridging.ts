import { readServerUrl } from '../bridge/server-url.ts';
import { readHostedSettings } from '../config/hosted.ts';
import type { Host } from './command.ts';
import { CommandFailure } from './failure.ts';
import { asCommandFailure, type HostedOptions, withHosted } from './hosted.ts';
import type { SelectingOptions } from './selecting.ts';

/**
 * The server that the options or the environment name; undefined for none.
 * @throws CommandFailure when only the environment names one, and has the credentials of another way as well
 */
export function bridgedServer({ url }: HostedOptions): string | undefined {
  if (url !== undefined) return url;
  const { url: named, clientId } = readHostedSettings();
  if (named === undefined || clientId === undefined) return named;
  throw new CommandFailure(
    'usage',
    'SCALEKIT_MCP_URL names a hosted server, and SCALEKIT_CLIENT_ID a client to do without one: unset one of them, or give --url.',
  );
}

/**
 * Forwards messages between stdin and stdout and a hosted server until the input ends, nobody reads the output, or a signal
 * comes; then the process ends with 0. A person is asked to sign in when that is needed.
 * @param url of the server
 * @throws CommandFailure when it cannot begin
 */
export async function bridgeOverStdio(
  host: Host,
  url: string,
  options: HostedOptions & SelectingOptions,
): Promise<void> {
  const { startBridge } = await import('../bridge/bridge.ts');
  await withHosted(host, { ...options, url: selected(url, options) }, true, async (server) => {
    const bridge = startBridge({
      server: server.url,
      fetch: server.fetch,
      input: host.stdin(),
      output: host.stdout,
      tell: (text) => host.output.say(text),
    });
    const stop = () => void bridge.stop();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
    await bridge.finished;
  });
  // The input may stay open after a signal, and would keep the process running.
  host.stdin().destroy();
}

/** The URL of a server, with what the options narrow as its parameters. */
function selected(text: string, { toolsets, tools, readOnly, environment }: SelectingOptions): string {
  let url: URL;
  try {
    url = readServerUrl(text);
  } catch (error) {
    throw asCommandFailure(error);
  }
  const given = { toolsets, tools, environment, ...(readOnly === true && { read_only: 'true' }) };
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (url.searchParams.has(name)) {
      throw new CommandFailure('usage', `The URL says ${name} already, and so does an option. Say it once.`);
    }
    url.searchParams.set(name, value);
  }
  return url.href;
}
