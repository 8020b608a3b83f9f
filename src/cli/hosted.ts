import { browserCommand, openBrowser } from '../bridge/browser.ts';
import { HostedFailure } from '../bridge/failure.ts';
import { HostedServer } from '../bridge/hosted-server.ts';
import type { Person } from '../bridge/sign-in.ts';
import { readHostedSettings } from '../config/hosted.ts';
import type { Host } from './command.ts';
import { asCommandFailure } from './server-url.ts';

/** The options of commands for a hosted server. */
export interface HostedOptions {
  readonly url?: string;
  /** The URL as the person calls it, where another one is used for them. */
  readonly calledUrl?: string;
  readonly scope?: string;
  readonly clientId?: string;
  /** False with `--no-browser`. */
  readonly browser?: boolean;
  /** How long a person may take to sign in, in seconds. */
  readonly timeLimit?: number;
}

const TIME_LIMIT_S = 300;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Does something with the hosted server that the options or the environment name, and closes the connections to it.
 * @param signsIn whether the person is asked to sign in when that is needed
 * @throws CommandFailure
 */
export async function withHosted<Value>(
  host: Host,
  options: HostedOptions,
  signsIn: boolean,
  use: (server: HostedServer) => Promise<Value>,
): Promise<Value> {
  const ending = new AbortController();
  const stop = () => ending.abort(new HostedFailure('failed', 'It was stopped.'));
  for (const signal of SIGNALS) process.once(signal, stop);
  let server: HostedServer | undefined;
  try {
    const settings = readHostedSettings();
    server = new HostedServer({
      url: options.url,
      calledUrl: options.calledUrl,
      settings,
      scope: options.scope,
      clientId: options.clientId,
      tell: (text) => host.output.say(text),
      signal: ending.signal,
      ...(signsIn && { person: personAt(host, options, settings.desktop) }),
    });
    return await use(server);
  } catch (error) {
    throw asCommandFailure(server?.told(error) ?? error);
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
    ending.abort(new HostedFailure('failed', 'The program ends.'));
    await server?.close();
  }
}

function personAt(
  { output }: Host,
  { browser = true, timeLimit = TIME_LIMIT_S }: HostedOptions,
  variables: Readonly<Record<string, string | undefined>>,
): Person {
  const command = browser ? browserCommand({ platform: process.platform, variables }) : undefined;
  return {
    tell: (text) => output.say(text),
    open: async (url) => command !== undefined && openBrowser(command, url),
    timeLimitMs: timeLimit * 1000,
  };
}
