import { z } from 'zod';
import { SCOPES } from '../core/scope.ts';
import { jsonObject, numberIn, text, type ValuesOf, wholeNumber } from './values.ts';

// The form of the limits. As everywhere in the configuration, complaints never quote a value.

/** So many points in each window of so many seconds. */
export interface Allowance {
  readonly points: number;
  readonly seconds: number;
}

/** The allowance of the callers that it names, by OAuth client or by a scope of their token: either is enough. */
export interface Tier extends Allowance {
  readonly name: string;
  readonly clients: readonly string[];
  readonly scopes: readonly string[];
}

/** `RATE_LIMIT`, read. */
export interface RateLimits {
  /** Of everybody whom no tier names. */
  readonly default: Allowance;
  /** The first that names a caller counts. */
  readonly tiers: readonly Tier[];
  /** Failed authentications, for each client address. */
  readonly failures: Allowance;
}

/** How much of this server its callers may use. */
export interface LimitsConfig {
  /** Unset: rates are not limited. */
  readonly rates: RateLimits | undefined;
  /** Where several instances count together. Unset: each counts for itself. */
  readonly redisUrl: string | undefined;
  /** Proxies in front of this server, whose word on the client's address counts. */
  readonly proxies: number;
  /** Calls at the same time, in all and for each caller. */
  readonly calls: number;
  readonly callsPerCaller: number;
}

/** What one destructive call costs: a smaller allowance would forbid it for ever. */
const DEAREST_CALL = 5;
const DAY = 24 * 60 * 60;

const seconds = z.int('must be a whole number').min(1, 'must be 1 or more').max(DAY, 'must be a day at most');
const callPoints = z
  .int('must be a whole number')
  .min(DEAREST_CALL, `must be ${DEAREST_CALL} or more, which is what one destructive call costs`);
const failurePoints = z.int('must be a whole number').min(1, 'must be 1 or more');

/** Scopes of ours in full, which covers both spellings in tokens, or any other scope that the issuer hands out. */
const scope = z
  .string()
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be a scope')
  .refine(
    (value) =>
      !/^(environment|organization|workspace|env|org|wks):/.test(value) || SCOPES.some((ours) => ours === value),
    `must be one of ${SCOPES.join(', ')}, or a scope that is not this server’s`,
  );

const tier = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be a short name in lower case'),
    clients: z.array(z.string().trim().min(1, 'must not be blank')).default([]),
    scopes: z.array(scope).default([]),
    points: callPoints,
    seconds,
  })
  .refine(({ clients, scopes }) => clients.length + scopes.length > 0, 'must name clients or scopes');

/**
 * Everybody known gets the highest of the documented tiers, 1000 points in 15 minutes: more than an assistant at work
 * needs, which reads a few times a minute, and few enough to stop one that runs in circles. Lower tiers are for the
 * operator to decide, who knows the clients.
 */
const rateLimits = z.strictObject({
  default: z.strictObject({ points: callPoints, seconds }).default({ points: 1000, seconds: 900 }),
  tiers: z
    .array(tier)
    .refine((tiers) => new Set(tiers.map(({ name }) => name)).size === tiers.length, 'must have names of their own')
    .refine((tiers) => tiers.every(({ name }) => name !== 'default'), 'must not be called default')
    .default([]),
  failures: z.strictObject({ points: failurePoints, seconds }).default({ points: 100, seconds: 900 }),
});

/** `on`, `off` (undefined), or a document. */
const rateLimit = text.transform((value, context): RateLimits | undefined => {
  if (value === 'off') return undefined;
  const document = value === 'on' ? {} : jsonObject.safeParse(value).data;
  if (document === undefined) {
    context.addIssue({ code: 'custom', message: 'must be on, off or a JSON object of limits' });
    return z.NEVER;
  }
  const parsed = rateLimits.safeParse(document);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) {
    context.addIssue({ code: 'custom', message: path.length === 0 ? message : `${path.join('.')} ${message}` });
  }
  return z.NEVER;
});

/** Where Redis is. Settings in the query would override those that keep a lost Redis from holding up requests. */
const redisUrl = text.refine((value) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isRedis = url?.protocol === 'redis:' || url?.protocol === 'rediss:';
  return isRedis && url.hostname !== '' && url.search === '' && url.hash === '' && /^(\/\d*)?$/.test(url.pathname);
}, 'must be a URL such as rediss://user:password@redis.example.com:6379/0, without a query');

export const LIMIT_VARIABLES = {
  RATE_LIMIT: rateLimit.prefault('on'),
  REDIS_URL: redisUrl.optional(),
  TRUST_PROXY: numberIn(0, 10).default(0),
  MAX_CALLS: numberIn(1, 10_000).default(512),
  MAX_CALLS_PER_CALLER: wholeNumber.min(1, 'must be 1 or more').optional(),
} as const;

type Values = ValuesOf<typeof LIMIT_VARIABLES>;

/** The limits out of the variables, which have been checked one by one. */
export function readLimits(values: Values, problems: string[]): LimitsConfig {
  // Half, so that no caller alone can keep the others out.
  const callsPerCaller = values.MAX_CALLS_PER_CALLER ?? Math.ceil(values.MAX_CALLS / 2);
  if (callsPerCaller > values.MAX_CALLS) {
    problems.push(
      `MAX_CALLS_PER_CALLER: more than MAX_CALLS, which is ${values.MAX_CALLS}. Raise that, or lower this.`,
    );
  }
  return {
    rates: values.RATE_LIMIT,
    redisUrl: values.REDIS_URL,
    proxies: values.TRUST_PROXY,
    calls: values.MAX_CALLS,
    callsPerCaller,
  };
}
