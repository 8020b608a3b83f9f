import { withoutInvisible } from '../core/invisible.ts';
import { isObject, MAX_DEPTH } from '../core/json.ts';
import { KnownSecrets, REDACTED } from './known-secrets.ts';
import { withoutShapes } from './redact.ts';
import { isPrivateKeyMember, type Secrecy, secrecyOf } from './secret-names.ts';

/*
 * A value is walked once. For each place in it two things are known: its sensitivity, and which members below are
 * exempt.
 *
 *   exempting(['client.plain_secret']), for a request that was made with the token `s3cr3t-of-mine`
 *
 *   { client: { plain_secret: 'test_4fA…' },       exempt: stays, although it is a secret by name and by shape
 *     note: 'made with s3cr3t-of-mine',            plain, but holds a secret of the request: 'made with [redacted]'
 *     api_key: 4711,                               secret by its name, numbers too: '[redacted]'
 *     secrets: ['a', { id: 'sec_1', secret: 'b'}], list: a string is a secret, an object is judged by its own members:
 *                                                  ['[redacted]', { id: 'sec_1', secret: '[redacted]' }]
 *     schema: { properties: {                      arguments: this schema describes a password; it is not one: stays
 *       password: { type: 'string' } } } }
 *
 * Objects and lists without anything to clean are not copied; tests/unit/release/clean.test.ts holds the example.
 */

/**
 * The members of a value that are not redacted by name or shape, as a tree of names (lists are passed through): secrets
 * that a tool exists to return, and opaque strings such as page tokens. Invisible characters and the known secrets of
 * the request are removed from them as well.
 */
export type Exempt = ReadonlyMap<string, Exempt> | 'exempt';

const TOO_DEEP = '[nested too deep]';

/**
 * How sensitive a value is because of its place. `plain`: not at all. `secret`: everything in it is a secret. `list`:
 * it is a secret unless it is an object, for whose members their names decide. `arguments`: its members are schemas of
 * arguments.
 */
type Sensitivity = 'plain' | 'secret' | 'list' | 'arguments';

/** Converts dotted paths of members to the form that `Cleaner` uses. */
export function exempting(paths: readonly string[]): Exempt {
  const names = new Map(paths.map((path) => path.split('.')[0] ?? '').map((name) => [name, [] as string[]]));
  for (const path of paths) {
    const [name = '', ...rest] = path.split('.');
    if (rest.length > 0) names.get(name)?.push(rest.join('.'));
  }
  return new Map([...names].map(([name, rest]) => [name, rest.length === 0 ? 'exempt' : exempting(rest)]));
}

/**
 * Cleans everything that is sent out for one request: removes invisible characters, and redacts secrets by name, by
 * shape and by value. Strings stay strings, so that a result still fits its schema.
 */
export class Cleaner {
  readonly #secrets: KnownSecrets;
  readonly #credentials: KnownSecrets | undefined;

  /**
   * @param secrets the known secrets of this request that its caller has chosen
   * @param credentials those that an issuer has chosen, such as the caller's token
   */
  constructor(secrets: Iterable<string>, credentials?: KnownSecrets) {
    this.#secrets = new KnownSecrets(secrets);
    this.#credentials = credentials;
  }

  /** A cleaned text. */
  text(text: string): string {
    return withoutShapes(this.#withoutKnown(withoutInvisible(text)));
  }

  #withoutKnown(text: string): string {
    return this.#secrets.redact(this.#credentials === undefined ? text : this.#credentials.redact(text));
  }

  /** A cleaned JSON value; the same object if there was nothing to clean. */
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
    if (exempt === 'exempt') return this.#withoutKnown(withoutInvisible(text));
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
    const isKey = typeof object['kty'] === 'string';
    let copy: Map<string, unknown> | undefined;
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string;
      const { text, secrecy: byName } = known(name);
      const secrecy = isKey && isPrivateKeyMember(name) ? 'secret' : byName;
      const cleanName = this.#withoutKnown(text);
      const value = object[name];
      const inner = typeof exempt === 'object' ? exempt.get(name) : exempt;
      const cleaned = this.#walk(value, sensitivityOf(text, secrecy, value, sensitivity), inner, depth + 1);
      if (copy === undefined && (cleaned !== value || cleanName !== name)) copy = firstMembers(object, names, i);
      copy?.set(cleanName === name ? name : unused(cleanName, object, copy), cleaned);
    }
    // Unlike an assignment, this creates members of any name, also `__proto__`.
    return copy === undefined ? object : Object.fromEntries(copy);
  }
}

function isSensitive(sensitivity: Sensitivity): boolean {
  return sensitivity === 'secret' || sensitivity === 'list';
}

/** The sensitivity of a member, by its name and by the sensitivity of its parent. */
function sensitivityOf(name: string, secrecy: Secrecy, value: unknown, parent: Sensitivity): Sensitivity {
  if (parent === 'secret') return 'secret';
  if (secrecy === 'secrets') return 'list';
  if (secrecy === 'secret') return parent === 'arguments' && isSchema(value) ? 'plain' : 'secret';
  return name === 'properties' ? 'arguments' : 'plain';
}

/** Whether a value looks like a JSON Schema. The schema of an argument called `password` is not a secret. */
function isSchema(value: unknown): boolean {
  return isObject(value) && ['type', '$ref', 'anyOf', 'oneOf'].some((keyword) => Object.hasOwn(value, keyword));
}

function firstMembers(object: Record<string, unknown>, names: readonly string[], count: number): Map<string, unknown> {
  return new Map(names.slice(0, count).map((name) => [name, object[name]]));
}

/** Makes a name unique in the object, because cleaning two names may give the same text. */
function unused(name: string, object: Record<string, unknown>, taken: ReadonlyMap<string, unknown>): string {
  let candidate = name;
  for (let n = 2; taken.has(candidate) || Object.hasOwn(object, candidate); n++) candidate = `${name} (${n})`;
  return candidate;
}

/**
 * How many names are cached. Names may come from anyone, so the cache is bounded; when it is full, it is emptied. An
 * LRU cache takes 25 ns longer for each member of each answer, which would make cleaning a fifth slower.
 */
const MAX_KNOWN = 5_000;
const LONGEST_KNOWN = 64;

/** The cleaned text and the secrecy of names. Nearly all results have the same few dozen names. */
const knownNames = new Map<string, { readonly text: string; readonly secrecy: Secrecy }>();

function known(name: string): { readonly text: string; readonly secrecy: Secrecy } {
  const cached = knownNames.get(name);
  if (cached !== undefined) return cached;
  const text = withoutShapes(withoutInvisible(name));
  const found = { text, secrecy: secrecyOf(text) };
  if (knownNames.size >= MAX_KNOWN) knownNames.clear();
  if (name.length <= LONGEST_KNOWN) knownNames.set(name, found);
  return found;
}
