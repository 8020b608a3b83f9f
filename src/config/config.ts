import { config as loadDotenv } from 'dotenv';
import { z } from 'zod';
import type { OptIn } from '../core/tool.ts';
import { AUDIT_VARIABLES, type AuditConfig, readAudit } from './audit.ts';
import { FILE_VARIABLES, readSecretFiles } from './files.ts';
import { LIMIT_VARIABLES, type LimitsConfig, readLimits } from './limits.ts';
import { OBSERVABILITY_VARIABLES, type ObservabilityConfig, readObservability } from './observability.ts';
import { INSTANCE_VARIABLES, type InstancesConfig, readInstances } from './scaling.ts';
import { readScopes, SCOPE_VARIABLES, type ScopesConfig } from './scopes.ts';
import {
  apiBase,
  host,
  hostNames,
  isLoopback,
  issuer,
  jsonObject,
  LOOPBACK,
  list,
  numberIn,
  origin,
  port,
  text,
  wholeNumber,
} from './values.ts';

export { isLoopback } from './values.ts';

/** A configuration that cannot be used. `problems` holds one line for each thing to mend. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(['The configuration cannot be used:', ...problems.map((problem) => `  - ${problem}`)].join('\n'));
    this.problems = problems;
  }
}

/** Whom environment mode serves. A list that is set must hold the caller's value; unset lists do not matter. */
export interface Admission {
  readonly subjects: readonly string[] | undefined;
  readonly clients: readonly string[] | undefined;
  readonly organizations: readonly string[] | undefined;
}

/** Whose credential reaches the management API. */
type CredentialMode =
  | { readonly kind: 'workspace'; readonly apiUrl: string }
  | { readonly kind: 'environment'; readonly clientId: string; readonly clientSecret: string };

/** The Scalekit side: who issues tokens, and where the management API is. */
export interface ScalekitConfig {
  /** Origin of the environment that issues the tokens; its keys are at `/keys`. */
  readonly environmentUrl: string;
  /** Advertised to clients (RFC 9728 `authorization_servers`). */
  readonly authorizationServers: readonly string[];
  /** Accepted values of the `iss` claim. */
  readonly issuers: readonly string[];
  readonly mode: CredentialMode;
}

export interface Config {
  readonly production: boolean;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly host: string;
  readonly port: number;
  /** Origin that clients connect to; unset: the allowed loopback name that the client used. */
  readonly publicUrl: string | undefined;
  /** Host names (no port) accepted in the `Host` header. */
  readonly allowedHosts: readonly string[];
  /** Host names accepted in the `Origin` header. */
  readonly allowedOrigins: readonly string[];
  /** Unset: this server's own URLs. */
  readonly expectedAudience: readonly string[] | undefined;
  readonly metadataOverrides: Readonly<Record<string, unknown>>;
  readonly scopeSpelling: 'long' | 'short';
  readonly initialScopes: 'surface' | 'read';
  readonly admission: Admission;
  readonly upstreamTimeoutMs: number;
  /** The longest list that one result holds, in characters of JSON. */
  readonly resultBudget: number;
  readonly scopes: ScopesConfig;
  readonly limits: LimitsConfig;
  readonly audit: AuditConfig;
  readonly observability: ObservabilityConfig;
  readonly instances: InstancesConfig;
  /** Tools beyond the usual ones. */
  readonly optIns: readonly OptIn[];
  /** `sandbox`: the embedded one is started, and its mode decides the credential. */
  readonly scalekit:
    | ({ readonly kind: 'live' } & ScalekitConfig)
    | {
        readonly kind: 'sandbox';
        readonly port: number;
        /** Set: environment mode, with this as the environment's client. */
        readonly client: { readonly id: string; readonly secret: string } | undefined;
      };
}

