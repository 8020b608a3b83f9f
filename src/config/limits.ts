import { z } from 'zod';
import { parseUrl } from '../core/parse-url.ts';
import { SCOPES } from '../core/scope.ts';
import type { Problems } from './problems.ts';
import { jsonObjectOr, numberIn, text, type ValuesOf } from './values.ts';

// The settings of the limits. As everywhere in the configuration, error messages never quote a value.

/** A number of points in each window of a number of seconds. */
export interface Allowance {
  readonly points: number;
  readonly seconds: number;
}

/** The allowance of the callers whose OAuth client it names, or whose token has a scope that it names. */
export interface Tier extends Allowance {
  readonly name: string;
  readonly clients: readonly string[];
  readonly scopes: readonly string[];
}

/** The parsed value of `RATE_LIMIT`. */
export interface RateLimits {
  /** For callers that no tier names. */
  readonly default: Allowance;
  /** The first tier that names a caller applies. */
  readonly tiers: readonly Tier[];
  /** Failed authentications, for each client address and process. */
  readonly failures: Allowance;
}

/** How much of this server its callers may use. */
export interface LimitsConfig {
  /** Unset: rates are not limited. */
  readonly rates: RateLimits | undefined;
  /** The Redis in which several instances count rates together. Unset: each instance counts separately. */
  readonly redisUrl: string | undefined;
  /** The number of proxies before this server that are trusted to report the client's address. */
  readonly proxies: number;
  /** How many calls may run at the same time, of all callers together. */
  readonly calls: number;
  /** How many calls of one person may run at the same time. */
  readonly callsPerCaller: number;
  /** How long an answer may take to leave before its connection is ended, in milliseconds. */
  readonly answerTimeoutMs: number;
  /** How many bytes of request bodies may be in memory at the same time, of all callers together. */
  readonly bytesInFlight: number;
  /** How many bytes of request bodies of one person may be in memory at the same time. */
  readonly bytesInFlightPerCaller: number;
}

/** The points that a destructive call costs. With a smaller allowance such a call could never run. */
const HIGHEST_CALL_COST = 5;
const DAY = 24 * 60 * 60;
const MIB = 1024 * 1024;
/** Half of a budget is for bodies above 64 KiB, of which the largest has 1 MiB. */
const LEAST_BUDGET = 2 * MIB;

const bodyBudget = numberIn(
  LEAST_BUDGET,
  undefined,
  'bytes',
  `must be ${LEAST_BUDGET} or more, which the largest bodies need`,
);

const TIER_NAME = 'must be a short name in lower case';
const seconds = z.int('must be a whole number').min(1, 'must be 1 or more').max(DAY, 'must be a day at most');
const callPoints = z
  .int('must be a whole number')
  .min(HIGHEST_CALL_COST, `must be ${HIGHEST_CALL_COST} or more, which is what one destructive call costs`);
const failurePoints = z.int('must be a whole number').min(1, 'must be 1 or more');

/**
 * A scope of this server in its long spelling, which also matches the short spelling in tokens; or any other scope that
 * the issuer grants.
 */
const scope = z
  .string('must be a text')
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be a scope')
  .refine(
    (value) =>
      !/^(environment|organization|workspace|env|org|wks):/.test(value) || SCOPES.some((ours) => ours === value),
    `must be one of ${SCOPES.join(', ')}, or a scope that is not this server’s`,
  );

/** A JSON object that has these members and no others. */
function members<const Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `has no ${issue.keys.map((key) => JSON.stringify(key.slice(0, 40))).join(' or ')}; there are ${Object.keys(shape).join(', ')}`
        : 'must be a JSON object',
  });
}

const words = <Entry extends z.ZodType>(entry: Entry) => z.array(entry, 'must be a list of texts');

const tier = members({
  name: z.string(TIER_NAME).regex(/^[a-z][a-z0-9-]{0,31}$/, TIER_NAME),
  clients: words(z.string('must be a text').trim().min(1, 'must not be blank')).default([]),
  scopes: words(scope).default([]),
  points: callPoints,
  seconds,
}).refine(({ clients, scopes }) => clients.length + scopes.length > 0, 'must name clients or scopes');

/**
 * Authenticated callers get the highest of the documented tiers by default: 1000 points in 15 minutes. An assistant at
 * work needs less, because it reads a few times a minute; one that loops is stopped. Operators can define lower tiers
 * for clients that they know.
 */
