import type { ToolError } from '../core/errors.ts';
import type { Tool } from '../core/tool.ts';
import { REDACTED } from '../release/known-secrets.ts';
import { secrecyOf } from '../release/secret-names.ts';
import { refusedAt } from './bounds.ts';

/** The mark of redaction in any case, and as a URI may spell it. */
const MARK = /(?:\[|%5b)redacted(?:\]|%5d)/i;
/** What people and programs show in place of a secret. */
const COVERED = /^[*•●x]+$/i;
/** How many of them an error repeats. */
const SHOWN_SIGNS = 8;

/**
 * Refuses to write back what stands where a secret was left out: the mark of redaction in any text or name of a member,
 * and a secret that consists of `*`, `•` or `x` alone. What was stored would be lost, and nobody would notice at once.
 * Arguments of what reads pass, and so do those that name something as results show it. Linear in their size.
 * @param args not nested deeper than `MAX_DEPTH`
 * @throws ToolError `invalid_arguments` that names the argument
 */
export function refuseMasked(
  args: Readonly<Record<string, unknown>>,
  { effect, namesAsShown = [] }: Pick<Tool, 'effect' | 'namesAsShown'>,
): void {
  if (effect === 'read') return;
  for (const [name, value] of Object.entries(args)) {
    if (!namesAsShown.includes(name) || isOnlyMark(value)) visitMember(name, value, false, []);
  }
}

/** Whether a text holds the mark of redaction. */
export function isMasked(text: string): boolean {
  return MARK.test(text);
}

/**
 * The error for an argument that holds what stands for a secret.
 * @param sign what stands for it
 */
export function maskedAt(path: readonly string[], sign = REDACTED): ToolError {
  const wayOut = 'Give the value itself, or leave this out where it may stay as it is.';
  return refusedAt(path, `${sign} stands where a secret was left out; it cannot be written back. ${wayOut}`);
}

/** @param path the names on the way to the value; changed during the visit */
function visit(value: unknown, isSecret: boolean, path: string[]): void {
  if (typeof value === 'string') refuseText(value, isSecret, path);
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) for (const [i, item] of value.entries()) visitMember(String(i), item, isSecret, path);
  else for (const [name, member] of Object.entries(value)) visitMember(name, member, isSecret, path);
}

function visitMember(name: string, value: unknown, isSecret: boolean, path: string[]): void {
  path.push(name);
  if (isMasked(name)) throw maskedAt(path);
  visit(value, isSecret || secrecyOf(name) !== 'public', path);
  path.pop();
}

function refuseText(text: string, isSecret: boolean, path: readonly string[]): void {
  if (isMasked(text)) throw maskedAt(path);
  const secret = text.trim();
  if (isSecret && COVERED.test(secret)) throw maskedAt(path, secret.slice(0, SHOWN_SIGNS));
}

function isOnlyMark(value: unknown): boolean {
  return typeof value === 'string' && value.trim().replace(MARK, '') === '';
}