const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
/** Every variable that this server reads, with the form of its value. `.env.example` explains each. */
export const VARIABLES = {
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  HOST: host.default('127.0.0.1'),
  PORT: port.default(3002),
  PUBLIC_URL: origin.optional(),
  ALLOWED_HOSTS: hostNames.optional(),
  ALLOWED_ORIGINS: hostNames.optional(),
  SCALEKIT_ENV_URL: origin.optional(),
  SCALEKIT_MCP_SERVER_ID: text.regex(/^(res|app)_\w{1,28}$/, 'must look like res_1234').optional(),
  SCALEKIT_API_URL: apiBase.optional(),
  SCALEKIT_CLIENT_ID: text.optional(),
  SCALEKIT_CLIENT_SECRET: text.optional(),
  ALLOWED_SUBJECTS: list.optional(),
  ALLOWED_CLIENTS: list.optional(),
  ALLOWED_ORGANIZATIONS: list.optional(),
  EXPECTED_AUDIENCE: list.optional(),
  PROTECTED_RESOURCE_METADATA: jsonObject.optional(),
  SCOPE_SPELLING: z.enum(['long', 'short']).default('long'),
  INITIAL_SCOPES: z.enum(['surface', 'read']).default('surface'),
  UPSTREAM_TIMEOUT_MS: numberIn(100, 120_000).default(15_000),
  RESULT_BUDGET: wholeNumber.min(1_000, 'must be 1000 or more').default(25_000),
  ...SCOPE_VARIABLES,
  ...LIMIT_VARIABLES,
  ...AUDIT_VARIABLES,
  ...OBSERVABILITY_VARIABLES,
  ...FILE_VARIABLES,
  ...INSTANCE_VARIABLES,
  AGENT_TOOL_EXECUTION: z.enum(['on', 'off']).default('off'),
  SANDBOX_PORT: port.default(3003),
} as const;

type Name = keyof typeof VARIABLES;
type Values = { readonly [N in Name]: z.output<(typeof VARIABLES)[N]> };

/**
 * The process environment, completed by a `.env` file in the working directory and by the files that hold secrets;
 * real variables win over `.env`. The only place that reads `process.env`. `problems` are for `parseConfig`.
 */
export function readEnvironment(problems: string[]): Record<string, string | undefined> {
  const fromFile: Record<string, string> = {};
  const { error } = loadDotenv({ quiet: true, processEnv: fromFile });
  if (error !== undefined && (error as NodeJS.ErrnoException).code !== 'ENOENT') {
    problems.push(`.env: cannot be read (${error.message}).`);
  }
  // biome-ignore lint/style/noProcessEnv: this is the one reader.
  return readSecretFiles({ ...fromFile, ...process.env }, problems);
}

/**
 * Whether spans are to be sent somewhere. What sends them reads its variables, all called `OTEL_…`, from the process
 * alone, and so does this.
 */
export function exportsTraces(): boolean {
  // biome-ignore lint/style/noProcessEnv: this module is the one reader.
  const { OTEL_SDK_DISABLED, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT } = process.env;
  return OTEL_SDK_DISABLED !== 'true' && Boolean(OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || OTEL_EXPORTER_OTLP_ENDPOINT);
}

/**
 * Turns environment variables into the frozen configuration. An empty value counts as unset.
 * @throws ConfigurationError naming every problem at once, with those that reading the environment has had.
 */
export function parseConfig(
  env: Readonly<Record<string, string | undefined>>,
  problemsOfReading: readonly string[] = [],
): Config {
  const problems = [...problemsOfReading];
  const values = readValues(env, problems);
  const metadata = readMetadata(values, problems);
  const scalekit = readScalekit(values, metadata.authorizationServers, problems);
  const admission: Admission = {
    subjects: values.ALLOWED_SUBJECTS,
    clients: values.ALLOWED_CLIENTS,
    organizations: values.ALLOWED_ORGANIZATIONS,
  };
  checkExposure(values, problems);
  checkAdmission(values, admission, problems);
  const limits = readLimits(values, problems);
  const audit = readAudit(values, problems);
  const observability = readObservability(values, problems);
  const instances = readInstances(values, problems);
  if (problems.length > 0 || scalekit === undefined) throw new ConfigurationError(problems);

  const ownHosts = [...LOOPBACK, ...(values.PUBLIC_URL === undefined ? [] : [new URL(values.PUBLIC_URL).hostname])];
  const publicHost = values.PUBLIC_URL === undefined ? [] : [new URL(values.PUBLIC_URL).hostname];
  return deepFreeze({
    production: values.NODE_ENV === 'production',
    logLevel: values.LOG_LEVEL,
    host: values.HOST,
    port: values.PORT,
    publicUrl: values.PUBLIC_URL,
    allowedHosts: values.ALLOWED_HOSTS === undefined ? ownHosts : [...values.ALLOWED_HOSTS, ...publicHost],
    allowedOrigins: values.ALLOWED_ORIGINS === undefined ? ownHosts : [...values.ALLOWED_ORIGINS, ...publicHost],
    expectedAudience:
      values.EXPECTED_AUDIENCE ??
      (values.SCALEKIT_MCP_SERVER_ID === undefined ? undefined : [values.SCALEKIT_MCP_SERVER_ID]),
    metadataOverrides: metadata.overrides,
    scopeSpelling: values.SCOPE_SPELLING,
    initialScopes: values.INITIAL_SCOPES,
    admission,
    upstreamTimeoutMs: values.UPSTREAM_TIMEOUT_MS,
    resultBudget: values.RESULT_BUDGET,
    scopes: readScopes(values),
    limits,
    audit,
    observability,
    instances,
    optIns: values.AGENT_TOOL_EXECUTION === 'on' ? ['agent_tool_execution'] : [],
    scalekit,
  });
}