const rateLimits = members({
  default: members({ points: callPoints, seconds }).default({ points: 1000, seconds: 900 }),
  tiers: z
    .array(tier, 'must be a list of JSON objects')
    .refine((tiers) => new Set(tiers.map(({ name }) => name)).size === tiers.length, 'must have names of their own')
    .refine((tiers) => tiers.every(({ name }) => name !== 'default'), 'must not be called default')
    .default([]),
  failures: members({ points: failurePoints, seconds }).default({ points: 100, seconds: 900 }),
});

const limitsDocument = jsonObjectOr('on, off or a JSON object of limits');

/** `on` (the defaults), `off` (undefined), or a JSON object of limits. */
const rateLimit = text.transform((value, context): RateLimits | undefined => {
  if (value === 'off') return undefined;
  const document = limitsDocument.safeParse(value === 'on' ? '{}' : value);
  const parsed = document.success ? rateLimits.safeParse(document.data) : document;
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) {
    context.addIssue({ code: 'custom', message: path.length === 0 ? message : `${path.join('.')} ${message}` });
  }
  return z.NEVER;
});

/**
 * The URL of Redis. A query is refused: settings in it would override the timeouts that keep a lost Redis from delaying
 * requests.
 */
const redisUrl = text.refine((value) => {
  const url = parseUrl(value);
  const isRedis = url?.protocol === 'redis:' || url?.protocol === 'rediss:';
  return isRedis && url.hostname !== '' && url.search === '' && url.hash === '' && /^(\/\d*)?$/.test(url.pathname);
}, 'must be a URL such as rediss://user:password@redis.example.com:6379/0, without a query');

export const LIMIT_VARIABLES = {
  RATE_LIMIT: rateLimit.prefault('on'),
  REDIS_URL: redisUrl.optional(),
  TRUST_PROXY: numberIn(0, 10, 'proxies').default(0),
  MAX_CALLS: numberIn(1, 10_000).default(512),
  MAX_CALLS_PER_CALLER: numberIn(1).optional(),
  ANSWER_TIMEOUT_MS: numberIn(100, 600_000, 'milliseconds').default(60_000),
  MAX_BYTES_IN_FLIGHT: bodyBudget.default(64 * MIB),
  MAX_BYTES_IN_FLIGHT_PER_CALLER: bodyBudget.optional(),
} as const;

type Values = ValuesOf<typeof LIMIT_VARIABLES>;

/**
 * Reads the limits from the variables.
 * @param values each checked by its own schema
 * @param problems gets a line when one caller may have more than all together
 */
export function readLimits(values: Values, problems: Problems): LimitsConfig {
  // Half of all calls, so that one caller cannot block all others.
  const callsPerCaller = values.MAX_CALLS_PER_CALLER ?? Math.ceil(values.MAX_CALLS / 2);
  if (callsPerCaller > values.MAX_CALLS) {
    problems.between(
      ['MAX_CALLS', 'MAX_CALLS_PER_CALLER'],
      `MAX_CALLS_PER_CALLER: more than MAX_CALLS, which is ${values.MAX_CALLS}. Raise that, or lower this.`,
    );
  }
  // Eight people have to act together to fill the budget of all.
  const bytesInFlightPerCaller =
    values.MAX_BYTES_IN_FLIGHT_PER_CALLER ?? Math.max(Math.ceil(values.MAX_BYTES_IN_FLIGHT / 8), LEAST_BUDGET);
  if (bytesInFlightPerCaller > values.MAX_BYTES_IN_FLIGHT) {
    problems.between(
      ['MAX_BYTES_IN_FLIGHT', 'MAX_BYTES_IN_FLIGHT_PER_CALLER'],
      `MAX_BYTES_IN_FLIGHT_PER_CALLER: more than MAX_BYTES_IN_FLIGHT, which is ${values.MAX_BYTES_IN_FLIGHT}. Raise that, or lower this.`,
    );
  }
  return {
    rates: values.RATE_LIMIT,
    redisUrl: values.REDIS_URL,
    proxies: values.TRUST_PROXY,
    calls: values.MAX_CALLS,
    callsPerCaller,
    answerTimeoutMs: values.ANSWER_TIMEOUT_MS,
    bytesInFlight: values.MAX_BYTES_IN_FLIGHT,
    bytesInFlightPerCaller,
  };
}
