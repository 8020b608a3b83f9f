import { apiBase, origin, port, text, type ValuesOf } from './values.ts';

/** Whose credential is sent to the management API. */
type CredentialMode =
  | { readonly kind: 'workspace'; readonly apiUrl: string }
  | { readonly kind: 'environment'; readonly clientId: string; readonly clientSecret: string };

/** Which Scalekit environment issues the tokens, and where the management API is. */
export interface ScalekitConfig {
  /** The origin of the environment that issues the tokens. Its keys are at `/keys`. */
  readonly environmentUrl: string;
  /** Advertised to clients (RFC 9728 `authorization_servers`). */
  readonly authorizationServers: readonly string[];
  /** Accepted values of the `iss` claim. */
  readonly issuers: readonly string[];
  readonly mode: CredentialMode;
}

/** A Scalekit environment (`live`), or the embedded sandbox, which is started for this server (`sandbox`). */
export type ScalekitSide =
  | ({ readonly kind: 'live' } & ScalekitConfig)
  | {
      readonly kind: 'sandbox';
      readonly port: number;
      /** The environment's client, for environment mode. Unset: workspace mode. */
      readonly client: { readonly id: string; readonly secret: string } | undefined;
    };

export const SCALEKIT_VARIABLES = {
  SCALEKIT_ENV_URL: origin.optional(),
  SCALEKIT_MCP_SERVER_ID: text.regex(/^(res|app)_\w{1,28}$/, 'must look like res_1234').optional(),
  SCALEKIT_API_URL: apiBase.optional(),
  SCALEKIT_CLIENT_ID: text.optional(),
  SCALEKIT_CLIENT_SECRET: text.optional(),
  SANDBOX_PORT: port.default(3003),
} as const;

type Values = ValuesOf<typeof SCALEKIT_VARIABLES> & {
  readonly NODE_ENV: string;
  readonly PORT: number;
  readonly PROTECTED_RESOURCE_METADATA?: Readonly<Record<string, unknown>> | undefined;
};

/**
 * Reads where Scalekit is from the variables.
 * @param values each checked by its own schema
 * @param namedServers the authorization servers that the operator names
 * @param problems gets a line for each problem between several variables
 * @returns undefined when the variables do not say it; `problems` then has the reason
 */
export function readScalekit(
  values: Values,
  namedServers: readonly string[] | undefined,
  problems: string[],
): ScalekitSide | undefined {
  if (values.SCALEKIT_ENV_URL === undefined) return readSandbox(values, problems);
  const environmentUrl = values.SCALEKIT_ENV_URL;
  const serverId = values.SCALEKIT_MCP_SERVER_ID;
  const generated = serverId === undefined ? [] : [`${environmentUrl}/resources/${serverId}`];
  if (serverId === undefined && namedServers === undefined) {
    problems.push(
      'SCALEKIT_MCP_SERVER_ID: required with SCALEKIT_ENV_URL (the res_… id that the Scalekit dashboard shows for this server), unless PROTECTED_RESOURCE_METADATA names authorization_servers.',
    );
  }
  const mode = readMode(values, problems);
  return (
    mode && {
      kind: 'live',
      environmentUrl,
      authorizationServers: namedServers ?? generated,
      // Scalekit is changing `iss` from the environment's URL to the resource's. Until that is done, both are accepted.
      issuers: namedServers ?? [environmentUrl, ...generated],
      mode,
    }
  );
}

function readMode(values: Values, problems: string[]): CredentialMode | undefined {
  if (values.SCALEKIT_API_URL !== undefined) return { kind: 'workspace', apiUrl: values.SCALEKIT_API_URL };
  const { SCALEKIT_CLIENT_ID: clientId, SCALEKIT_CLIENT_SECRET: clientSecret } = values;
  if (clientId !== undefined && clientSecret !== undefined) return { kind: 'environment', clientId, clientSecret };
  problems.push(
    'SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET: both required in environment mode. Set them, or set SCALEKIT_API_URL for workspace mode.',
  );
  return undefined;
}

function readSandbox(values: Values, problems: string[]): ScalekitSide | undefined {
  if (values.NODE_ENV === 'production') {
    problems.push('SCALEKIT_ENV_URL: required in production; the embedded sandbox refuses to run there.');
    return undefined;
  }
  for (const name of ['SCALEKIT_API_URL', 'SCALEKIT_MCP_SERVER_ID'] as const) {
    if (values[name] !== undefined)
      problems.push(`${name}: has no meaning without SCALEKIT_ENV_URL. Set both or none.`);
  }
  if (values.PROTECTED_RESOURCE_METADATA?.['authorization_servers'] !== undefined) {
    problems.push(
      'PROTECTED_RESOURCE_METADATA: authorization_servers has no meaning without SCALEKIT_ENV_URL, since the sandbox is its own.',
    );
  }
  const { SCALEKIT_CLIENT_ID: id, SCALEKIT_CLIENT_SECRET: secret } = values;
  if ((id === undefined) !== (secret === undefined)) {
    problems.push('SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET: set both (environment mode on the sandbox) or none.');
  }
  if (values.PORT === values.SANDBOX_PORT && values.PORT !== 0) {
    problems.push(`SANDBOX_PORT: ${values.SANDBOX_PORT} is PORT already. Give the sandbox a port of its own.`);
  }
  return {
    kind: 'sandbox',
    port: values.SANDBOX_PORT,
    client: id === undefined || secret === undefined ? undefined : { id, secret },
  };
}
