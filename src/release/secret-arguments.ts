import { ToolError } from '../core/errors.ts';
import { excessOf } from '../core/extent.ts';
import { MAX_DEPTH, parseJson } from '../core/json.ts';
import { SHORTEST_SECRET } from './known-secrets.ts';
import { secrecyOf } from './secret-names.ts';

/** The most secrets that a call may name. No tool takes nearly as many, and each is searched for in the whole result. */
const MAX_SECRETS = 100;
/** The most characters of JSON in the texts of a call, in all. They are parsed to find the secrets in them. */
const MAX_JSON = 65_536;

/**
 * The values of arguments whose names mean a secret, also inside an argument that is JSON text. What is too short to be
 * found elsewhere, or is a plain word, is left out: it is hidden where it stands, and is no secret elsewhere.
 * @param args as the schema has accepted them, because texts in them are parsed
 * @throws ToolError `invalid_arguments` when there are more than `MAX_SECRETS`, or more JSON than `MAX_JSON` characters
 */
export function secretArguments(args: Readonly<Record<string, unknown>>): readonly string[] {
  const search = { found: new Set<string>(), json: 0 };
  for (const [field, value] of Object.entries(args)) {
    collect(search, value, { field, isSecret: secrecyOf(field) !== 'public', depth: 1 });
  }
  return [...search.found];
}

interface Search {
  readonly found: Set<string>;
  /** How many characters of JSON were parsed. */
  json: number;
}

interface Place {
  readonly field: string;
  readonly isSecret: boolean;
  readonly depth: number;
}

function collect(search: Search, value: unknown, place: Place): void {
  if (place.depth > MAX_DEPTH) return;
  if (typeof value === 'string') {
    if (place.isSecret) add(search, value, place.field);
    else collectMembers(search, jsonIn(search, value, place.field), place);
  } else {
    collectMembers(search, value, place);
  }
}

function collectMembers(search: Search, value: unknown, { field, isSecret, depth }: Place): void {
  if (typeof value !== 'object' || value === null) return;
  const isList = Array.isArray(value);
  for (const [name, member] of Object.entries(value)) {
    const isNamed = !isList && secrecyOf(name) !== 'public';
    collect(search, member, { field, isSecret: isSecret || isNamed, depth: depth + 1 });
  }
}

function add({ found }: Search, value: string, field: string): void {
  if (couldBeSecret(value)) found.add(value);
  if (found.size > MAX_SECRETS) throw refused(field, `names more than ${MAX_SECRETS} secrets`);
}

function jsonIn(search: Search, text: string, field: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  search.json += text.length;
  if (search.json > MAX_JSON) throw refused(field, `holds more than ${MAX_JSON} characters of JSON text`);
  const excess = excessOf(text);
  if (excess !== undefined) throw refused(field, 'holds JSON text of too many values, or nested too deep');
  return parseJson(text);
}

/** Whether a value could be a secret where its name does not say so: not a short one, and not a plain word. */
function couldBeSecret(value: string): boolean {
  return value.trim().length >= SHORTEST_SECRET && !/^\p{L}{0,19}$/u.test(value.trim());
}

function refused(field: string, why: string): ToolError {
  return new ToolError('invalid_arguments', `Correct the arguments and call again. ${field}: ${why}`, { field });
}
