import { z } from 'zod';
import type { OptIn } from '../core/tool.ts';
import { ADDRESS_VARIABLES, type AddressConfig, readAddress } from './address.ts';
import { ADMISSION_VARIABLES, type Admission, readAdmission } from './admission.ts';
import { AUDIT_VARIABLES, type AuditConfig, readAudit } from './audit.ts';
import { ConfigurationError } from './error.ts';
import { FILE_VARIABLES } from './files.ts';
import { LIMIT_VARIABLES, type LimitsConfig, readLimits } from './limits.ts';
import { OBSERVABILITY_VARIABLES, type ObservabilityConfig, readObservability } from './observability.ts';
import { RESOURCE_VARIABLES, readResource } from './resource.ts';
import { readScalekit, SCALEKIT_VARIABLES, type ScalekitSide } from './scalekit.ts';
import { readScaling, SCALING_VARIABLES, type ScalingConfig } from './scaling.ts';
import { readScopes, SCOPE_VARIABLES, type ScopesConfig } from './scopes.ts';
import { numberIn, type ValuesOf, wholeNumber } from './values.ts';

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
  /** The size above which a list in a result is cut, in characters of JSON. */
  readonly resultBudget: number;
  readonly scopes: ScopesConfig;
  readonly limits: LimitsConfig;
  readonly audit: AuditConfig;
  readonly observability: ObservabilityConfig;
  readonly scaling: ScalingConfig;
  /** Features that the operator has switched on and that are off by default. */
  readonly optIns: readonly OptIn[];
  readonly scalekit: ScalekitSide;
}

const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;

/** Every variable that this server reads, with the schema of its value. `.env.example` explains each. */
export const VARIABLES = {
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  SCOPE_SPELLING: z.enum(['long', 'short']).default('long'),
  INITIAL_SCOPES: z.enum(['surface', 'read']).default('surface'),
  UPSTREAM_TIMEOUT_MS: numberIn(100, 120_000).default(15_000),
  RESULT_BUDGET: wholeNumber.min(1_000, 'must be 1000 or more').default(12_000),
  AGENT_TOOL_EXECUTION: z.enum(['on', 'off']).default('off'),
  ...ADDRESS_VARIABLES,
  ...SCALEKIT_VARIABLES,
  ...ADMISSION_VARIABLES,
  ...RESOURCE_VARIABLES,
  ...SCOPE_VARIABLES,
  ...LIMIT_VARIABLES,
  ...AUDIT_VARIABLES,
  ...OBSERVABILITY_VARIABLES,
  ...FILE_VARIABLES,
  ...SCALING_VARIABLES,
} as const;

type Values = ValuesOf<typeof VARIABLES>;

/**
 * Turns environment variables into the frozen configuration. An empty value counts as unset.
 * @param problemsOfReading problems that `readEnvironment` has found; they are reported with the others
 * @throws ConfigurationError with all problems at once
 */
export function parseConfig(
  env: Readonly<Record<string, string | undefined>>,
  problemsOfReading: readonly string[] = [],
): Config {
  const problems = [...problemsOfReading];
  const values = readValues(env, problems);
  const resource = readResource(values, problems);
  const scalekit = readScalekit(values, resource.authorizationServers, problems);
  const sections = {
    ...readAddress(values, problems),
    admission: readAdmission(values, problems),
    limits: readLimits(values, problems),
    audit: readAudit(values, problems),
    observability: readObservability(values, problems),
    scaling: readScaling(values, problems),
    scopes: readScopes(values),
  };
  if (problems.length > 0 || scalekit === undefined) throw new ConfigurationError(problems);
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
    resultBudget: values.RESULT_BUDGET,
    optIns: values.AGENT_TOOL_EXECUTION === 'on' ? ['agent_tool_execution'] : [],
    scalekit,
  });
}

/** Parses each variable separately. One that fails gets its default value, so that later checks still run. */
function readValues(env: Readonly<Record<string, string | undefined>>, problems: string[]): Values {
  const values: Partial<Record<keyof Values, unknown>> = {};
  for (const [name, schema] of Object.entries(VARIABLES)) {
    const raw = env[name]?.trim();
    const parsed = schema.safeParse(raw === '' ? undefined : raw);
    if (!parsed.success) problems.push(`${name}: ${parsed.error.issues.map((issue) => issue.message).join('; ')}.`);
    values[name as keyof Values] = parsed.success ? parsed.data : schema.safeParse(undefined).data;
  }
  return values as Values;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}
