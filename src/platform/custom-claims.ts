import { ToolError } from '../core/errors.ts';
import type { Asked } from './came-true.ts';
import { askedPairs, type Pairs, withPairs } from './pairs.ts';

type Claims = readonly { readonly key: string; readonly value?: string | null | undefined }[];

/** Claims as the API lists them. */
export function listOf(claims: Pairs | undefined): { key: string; value: string }[] | undefined {
  return claims && Object.entries(claims).map(([key, value]) => ({ key, value }));
}

/** Claims by their names. */
export function claimsOf(list: Claims | null | undefined): Pairs | undefined {
  return list ? Object.fromEntries(list.map(({ key, value }) => [key, value ?? ''])) : undefined;
}

/**
 * All claims as they are to be written, because the API replaces them as a whole: those that are there, with the changes.
 * An empty value takes its claim away.
 */
export function changedClaims(before: Claims | null | undefined, changes: Pairs | undefined) {
  return changes && listOf(withPairs(claimsOf(before), changes));
}

/**
 * The same where the API takes an empty list for one that is left out, so that the last claim stays.
 * @throws ToolError `invalid_arguments` for a call that would take away the last one
 */
export function changedButNotEmptied(before: Claims | null | undefined, changes: Pairs | undefined) {
  const claims = changedClaims(before, changes);
  if (claims?.length !== 0 || (before ?? []).length === 0) return claims;
  const message =
    'Scalekit takes no list of claims that is empty, so the last one stays: give it another value instead.';
  throw new ToolError('invalid_arguments', message, { field: 'customClaims' });
}

/** The claims that a call named beside what the API shows of them. */
export function askedClaims(changes: Pairs | undefined, shown: Claims | null | undefined): Asked {
  return askedPairs(changes, claimsOf(shown));
}