/** Parses each variable by itself. A variable that fails keeps its default, so that later checks still run. */
function readValues(env: Readonly<Record<string, string | undefined>>, problems: string[]): Values {
  const values: Partial<Record<Name, unknown>> = {};
  for (const [name, schema] of Object.entries(VARIABLES)) {
    const raw = env[name]?.trim();
    const parsed = schema.safeParse(raw === '' ? undefined : raw);
    if (!parsed.success) problems.push(`${name}: ${parsed.error.issues.map((issue) => issue.message).join('; ')}.`);
    values[name as Name] = parsed.success ? parsed.data : schema.safeParse(undefined).data;
  }
  return values as Values;
}

function readScalekit(
  values: Values,
  namedServers: readonly string[] | undefined,
  problems: string[],
): Config['scalekit'] | undefined {
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
      // Scalekit is moving `iss` from the environment to the resource; until that ends, both are genuine.
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

function readSandbox(values: Values, problems: string[]): Config['scalekit'] | undefined {
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

/** The operator's additions to the RFC 9728 documents. */
function readMetadata(
  values: Values,
  problems: string[],
): { overrides: Record<string, unknown>; authorizationServers: readonly string[] | undefined } {
  const { resource, authorization_servers: servers, ...overrides } = values.PROTECTED_RESOURCE_METADATA ?? {};
  if (resource !== undefined && !isOwnResource(resource, values)) {
    problems.push(
      `PROTECTED_RESOURCE_METADATA: resource must be one of this server's own URLs (PUBLIC_URL followed by / or /mcp).`,
    );
  }
  if (servers === undefined) return { overrides, authorizationServers: undefined };
  const parsed = z.array(issuer).min(1).safeParse(servers);
  if (!parsed.success) {
    problems.push('PROTECTED_RESOURCE_METADATA: authorization_servers must be a list of https URLs.');
  }
  return { overrides, authorizationServers: parsed.success ? parsed.data : [] };
}

function isOwnResource(resource: unknown, values: Values): boolean {
  if (typeof resource !== 'string' || !URL.canParse(resource)) return false;
  const url = new URL(resource);
  const own = values.PUBLIC_URL === undefined ? isLoopback(url.hostname) : url.origin === values.PUBLIC_URL;
  return own && (url.pathname === '/' || url.pathname === '/mcp') && url.search === '' && url.hash === '';
}

/** A server that others can reach must know the names under which it is reached. */
function checkExposure(values: Values, problems: string[]): void {
  if (isLoopback(values.HOST) || values.HOST === '::1') return;
  if (values.PUBLIC_URL === undefined && values.ALLOWED_HOSTS === undefined) {
    problems.push(
      `HOST: ${values.HOST} is reachable from other machines. Set PUBLIC_URL to the URL that clients use, or ALLOWED_HOSTS to the accepted host names.`,
    );
  }
}

/** In environment mode this server lends its own power to its callers, so somebody must have said to whom. */
function checkAdmission(values: Values, admission: Admission, problems: string[]): void {
  const environmentMode = values.SCALEKIT_API_URL === undefined && values.SCALEKIT_CLIENT_ID !== undefined;
  if (!environmentMode || Object.values(admission).some((allowed) => allowed !== undefined)) return;
  problems.push(
    'ALLOWED_SUBJECTS, ALLOWED_CLIENTS or ALLOWED_ORGANIZATIONS: at least one is required in environment mode, where every caller acts with the power of this server’s own client.',
  );
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}
