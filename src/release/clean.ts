import { isObject, MAX_DEPTH } from '../core/json.ts';
import { withoutInvisible } from './invisible.ts';
import { KnownSecrets, REDACTED, withoutShapes } from './redact.ts';
import { type Secrecy, secrecyOf } from './secret-names.ts';

/*
 * A value is walked once, with two things in hand: how sensitive this place is, and what is exempt below it.
 *
 *   exempting(['client.plain_secret']), for a request that was made with the token `s3cr3t-of-mine`
 *
 *   { client: { plain_secret: 'test_4fA…' },       exempt: stays, although its name and its shape say secret
 *     note: 'made with s3cr3t-of-mine',            plain, but holds a secret of the request: 'made with [redacted]'
 *     api_key: 4711,                               secret by its name, numbers too: '[redacted]'
 *     secrets: ['a', { id: 'sec_1', secret: 'b'}], list: a string is a secret, an object speaks for itself:
 *                                                  ['[redacted]', { id: 'sec_1', secret: '[redacted]' }]
 *     schema: { properties: {                      arguments: a schema describes the password and is none: stays
 *       password: { type: 'string' } } } }
 *
 * Objects and lists without anything to clean are not copied; tests/unit/release/clean.test.ts holds the example.
 */

/**
 * Which members of a value may look like secrets, by name and through lists: those that a tool exists to hand out, and
 * opaque strings such as page tokens. Even they hold nothing invisible, and none of the secrets that made the request.
 */
export type Exempt = ReadonlyMap<string, Exempt> | 'exempt';

const TOO_DEEP = '[nested too deep]';

/**
 * How sensitive a value is because of where it stands: not at all (`plain`); it is a secret (`secret`); it is a secret
 * unless it is an object, whose own members then decide (`list`); its members are named after arguments (`arguments`).
 */
type Sensitivity = 'plain' | 'secret' | 'list' | 'arguments';

/** Puts dotted paths into the form in which `Cleaner` looks them up. */
export function exempting(paths: readonly string[]): Exempt {
  const names = new Map(paths.map((path) => path.split('.')[0] ?? '').map((name) => [name, [] as string[]]));
  for (const path of paths) {
    const [name = '', ...rest] = path.split('.');
    if (rest.length > 0) names.get(name)?.push(rest.join('.'));
  }
  return new Map([...names].map(([name, rest]) => [name, rest.length === 0 ? 'exempt' : exempting(rest)]));
}

/**
 * Cleans what leaves in one request: nothing invisible, no secrets by name, by shape or by value. Strings stay strings,
 * so that a result still fits its schema.
 */
export class Cleaner {
  readonly #secrets: KnownSecrets;

  /** @param secrets those that this request has seen */
  constructor(secrets: Iterable<string>) {
    this.#secrets = new KnownSecrets(secrets);
  }

  text(text: string): string {
    return withoutShapes(this.#secrets.redact(withoutInvisible(text)));
  }

  /** A JSON value, cleaned; itself where there was nothing to clean. */
  value<T>(value: T, exempt?: Exempt): T {
    return this.#walk(value, 'plain', exempt, 0) as T;
  }

  #walk(value: unknown, sensitivity: Sensitivity, exempt: Exempt | undefined, depth: number): unknown {
    if (typeof value === 'string') return this.#string(value, sensitivity, exempt);
    if (typeof value === 'number') return isSensitive(sensitivity) ? REDACTED : value;
    if (typeof value !== 'object' || value === null) return value;
    if (depth > MAX_DEPTH) return TOO_DEEP;
    return Array.isArray(value)
      ? this.#array(value, sensitivity, exempt, depth)
      : this.#object(value as Record<string, unknown>, sensitivity, exempt, depth);
  }

