import { LRUCache } from 'lru-cache';
import { isObject, MAX_DEPTH } from '../core/json.ts';
import { withoutInvisible } from './invisible.ts';
import { KnownSecrets, REDACTED, withoutShapes } from './redact.ts';
import { type Verdict, verdictOn } from './secret-names.ts';

/**
 * Which members of a value may look like secrets, by name and through lists: those that a tool exists to hand out, and
 * opaque strings such as page tokens. Even they hold nothing invisible, and none of the secrets that made the request.
 */
export type Passing = ReadonlyMap<string, Passing> | 'passes';

const TOO_DEEP = '[nested too deep]';

/**
 * What is wrong with a value because of where it stands: nothing; it is a secret (`secret`); it is one unless it is an
 * object, which then speaks for itself (`list`); its members are named after arguments (`arguments`).
 */
type Place = 'plain' | 'secret' | 'list' | 'arguments';

/** Puts dotted paths into the form in which `Cleaner` looks them up. */
export function passing(paths: readonly string[]): Passing {
  const names = new Map(paths.map((path) => path.split('.')[0] ?? '').map((name) => [name, [] as string[]]));
  for (const path of paths) {
    const [name = '', ...rest] = path.split('.');
    if (rest.length > 0) names.get(name)?.push(rest.join('.'));
  }
  return new Map([...names].map(([name, rest]) => [name, rest.length === 0 ? 'passes' : passing(rest)]));
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
  value<T>(value: T, pass?: Passing): T {
    return this.#walk(value, 'plain', pass, 0) as T;
  }

  #walk(value: unknown, place: Place, pass: Passing | undefined, depth: number): unknown {
    if (typeof value === 'string') return this.#string(value, place, pass);
    if (typeof value === 'number') return isSecretPlace(place) ? REDACTED : value;
    if (typeof value !== 'object' || value === null) return value;
    if (depth > MAX_DEPTH) return TOO_DEEP;
    return Array.isArray(value)
      ? this.#array(value, place, pass, depth)
      : this.#object(value as Record<string, unknown>, place, pass, depth);
  }

  #string(text: string, place: Place, pass: Passing | undefined): string {
    if (pass === 'passes') return this.#secrets.redact(withoutInvisible(text));
    if (isSecretPlace(place)) return text === '' ? text : REDACTED;
    return this.text(text);
  }

  #array(array: readonly unknown[], place: Place, pass: Passing | undefined, depth: number): unknown {
    let copy: unknown[] | undefined;
    for (let i = 0; i < array.length; i++) {
      const cleaned = this.#walk(array[i], place, pass, depth + 1);
      if (copy === undefined && cleaned !== array[i]) copy = array.slice();
      if (copy !== undefined) copy[i] = cleaned;
    }
    return copy ?? array;
  }

  #object(object: Record<string, unknown>, place: Place, pass: Passing | undefined, depth: number): unknown {
    const names = Object.keys(object);
    let copy: Map<string, unknown> | undefined;
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string;
      const { text, verdict } = known(name);
      const cleanName = this.#secrets.redact(text);
      const value = object[name];
      const inner = typeof pass === 'object' ? pass.get(name) : pass;
      const cleaned = this.#walk(value, placeOf(text, verdict, value, place), inner, depth + 1);
      if (copy === undefined && (cleaned !== value || cleanName !== name)) copy = firstMembers(object, names, i);
      copy?.set(cleanName === name ? name : unused(cleanName, object, copy), cleaned);
    }
    // Unlike an assignment, this makes a member of whatever name, `__proto__` included.
    return copy === undefined ? object : Object.fromEntries(copy);
  }
}

function isSecretPlace(place: Place): boolean {
  return place === 'secret' || place === 'list';
}

/** The place of a member, by its name and by the place of the object that has it. */
function placeOf(name: string, verdict: Verdict, value: unknown, parent: Place): Place {
  if (parent === 'secret') return 'secret';
  if (verdict === 'secrets') return 'list';
  if (verdict === 'secret') return parent === 'arguments' && isSchema(value) ? 'plain' : 'secret';
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

/** Names come from anybody: what is remembered must not grow with them. */
const MAX_KNOWN = 5_000;
const LONGEST_KNOWN = 64;

/** What is known of names, since nearly all results have the same few dozen. */
const knownNames = new LRUCache<string, { readonly text: string; readonly verdict: Verdict }>({ max: MAX_KNOWN });

function known(name: string): { readonly text: string; readonly verdict: Verdict } {
  const remembered = knownNames.get(name);
  if (remembered !== undefined) return remembered;
  const text = withoutShapes(withoutInvisible(name));
  const judged = { text, verdict: verdictOn(text) };
  if (name.length <= LONGEST_KNOWN) knownNames.set(name, judged);
  return judged;
}
