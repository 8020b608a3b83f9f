import { HostedFailure } from '../bridge/failure.ts';
import { readServerUrl } from '../bridge/server-url.ts';
import { readHostedSettings } from '../config/hosted.ts';
import { CommandFailure } from './failure.ts';
import type { SelectingOptions } from './selecting.ts';

/** What decides where tools are: at a hosted server, or here. */
interface WhereOptions {
  readonly url?: string | undefined;
  readonly secretsTo?: string | undefined;
}

/**
 * The hosted server that the options or the environment name; undefined for none.
 * @throws CommandFailure `usage` when only the environment names one, and has the credentials of another way as well, or when
 *   the options ask for what a hosted server cannot do
 */
export function hostedServer({ url, secretsTo }: WhereOptions): string | undefined {
  const named = url ?? namedByEnvironment();
  if (named === undefined || secretsTo === undefined) return named;
  throw new CommandFailure('usage', '--secrets-to works with your own credentials alone, not with a hosted server.');
}

function namedByEnvironment(): string | undefined {
  const { url, clientId } = readHostedSettings();
  if (url === undefined || clientId === undefined) return url;
  throw new CommandFailure(
    'usage',
    'SCALEKIT_MCP_URL names a hosted server, and SCALEKIT_CLIENT_ID a client to do without one: unset one of them, or give --url.',
  );
}

/**
 * The URL of a server, with what the options narrow as its parameters.
 * @throws CommandFailure `usage` when it is none, or says the same as an option
 */
export function narrowedUrl(text: string, { toolsets, tools, readOnly, environment }: SelectingOptions): URL {
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
  return url;
}

/** An error of the bridge as commands end with it. */
export function asCommandFailure(error: unknown): unknown {
  return error instanceof HostedFailure ? new CommandFailure(error.kind, error.message, error.run) : error;
}
