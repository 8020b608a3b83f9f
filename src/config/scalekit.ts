import type { EnvFile } from './environment.ts';
import { isForHosted, isSet, type NearMiss } from './near-misses.ts';
import type { Problems } from './problems.ts';
import { apiBase, isExposed, isLoopback, oneLine, oneOf, origin, port, text, type ValuesOf } from './values.ts';

export interface WorkspaceMode {
  readonly kind: 'workspace';
  readonly apiUrl: string;
  /** URLs of environments that are elsewhere than their domains say, by these. */
  readonly addresses?: Readonly<Record<string, string>>;
}

/** Whose credential is sent to the management API. */
type CredentialMode =
  | WorkspaceMode
  | {
      readonly kind: 'environment';
      readonly clientId: string;
      readonly clientSecret: string;
      /** The variable that the secret was given with, for messages. */
      readonly secretSetting: SecretSetting;
    };

/** The variables that give the secret of this server's client. */
export type SecretSetting = 'SCALEKIT_CLIENT_SECRET' | 'SCALEKIT_CLIENT_SECRET_FILE';

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
      /** Which mode it shows. */
      readonly mode: 'workspace' | 'environment';
      /** Whose URL is the `iss` of its tokens for MCP servers that are registered there. */
      readonly tokenIssuer: 'environment' | 'resource';
    };

export const SCALEKIT_VARIABLES = {
  SCALEKIT_ENV_URL: origin.optional(),
  SCALEKIT_MCP_SERVER_ID: text.regex(/^(res|app)_\w{1,28}$/, 'must look like res_1234').optional(),
  SCALEKIT_API_URL: apiBase.optional(),
  SCALEKIT_CLIENT_ID: text.optional(),
  SCALEKIT_CLIENT_SECRET: oneLine.optional(),
  SANDBOX_PORT: port.default(3003),
  SANDBOX_MODE: oneOf('workspace', 'environment').default('workspace'),
  SANDBOX_TOKEN_ISSUER: oneOf('environment', 'resource').default('environment'),
} as const;

const CLIENT = ['SCALEKIT_CLIENT_ID', 'SCALEKIT_CLIENT_SECRET'] as const;
/** What only environment mode reads. */
const ENVIRONMENT_ONLY = [...CLIENT, 'SCALEKIT_CLIENT_SECRET_FILE'] as const;

type Values = ValuesOf<typeof SCALEKIT_VARIABLES> & {
  readonly NODE_ENV: string;
  readonly HOST: string;
  readonly PORT: number;
  readonly PUBLIC_URL?: string | undefined;
  readonly SCALEKIT_CLIENT_SECRET_FILE?: string | undefined;
  readonly PROTECTED_RESOURCE_METADATA?: Readonly<Record<string, unknown>> | undefined;
};

/**
 * What the configuration is for. `http`: callers bring tokens, so it must be known who issues them. `stdio`: whoever starts the
 * process acts with the client of the environment.
 */
export type Use = 'http' | 'stdio';

interface Reading {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly misses: readonly NearMiss[];
  /** Each checked by its own schema. */
  readonly values: Values;
  /** The authorization servers that the operator names. */
  readonly namedServers: readonly string[] | undefined;
  /** Gets a line for each problem between several variables. */
  readonly problems: Problems;
  /** Gets a line for what is probably not meant. */
  readonly warnings: string[];
  readonly envFile: EnvFile | undefined;
  readonly use: Use;
}

/** Whether the variables name no Scalekit environment, so that the embedded sandbox is used. */
export function namesSandbox(values: Pick<Values, 'SCALEKIT_ENV_URL'>, problems: Problems): boolean {
  return values.SCALEKIT_ENV_URL === undefined && !problems.has('SCALEKIT_ENV_URL');
}

/** Whether a variable was to say something about Scalekit. */
export function isAboutScalekit({ name, meant }: NearMiss): boolean {
  return isScalekit(name) || isScalekit(meant);
}

/**
 * Reads where Scalekit is from the variables.
 * @returns undefined when the variables do not say it; `problems` then has the reason
 */
export function readScalekit(reading: Reading): ScalekitSide | undefined {
  const { values, namedServers, problems, use } = reading;
  if (namesSandbox(values, problems)) return readSandbox(reading);
  const environmentUrl = values.SCALEKIT_ENV_URL;
  const serverId = values.SCALEKIT_MCP_SERVER_ID;
  const generated = serverId === undefined ? [] : [`${environmentUrl}/resources/${serverId}`];
  if (use === 'http' && serverId === undefined && namedServers === undefined) {
    problems.between(
      ['SCALEKIT_MCP_SERVER_ID', 'PROTECTED_RESOURCE_METADATA'],
      'SCALEKIT_MCP_SERVER_ID: required with SCALEKIT_ENV_URL (the res_… id that the Scalekit dashboard shows for this server), unless PROTECTED_RESOURCE_METADATA names authorization_servers.',
    );
  }
  const mode = readMode(reading);
  if (isSet(reading.env, 'SANDBOX_MODE')) {
    reading.warnings.push(
      'SANDBOX_MODE: not used, because SCALEKIT_ENV_URL names a real environment. SCALEKIT_API_URL means workspace mode there, and SCALEKIT_CLIENT_ID without it environment mode.',
    );
  }
  if (environmentUrl === undefined || mode === undefined) return undefined;
  return {
    kind: 'live',
    environmentUrl,
    authorizationServers: namedServers ?? generated,
    // Scalekit is changing `iss` from the environment's URL to the resource's. Until that is done, both are accepted.
    issuers: namedServers ?? [environmentUrl, ...generated],
    mode,
  };
}