  #string(text: string, sensitivity: Sensitivity, exempt: Exempt | undefined): string {
    if (exempt === 'exempt') return this.#secrets.redact(withoutInvisible(text));
    if (isSensitive(sensitivity)) return text === '' ? text : REDACTED;
    return this.text(text);
  }

  #array(array: readonly unknown[], sensitivity: Sensitivity, exempt: Exempt | undefined, depth: number): unknown {
    let copy: unknown[] | undefined;
    for (let i = 0; i < array.length; i++) {
      const cleaned = this.#walk(array[i], sensitivity, exempt, depth + 1);
      if (copy === undefined && cleaned !== array[i]) copy = array.slice();
      if (copy !== undefined) copy[i] = cleaned;
    }
    return copy ?? array;
  }

  #object(
    object: Record<string, unknown>,
    sensitivity: Sensitivity,
    exempt: Exempt | undefined,
    depth: number,
  ): unknown {
    const names = Object.keys(object);
    let copy: Map<string, unknown> | undefined;
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string;
      const { text, secrecy } = known(name);
      const cleanName = this.#secrets.redact(text);
      const value = object[name];
      const inner = typeof exempt === 'object' ? exempt.get(name) : exempt;
      const cleaned = this.#walk(value, sensitivityOf(text, secrecy, value, sensitivity), inner, depth + 1);
      if (copy === undefined && (cleaned !== value || cleanName !== name)) copy = firstMembers(object, names, i);
      copy?.set(cleanName === name ? name : unused(cleanName, object, copy), cleaned);
    }
    // Unlike an assignment, this makes a member of whatever name, `__proto__` included.
    return copy === undefined ? object : Object.fromEntries(copy);
  }
}

function isSensitive(sensitivity: Sensitivity): boolean {
  return sensitivity === 'secret' || sensitivity === 'list';
}

/** The sensitivity of a member, by its name and by the sensitivity of the object that has it. */
function sensitivityOf(name: string, secrecy: Secrecy, value: unknown, parent: Sensitivity): Sensitivity {
  if (parent === 'secret') return 'secret';
  if (secrecy === 'secrets') return 'list';
  if (secrecy === 'secret') return parent === 'arguments' && isSchema(value) ? 'plain' : 'secret';
  return name === 'properties' ? 'arguments' : 'plain';
}

/** The JSON Schema of an argument that happens to be called `password` says how to call a tool, and is no secret. */
function isSchema(value: unknown): boolean {
  return isObject(value) && ['type', '$ref', 'anyOf', 'oneOf'].some((keyword) => Object.hasOwn(value, keyword));
}

function firstMembers(object: Record<string, unknown>, names: readonly string[], count: number): Map<string, unknown> {
  return new Map(names.slice(0, count).map((name) => [name, object[name]]));
}

/** A name that nothing else in the object has: cleaning must not make one member hide another. */
function unused(name: string, object: Record<string, unknown>, taken: ReadonlyMap<string, unknown>): string {
  let candidate = name;
  for (let n = 2; taken.has(candidate) || Object.hasOwn(object, candidate); n++) candidate = `${name} (${n})`;
  return candidate;
}

/**
 * Names come from anybody: what is remembered must not grow with them. With more, all are forgotten. A cache that keeps
 * those that were used last takes 25 ns longer for each member of each answer, which makes cleaning a fifth slower.
 */
const MAX_KNOWN = 5_000;
const LONGEST_KNOWN = 64;

/** What is known of names, since nearly all results have the same few dozen. */
const knownNames = new Map<string, { readonly text: string; readonly secrecy: Secrecy }>();

function known(name: string): { readonly text: string; readonly secrecy: Secrecy } {
  const remembered = knownNames.get(name);
  if (remembered !== undefined) return remembered;
  const text = withoutShapes(withoutInvisible(name));
  const judged = { text, secrecy: secrecyOf(text) };
  if (knownNames.size >= MAX_KNOWN) knownNames.clear();
  if (name.length <= LONGEST_KNOWN) knownNames.set(name, judged);
  return judged;
}
