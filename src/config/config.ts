import type { z } from 'zod';
import type { OptIn } from '../core/tool.ts';
import { ADDRESS_VARIABLES, type AddressConfig, readAddress, warnOfUncountedProxy } from './address.ts';
import { ADMISSION_VARIABLES, ADMITS_ALL, type Admission, readAdmission } from './admission.ts';
import { AUDIT_VARIABLES, type AuditConfig, readAudit } from './audit.ts';
import { checkCollector } from './collector.ts';
import { DOCUMENTATION_VARIABLES, type DocumentationConfig, readDocumentation } from './documentation.ts';
import { type EnvFile, warnOfIdleLines } from './environment.ts';
import { ConfigurationError } from './error.ts';
import { FILE_VARIABLES, givenWith } from './files.ts';
import { LIMIT_VARIABLES, type LimitsConfig, readLimits } from './limits.ts';
import { type NearMiss, nearMisses, strangers } from './near-misses.ts';
import { OBSERVABILITY_VARIABLES, type ObservabilityConfig, readObservability } from './observability.ts';
import { Problems } from './problems.ts';
import { checkProxy } from './proxy.ts';
import { PUBLICATION_VARIABLES, type PublicationConfig, readPublication } from './publication.ts';
import { RESOURCE_VARIABLES, readResource, warnOfOthersAudiences } from './resource.ts';
import {
  isAboutScalekit,
  namesSandbox,
  readScalekit,
  SCALEKIT_VARIABLES,
  type ScalekitSide,
  type Use,
} from './scalekit.ts';
import { readScaling, SCALING_VARIABLES, type ScalingConfig } from './scaling.ts';
import { readScopes, SCOPE_VARIABLES, type ScopesConfig } from './scopes.ts';
import { type Names, readSurface, SURFACE_VARIABLES, type SurfaceConfig } from './surface.ts';
import { hasQuote, numberIn, oneOf, unseenIn, type ValuesOf } from './values.ts';
import { warnOfCopiedValues, warnOfWrongIds } from './wrong-ids.ts';

/** The configuration of this server. `.env.example` explains the variables behind it. */
export interface Config extends AddressConfig {
  readonly production: boolean;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Accepted values of the `aud` claim. Unset: this server's own URLs. */
  readonly expectedAudience: readonly string[] | undefined;
  /** The longest accepted lifetime of an access token (`exp` − `iat`), in seconds. Unset: any. */
  readonly maxTokenLifetimeSeconds: number | undefined;
  readonly metadataOverrides: Readonly<Record<string, unknown>>;
  readonly scopeSpelling: 'long' | 'short';
  readonly initialScopes: 'surface' | 'read';
  readonly admission: Admission;
  readonly upstreamTimeoutMs: number;
  readonly agentToolTimeoutMs: number;
  /** The size above which a list in a result is cut, in characters of JSON. */
  readonly resultBudget: number;
  readonly scopes: ScopesConfig;
  readonly limits: LimitsConfig;
  readonly audit: AuditConfig;
  readonly observability: ObservabilityConfig;
  readonly scaling: ScalingConfig;
  readonly surface: SurfaceConfig;
  /** Unset: there is none, and no tool for it. */
  readonly documentation: DocumentationConfig | undefined;
  readonly publication: PublicationConfig;
  /** Features that the operator has switched on and that are off by default. */
  readonly optIns: readonly OptIn[];
  readonly scalekit: ScalekitSide;
  /** What works, and is probably not meant: one line each, which begins with the variable. */
  readonly warnings: readonly string[];
}

const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;

/** Every variable that this server reads, with the schema of its value. `.env.example` explains each. */
export const VARIABLES = {
  NODE_ENV: oneOf('development', 'production', 'test').default('development'),
  LOG_LEVEL: oneOf(...LOG_LEVELS).default('info'),
  SCOPE_SPELLING: oneOf('long', 'short').default('long'),
  INITIAL_SCOPES: oneOf('surface', 'read').default('surface'),
  UPSTREAM_TIMEOUT_MS: numberIn(100, 120_000, 'milliseconds').default(15_000),
  // Scalekit's load balancer cuts at 62 s: whoever waits less always knows who gave up.
  AGENT_TOOL_TIMEOUT_MS: numberIn(100, 60_000, 'milliseconds').default(60_000),
  RESULT_BUDGET: numberIn(1_000).default(12_000),
  AGENT_TOOL_EXECUTION: oneOf('on', 'off').default('off'),
  ...ADDRESS_VARIABLES,
  ...SCALEKIT_VARIABLES,
  ...ADMISSION_VARIABLES,
  ...RESOURCE_VARIABLES,
  ...SCOPE_VARIABLES,
  ...SURFACE_VARIABLES,
  ...DOCUMENTATION_VARIABLES,
  ...PUBLICATION_VARIABLES,
  ...LIMIT_VARIABLES,
  ...AUDIT_VARIABLES,
  ...OBSERVABILITY_VARIABLES,
  ...FILE_VARIABLES,
  ...SCALING_VARIABLES,
} as const;

type Values = ValuesOf<typeof VARIABLES>;

/**
 * Turns environment variables into the frozen configuration. An empty value counts as unset.
 * @param problems those that `readEnvironment` has found; they are reported with the others
 * @param envFile the `.env` file, of which a refusal to start the sandbox tells
 * @param names those of the catalogue, to check what TOOLSETS, TOOLS and SCOPE_MAP name; `start` refuses them in any case
 * @param use over stdio, what only a server on a port reads is left out, whatever it is set to
 * @throws ConfigurationError with all problems at once
 */