function readMode(reading: Reading): CredentialMode | undefined {
  const { values, problems } = reading;
  const { SCALEKIT_API_URL: apiUrl, SCALEKIT_CLIENT_ID: clientId, SCALEKIT_CLIENT_SECRET: clientSecret } = values;
  if (apiUrl !== undefined && reading.use === 'stdio') {
    problems.of(
      'SCALEKIT_API_URL',
      'means workspace mode, in which each call uses the token of its caller; here nobody brings one. Unset it, and set SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET, or connect to a hosted server.',
    );
    return undefined;
  }
  if (apiUrl !== undefined) {
    warnOfClient(reading);
    return { kind: 'workspace', apiUrl };
  }
  if (clientId !== undefined && clientSecret !== undefined) {
    const isFromFile = values.SCALEKIT_CLIENT_SECRET_FILE !== undefined;
    const secretSetting = isFromFile ? 'SCALEKIT_CLIENT_SECRET_FILE' : 'SCALEKIT_CLIENT_SECRET';
    return { kind: 'environment', clientId, clientSecret, secretSetting };
  }
  const missing = CLIENT.filter((name) => values[name] === undefined && !problems.has(name));
  if (missing.length > 0) {
    const file = missing.includes('SCALEKIT_CLIENT_SECRET')
      ? ' SCALEKIT_CLIENT_SECRET_FILE may name a file that holds the secret, in place of SCALEKIT_CLIENT_SECRET.'
      : '';
    problems.between(
      ['SCALEKIT_API_URL'],
      `${missing.join(' and ')}: ${missing.length > 1 ? 'both ' : ''}required in environment mode. Set ${missing.length > 1 ? 'them' : 'it'}, or set SCALEKIT_API_URL for workspace mode.${file}`,
    );
  }
  return undefined;
}

/** Warns of the settings of a client in workspace mode, where they have no effect. */
function warnOfClient({ values, warnings }: Reading): void {
  const idle = ENVIRONMENT_ONLY.filter((name) => values[name] !== undefined);
  if (idle.length === 0) return;
  const these = idle.length > 1 ? 'these' : 'this';
  warnings.push(
    `${idle.join(', ')}: not used, because SCALEKIT_API_URL means workspace mode, in which each call uses the token of its caller, and no client and no secret are needed. Unset ${these}, or unset SCALEKIT_API_URL for environment mode.`,
  );
}

/** Reads the settings of the sandbox. It never answers in place of a real deployment. */
function readSandbox(reading: Reading): ScalekitSide | undefined {
  const { values, problems, envFile } = reading;
  const misnamed = reading.misses
    .filter(isAboutScalekit)
    .map(({ name, meant }) => ` ${name} is no variable of this server: ${meant} was meant.`)
    .join('');
  const source = envFile === undefined ? '' : ` ${sourceOf(envFile)}.`;
  const real = namesOfReal(reading);
  if (values.NODE_ENV === 'production') {
    problems.of(
      'SCALEKIT_ENV_URL',
      `required in production; the embedded sandbox refuses to run there.${misnamed}${source}`,
    );
    return undefined;
  }
  if (real.length > 0) {
    problems.of(
      real,
      `of a real deployment, in whose place the embedded sandbox never answers. Set SCALEKIT_ENV_URL as well, or leave ${real.length > 1 ? 'these' : 'this'} out.${misnamed}${source}`,
    );
  }
  if (values.PROTECTED_RESOURCE_METADATA?.['authorization_servers'] !== undefined) {
    problems.between(
      ['PROTECTED_RESOURCE_METADATA'],
      'PROTECTED_RESOURCE_METADATA: authorization_servers has no meaning without SCALEKIT_ENV_URL, since the sandbox is its own.',
    );
  }
  if (values.PORT === values.SANDBOX_PORT && values.PORT !== 0) {
    problems.between(
      ['PORT', 'SANDBOX_PORT'],
      `SANDBOX_PORT: ${values.SANDBOX_PORT} is PORT already. Give the sandbox a port of its own.`,
    );
  }
  const { SANDBOX_PORT, SANDBOX_MODE, SANDBOX_TOKEN_ISSUER: tokenIssuer } = values;
  const mode = reading.use === 'stdio' ? 'environment' : SANDBOX_MODE;
  return { kind: 'sandbox', port: SANDBOX_PORT, mode, tokenIssuer };
}

function sourceOf({ path, isRead, whyNot }: EnvFile): string {
  if (whyNot !== undefined) return `Not read: ${path}, because ${whyNot}`;
  return `${isRead ? 'Read' : 'Not found'}: ${path}`;
}

/** The variables that are set and that only a real deployment has; first those whose names were mistaken. */
function namesOfReal({ env, misses, values, problems }: Reading): string[] {
  const mistaken = misses.filter(isAboutScalekit).map(({ name }) => name);
  const ours = Object.keys(env).filter(
    (name) => isSet(env, name) && isScalekit(name) && !isForHosted(name) && !problems.has(name),
  );
  const names = new Set([...mistaken, ...ours]);
  if (isExposed(values.HOST)) names.add('HOST');
  if (values.PUBLIC_URL !== undefined && !isLoopback(new URL(values.PUBLIC_URL).hostname)) names.add('PUBLIC_URL');
  return [...names];
}

function isScalekit(name: string): boolean {
  return name.toUpperCase().startsWith('SCALEKIT_');
}
