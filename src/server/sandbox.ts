import type { Config } from '../config/config.ts';
import type { ScalekitConfig } from '../config/scalekit.ts';
import type { Log } from '../observability/log/log.ts';

/** The client of the sandbox's one environment in environment mode. */
const ENVIRONMENT_CLIENT = { id: 'skc_71204418093056099', secret: 'sandbox-secret' } as const;

/** The parts of the embedded sandbox that this server uses. */
export interface EmbeddedSandbox {
  readonly url: string;
  readonly serverId: string;
  /** Domain of the environment that is at `url`: it exists nowhere else. */
  readonly domain: string;
  /** Whether its notice has been logged before. */
  readonly isAnnounced?: boolean;
  close(): Promise<void>;
}

/** Starts the embedded sandbox on a port. `resource` is the URL that this server publishes, `resourceHosts` its other names. */
export type StartSandbox = (options: {
  port: number;
  resource: string;
  resourceHosts: readonly string[];
  environmentClient?: { id: string; secret: string };
  tokenIssuer: 'environment' | 'resource';
  log: (event: { event: string } & Record<string, unknown>) => void;
}) => Promise<EmbeddedSandbox>;

/**
 * Finds out where Scalekit is: the configured environment, or the sandbox, which this starts.
 * @param resource the URL of this server's MCP endpoint, for the sandbox
 * @param stopping aborted when this process is told to stop; nobody is told of a sandbox then
 */
export async function connectOrStartSandbox(
  config: Config,
  log: Log,
  resource: string,
  startSandbox: StartSandbox,
  stopping?: AbortSignal,
): Promise<{ scalekit: ScalekitConfig; sandbox?: EmbeddedSandbox }> {
  const { scalekit } = config;
  if (scalekit.kind === 'live') return { scalekit };
  const { port, mode, tokenIssuer } = scalekit;
  const sandbox = await startSandbox({
    port,
    tokenIssuer,
    resource,
    resourceHosts: config.publicUrl === undefined ? config.allowedHosts : [],
    ...(mode === 'environment' && { environmentClient: ENVIRONMENT_CLIENT }),
    log: ({ event, ...fields }) => log.info(event, fields),
  });
  const issuer = `${sandbox.url}/resources/${sandbox.serverId}`;
  if (sandbox.isAnnounced !== true && stopping?.aborted !== true) announce(sandbox, log);
  return {
    sandbox,
    scalekit: {
      environmentUrl: sandbox.url,
      authorizationServers: [issuer],
      issuers: [sandbox.url, issuer],
      mode:
        mode === 'workspace'
          ? { kind: 'workspace', apiUrl: `${sandbox.url}/api/v1`, addresses: { [sandbox.domain]: sandbox.url } }
          : {
              kind: 'environment',
              clientId: ENVIRONMENT_CLIENT.id,
              clientSecret: ENVIRONMENT_CLIENT.secret,
              secretSetting: 'SCALEKIT_CLIENT_SECRET',
            },
    },
  };
}

/**
 * The one origin of a server with this configuration that listens on `port`: the public URL, or else the first name under
 * which it answers, which is that of the README. Whatever is not made for one request has it.
 */
export function originOf(
  { publicUrl, allowedHosts }: Pick<Config, 'publicUrl' | 'allowedHosts'>,
  port: number,
): string {
  return publicUrl ?? `http://${allowedHosts[0] ?? 'localhost'}:${port}`;
}

function announce({ url }: EmbeddedSandbox, log: Log): void {
  log.warn('sandbox', { url, banner: sandboxBanner(url), notice: SANDBOX_NOTICE });
}

const SANDBOX_NOTICE = 'Embedded sandbox: fictional people and data, open logins. No Scalekit account is involved.';

function sandboxBanner(url: string): string {
  const lines = ['SANDBOX', SANDBOX_NOTICE, `It listens on ${url} and forgets its data when it stops.`];
  const width = Math.max(...lines.map((line) => line.length));
  const rows = lines.map((line) => `┃ ${line.padEnd(width)} ┃`);
  return [`┏${'━'.repeat(width + 2)}┓`, ...rows, `┗${'━'.repeat(width + 2)}┛`].join('\n');
}
