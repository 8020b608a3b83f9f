import { z } from 'zod';
import { meaningOf } from '../core/scope.ts';
import { jsonObject, list } from './values.ts';

/** What scopes mean, and how their lack is told. */
export interface ScopesConfig {
  /** Further OAuth scopes, each with the scopes of this server that it stands for. */
  readonly map: Readonly<Record<string, readonly string[]>>;
  /** OAuth clients whom a result tells which scope they lack, instead of HTTP 403; `*` stands for all of them. */
  readonly inBand: readonly string[];
}

/** The characters of a scope (RFC 6749 §3.3). */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
const Targets = z.union([z.string().transform((target) => [target]), z.array(z.string()).min(1)]);

/** A JSON object: further scope → scope of this server, or a list of them. */
const scopeMap = jsonObject.transform((entries, context): Record<string, readonly string[]> => {
  const read = Object.entries(entries).map(([scope, targets]) => {
    const parsed = Targets.safeParse(targets).data ?? [];
    for (const message of complaints(scope, parsed)) context.addIssue({ code: 'custom', message });
    return [scope, parsed] as const;
  });
  return Object.fromEntries(read);
});

function complaints(scope: string, targets: readonly string[]): string[] {
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
  STEP_UP_IN_BAND: list.optional(),
} as const;

type Values = { readonly [N in keyof typeof SCOPE_VARIABLES]: z.output<(typeof SCOPE_VARIABLES)[N]> };

/** What the variables, which have been checked one by one, say of scopes. */
export function readScopes({ SCOPE_MAP: map, STEP_UP_IN_BAND: inBand = [] }: Values): ScopesConfig {
  return { map, inBand };
}
