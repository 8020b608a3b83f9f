import { z } from 'zod';
import { meaningOf } from '../core/scope.ts';
import { ConfigurationError } from './error.ts';
import type { Problems } from './problems.ts';
import { jsonObject, list, type ValuesOf } from './values.ts';

/** What further scopes mean, and to whom refusals are told in results. */
export interface ScopesConfig {
  /** Further OAuth scopes, each with the scopes of this server that it grants. */
  readonly map: Readonly<Record<string, readonly string[]>>;
  /** The clients to which refusals of their calls are told in the result: see `inBandClients`. */
  readonly inBand: readonly string[];
}

/** The characters of a scope (RFC 6749 §3.3). */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
const Targets = z.union([z.string().transform((target) => [target]), z.array(z.string()).min(1)]);

/** A JSON object from further scopes to a scope of this server, or to a list of them. */
const scopeMap = jsonObject.transform((entries, context): Record<string, readonly string[]> => {
  const read = Object.entries(entries).map(([scope, targets]) => {
    const parsed = Targets.safeParse(targets).data ?? [];
    for (const message of problemsOf(scope, parsed)) context.addIssue({ code: 'custom', message });
    return [scope, parsed] as const;
  });
  return Object.fromEntries(read);
});

function problemsOf(scope: string, targets: readonly string[]): string[] {
  const name = JSON.stringify(scope.slice(0, 100));
  if (!SCOPE.test(scope)) return [`${name} is not a scope that a token could carry`];
  if (meaningOf(scope) !== undefined)
    return [`${name} is a scope of this server already, and can have no other meaning`];
  if (targets.length === 0) return [`${name} must stand for a scope of this server, or for a list of them`];
  return targets.some((target) => meaningOf(target) === undefined)
    ? [
        `${name} stands for something that is no scope of this server, such as organization:read, organization:* or mcp:tools:whoami`,
      ]
    : [];
}

export const SCOPE_VARIABLES = {
  SCOPE_MAP: scopeMap.prefault('{}'),
  STEP_UP_IN_BAND: list
    .refine((entries) => !entries.includes('name:'), 'holds a name: without the name of a client')
    .optional(),
} as const;

type Values = ValuesOf<typeof SCOPE_VARIABLES>;

/**
 * Reads the settings of scopes from the variables, each of which its own schema has checked.
 * @param tools the names of all tools, where those in the map are to be checked with the other variables
 */
export function readScopes(
  { SCOPE_MAP: map, STEP_UP_IN_BAND: inBand = [] }: Values,
  problems: Problems,
  tools: Iterable<string> | undefined,
): ScopesConfig {
  if (tools !== undefined) for (const why of unknownTools(map, tools)) problems.of('SCOPE_MAP', why);
  return { map, inBand };
}

/** Further OAuth scopes, and the scopes of this server that each grants. */
export type ScopeMap = ReadonlyMap<string, readonly string[]>;

/**
 * Converts the configured map to the form that `parseGrant` reads.
 * @param tools names of all tools
 * @throws ConfigurationError when the map names an unknown tool
 */
export function readScopeMap({ map }: ScopesConfig, tools: readonly string[]): ScopeMap {
  const problems = unknownTools(map, tools);
  if (problems.length === 0) return new Map(Object.entries(map));
  throw new ConfigurationError(problems.map((why) => `SCOPE_MAP: ${why}`));
}

function unknownTools(map: ScopesConfig['map'], tools: Iterable<string>): string[] {
  const known = new Set([...tools, '*', undefined]);
  return Object.values(map)
    .flat()
    .filter((target) => !known.has(meaningOf(target)?.tool))
    .map((target) => `there is no tool that ${target} could allow.`);
}
