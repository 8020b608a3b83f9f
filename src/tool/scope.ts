/**
 * The six scopes that guard this server, in their canonical spelling. Write does not imply read.
 * How tokens spell them (`env:read`, wildcards, per-tool scopes) is the business of `auth/scopes.ts`.
 */
export const SCOPES = [
  'environment:read',
  'environment:write',
  'organization:read',
  'organization:write',
  'workspace:read',
  'workspace:write',
] as const;

export type Scope = (typeof SCOPES)[number];