export function parseConfig(
  env: Readonly<Record<string, string | undefined>>,
  problems = new Problems(),
  envFile?: EnvFile,
  names?: Names,
  use: Use = 'http',
): Config {
  const known = Object.keys(VARIABLES);
  const read = use === 'http' ? env : withoutServer(env);
  const values = readValues(read, problems);
  const misses = nearMisses(env, known);
  const unread = strangers(env, known, misses);
  const warnings = [...unread];
  checkNames(misses, values, problems);
  checkProxy(env, problems);
  checkCollector(env, problems, warnings);
  warnOfWrongIds(env, values, warnings);
  warnOfCopiedValues(env, values, warnings);
  warnOfUncountedProxy(env, values, warnings);
  warnOfIdleLines(envFile, warnings);
  const resource = readResource(values, problems);
  warnOfOthersAudiences(values, resource, warnings);
  const scalekit = readScalekit({
    env,
    misses,
    values,
    namedServers: resource.authorizationServers,
    problems,
    warnings,
    envFile,
    use,
  });
  const sections = {
    ...readAddress(values, problems, warnings),
    admission: use === 'http' ? readAdmission(values, problems) : ADMITS_ALL,
    limits: readLimits(values, problems),
    audit: readAudit(values, problems),
    observability: readObservability(values, problems, warnings),
    scaling: readScaling(values, problems, warnings),
    scopes: readScopes(values, problems, names?.tools),
    surface: readSurface(values, problems, warnings, names),
    documentation: readDocumentation(values, warnings),
    publication: readPublication(values),
  };
  if (problems.lines.length > 0 || scalekit === undefined) {
    // What is missing may stand under a name that is not read.
    const untold = unread.filter((line) => !problems.lines.some((told) => told.includes(line.split(':')[0] ?? '')));
    throw new ConfigurationError([...problems.lines, ...untold]);
  }
  const serverId = values.SCALEKIT_MCP_SERVER_ID;
  return deepFreeze({
    ...sections,
    production: values.NODE_ENV === 'production',
    logLevel: values.LOG_LEVEL,
    expectedAudience: values.EXPECTED_AUDIENCE ?? (serverId === undefined ? undefined : [serverId]),
    maxTokenLifetimeSeconds: values.MAX_TOKEN_LIFETIME_SECONDS,
    metadataOverrides: resource.overrides,
    scopeSpelling: values.SCOPE_SPELLING,
    initialScopes: values.INITIAL_SCOPES,
    upstreamTimeoutMs: values.UPSTREAM_TIMEOUT_MS,
    agentToolTimeoutMs: values.AGENT_TOOL_TIMEOUT_MS,
    resultBudget: values.RESULT_BUDGET,
    optIns: values.AGENT_TOOL_EXECUTION === 'on' ? ['agent_tool_execution'] : [],
    scalekit,
    warnings,
  });
}

/** What only a server on a port reads: its address, who may call it with which tokens, its processes and its metrics. */
const OF_A_SERVER: ReadonlySet<string> = new Set([
  ...Object.keys({ ...ADDRESS_VARIABLES, ...RESOURCE_VARIABLES, ...ADMISSION_VARIABLES, ...SCALING_VARIABLES }),
  'REDIS_URL',
  'METRICS_HOST',
  'METRICS_PORT',
]);

/** The variables for a process without a port. Its sandbox takes any port: one of a server may be running beside it. */
function withoutServer(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  const others = Object.entries(env).filter(([name]) => !OF_A_SERVER.has(name));
  return { SANDBOX_PORT: '0', ...Object.fromEntries(others) };
}

/** Parses each variable separately. One that fails gets its default value, so that later checks still run. */
function readValues(env: Readonly<Record<string, string | undefined>>, problems: Problems): Values {
  const values: Partial<Record<keyof Values, unknown>> = {};
  for (const [name, schema] of Object.entries(VARIABLES)) {
    const raw = env[name]?.trim();
    const parsed = schema.safeParse(raw === '' ? undefined : raw);
    const unseen = unseenIn(raw ?? '');
    if (unseen !== undefined) {
      problems.of(givenWith(env, name), `holds a character that nobody sees: ${unseen}. Type the value anew.`, name);
    } else if (!parsed.success) {
      problems.of(givenWith(env, name), whyRefused(parsed.error, { raw, isFile: givenWith(env, name) !== name }), name);
    }
    const isGood = parsed.success && unseen === undefined;
    values[name as keyof Values] = isGood ? parsed.data : schema.safeParse(undefined).data;
  }
  return values as Values;
}

function whyRefused(
  { issues }: z.ZodError,
  { raw = '', isFile }: { raw: string | undefined; isFile: boolean },
): string {
  const why = issues.map((issue) => issue.message).join('; ');
  const quoted = hasQuote(raw)
    ? ' A quotation mark at its beginning or end counts as part of the value: leave it out.'
    : '';
  return `${isFile ? `what the file holds is not good: ${why}` : why}.${quoted}`;
}

/** Finds names in whose place others were meant. The sandbox tells itself of those that it refuses to run beside. */
function checkNames(misses: readonly NearMiss[], values: Values, problems: Problems): void {
  const toldBySandbox = namesSandbox(values, problems) ? isAboutScalekit : () => false;
  for (const miss of misses) {
    if (!toldBySandbox(miss))
      problems.of(miss.name, `no variable of this server; ${miss.meant} was meant.`, miss.meant);
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}
