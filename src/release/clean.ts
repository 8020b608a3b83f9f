import { withoutInvisible } from '../core/invisible.ts';
import { isObject, type JsonObject, MAX_DEPTH } from '../core/json.ts';
import { withoutShapesButAddress } from './addresses.ts';
import { BEYOND_PLAIN, charactersOf } from './characters.ts';
import { isEntryValue, isSecretEntry, isSecretPair, type SecretPair } from './entries.ts';
import { KnownSecrets, REDACTED } from './known-secrets.ts';
import { isManifestData, isSecretManifest } from './manifests.ts';
import { beginningOf, CUT_OFF, Ration } from './ration.ts';
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
 * it is a secret unless it is an object, for whose members their names decide, but for those that hold a value.
 * `arguments`: its members are schemas of arguments. `schema`: it is the schema of a secret, which may hold one.
 */
type Sensitivity = 'plain' | 'secret' | 'list' | 'arguments' | 'schema';

/** Converts dotted paths of members to the form that `Cleaner` uses. */
export function exempting(paths: readonly string[]): Exempt {
  const names = new Map(paths.map((path) => path.split('.')[0] ?? '').map((name) => [name, [] as string[]]));
  for (const path of paths) {
    const [name = '', ...rest] = path.split('.');
    if (rest.length > 0) names.get(name)?.push(rest.join('.'));
  }
  return new Map([...names].map(([name, rest]) => [name, rest.length === 0 ? 'exempt' : exempting(rest)]));
}

/** A list and what stands beside it, cleaned. */
export interface CleanList {
  readonly data: JsonObject;
  /** Whether entries at its end are left out. */
  readonly isCut: boolean;
}

/**
 * Cleans everything that is sent out for one request: removes invisible characters, and redacts secrets by name, by
 * shape and by value. Strings stay strings, so that a result still fits its schema. Values are cleaned as far as they
 * are kept: what is behind the ration is not looked at, and left out.
 */
export class Cleaner {
  readonly #secrets: KnownSecrets;
  readonly #credentials: KnownSecrets | undefined;
  readonly #ration: Ration;

  /**
   * @param secrets the known secrets of this request that its caller has chosen
   * @param credentials those that an issuer has chosen, such as the caller's token
   * @param room how many characters of texts and names its values may hold, in all
   * @param longest how many characters of each text in them are kept
   */
  constructor(
    secrets: Iterable<string> | KnownSecrets,
    credentials?: KnownSecrets,
    room = Number.POSITIVE_INFINITY,
    longest = Number.POSITIVE_INFINITY,
  ) {
    this.#secrets = secrets instanceof KnownSecrets ? secrets : new KnownSecrets(secrets);
    this.#credentials = credentials;
    this.#ration = new Ration(room, longest);
  }

  /** A cleaner with the same secrets and a room of its own, which keeps the beginnings of texts alone. */
  inBrief(longest: number, room: number): Cleaner {
    return new Cleaner(this.#secrets, this.#credentials, room, longest);
  }

  /** Whether something was left out of the values. */
  get isCut(): boolean {
    return this.#ration.isSpent;
  }

  /** A cleaned text; only its beginning if it is longer than that. */
  text(text: string, longest = Number.POSITIVE_INFINITY): string {
    return text.length > longest ? beginningOf(text, longest, this.#text) : this.#text(text);
  }

  /** A cleaned JSON value; the same object if there was nothing to clean. */
  value<T>(value: T, exempt?: Exempt): T {
    return this.#walk(value, 'plain', exempt, 0) as T;
  }

  /**
   * A cleaned object whose members `lists` hold the entries of one list. What does not fit is left out between two of its
   * entries, of which it keeps at least one.
   */
  list(data: JsonObject, lists: readonly string[], exempt?: Exempt): CleanList {
    const all: Record<string, unknown> = { ...data };
    const found = lists.filter((name) => Array.isArray(data[name]));
    for (const name of found) all[name] = [];
    const clean: Record<string, unknown> = { ...this.value(all, exempt) };
    let count = 0;
    let isCut = false;
    for (const name of found) {
      const entries = data[name] as readonly unknown[];
      const kept = count > 0 && this.isCut ? [] : this.#member(name, entries, exempt);
      clean[name] = kept;
      count += kept.length;
      isCut ||= kept.length < entries.length;
    }
    return { data: clean as JsonObject, isCut };
  }

  #member(name: string, entries: readonly unknown[], exempt: Exempt | undefined): readonly unknown[] {
    const { text, secrecy } = known(name);
    return this.#array(entries, sensitivityOf(text, secrecy, entries, 'plain'), exemptIn(exempt, name), 1);
  }

  readonly #text = (text: string): string => {
    const characters = charactersOf(text);
    const visible = (characters & BEYOND_PLAIN) === 0 ? text : withoutInvisible(text);
    const clean = this.#withoutKnown(visible, characters);
    return withoutShapesButAddress(clean, clean === visible ? characters : charactersOf(clean));
  };

  readonly #opaque = (text: string): string => this.#withoutKnown(withoutInvisible(text), charactersOf(text));

  /** @param characters those of the text, or more */
  #withoutKnown(text: string, characters: number): string {
    const clean = this.#credentials === undefined ? text : this.#credentials.redact(text, characters);
    return this.#secrets.redact(clean, clean === text ? characters : charactersOf(clean));
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
    if (exempt === 'exempt') return this.#ration.fitAlone(text, this.#opaque);
    if (isSensitive(sensitivity)) return text === '' ? text : REDACTED;
    return this.#ration.fit(text, this.#text);
  }

  #array(
    array: readonly unknown[],
    sensitivity: Sensitivity,
    exempt: Exempt | undefined,
    depth: number,
  ): readonly unknown[] {
    let copy: unknown[] | undefined;
    for (let i = 0; i < array.length; i++) {
      this.#ration.take(1);
      const entry = array[i];
      const cleaned = isSecretPair(entry)
        ? this.#pair(entry, sensitivity, exempt, depth + 1)
        : this.#walk(entry, sensitivity, exempt, depth + 1);
      // An empty array would say that there is nothing.
      if (i > 0 && this.#ration.isSpent) return (copy ?? array).slice(0, i);
      if (copy === undefined && cleaned !== entry) copy = array.slice(0, i);
      copy?.push(cleaned);
    }
    return copy ?? array;
  }

  #pair([name, value]: SecretPair, sensitivity: Sensitivity, exempt: Exempt | undefined, depth: number): unknown {
    return [this.#walk(name, sensitivity, exempt, depth), this.#walk(value, 'secret', exempt, depth)];
  }

  #object(
    object: Record<string, unknown>,
    sensitivity: Sensitivity,
    exempt: Exempt | undefined,
    depth: number,
  ): unknown {
    const names = Object.keys(object);
    const isHidden = secretMembersOf(object);
    let copy: Copy | undefined;
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string;
      if (this.#ration.isBeyond()) {
        copy ??= new Copy(object, names, i);
        copy.add(CUT_OFF, CUT_OFF);
        break;
      }
      const { text, characters, secrecy } = this.#name(name, isHidden);
      const cleanName = this.#withoutKnown(text, characters);
      const value = object[name];
      const inner = sensitivityOf(text, secrecy, value, sensitivity);
      const cleaned = this.#walk(value, inner, exemptIn(exempt, name), depth + 1);
      if (copy === undefined && (cleaned !== value || cleanName !== name)) copy = new Copy(object, names, i);
      if (cleanName === name) copy?.keep(name, cleaned);
      else copy?.add(cleanName, cleaned);
    }
    return copy === undefined ? object : copy.object();
  }

  /**
   * Short names are kept whole, because schemas require them. What stands behind a name that is cut is hidden.
   * @param isHidden whether it is the name of a secret because of what stands beside it
   */
  #name(name: string, isHidden: (name: string) => boolean): KnownName {
    if (name.length <= LONGEST_KNOWN) {
      this.#ration.take(name.length);
      return isHidden(name) ? { ...known(name), secrecy: 'secret' } : known(name);
    }
    const text = this.#ration.fit(name, this.#text);
    return { text, characters: charactersOf(text), secrecy: this.isCut ? 'secret' : secrecyOf(text) };
  }
}

/**
 * Which members of an object are secrets by what stands beside them: those of a private key, the value of an entry, and
 * the data of a manifest.
 */
function secretMembersOf(object: Readonly<Record<string, unknown>>): (name: string) => boolean {
  if (typeof object['kty'] === 'string') return isPrivateKeyMember;
  if (isSecretManifest(object)) return isManifestData;
  return isSecretEntry(object) ? isEntryValue : isNone;
}

const isNone = () => false;

/** A copy of an object whose members are replaced or renamed. */
class Copy {
  readonly #original: Record<string, unknown>;
  readonly #members: Map<string, unknown>;
  /** With which number to go on, for each name that several members have after cleaning. */
  readonly #next = new Map<string, number>();

  /** @param count so many members are the same */
  constructor(original: Record<string, unknown>, names: readonly string[], count: number) {
    this.#original = original;
    this.#members = new Map(names.slice(0, count).map((name) => [name, original[name]]));
  }

  /** A member with the name that it has in the original. */
  keep(name: string, value: unknown): void {
    this.#members.set(name, value);
  }

  /** A member with another name, which is made unique: cleaning two names may give the same text. */
  add(name: string, value: unknown): void {
    let candidate = name;
    let n = this.#next.get(name) ?? 2;
    while (this.#members.has(candidate) || Object.hasOwn(this.#original, candidate)) candidate = `${name} (${n++})`;
    this.#next.set(name, n);
    this.#members.set(candidate, value);
  }

  object(): Record<string, unknown> {
    // Unlike an assignment, this creates members of any name, also `__proto__`.
    return Object.fromEntries(this.#members);
  }
}

/** The exemptions below a member. */
function exemptIn(exempt: Exempt | undefined, name: string): Exempt | undefined {
  return typeof exempt === 'object' ? exempt.get(name) : exempt;
}

function isSensitive(sensitivity: Sensitivity): boolean {
  return sensitivity === 'secret' || sensitivity === 'list';
}

/** The sensitivity of a member, by its name and by the sensitivity of its parent. */
function sensitivityOf(name: string, secrecy: Secrecy, value: unknown, parent: Sensitivity): Sensitivity {
  if (parent === 'secret' || (parent === 'list' && VALUES.has(name)) || (parent === 'schema' && SAMPLES.has(name))) {
    return 'secret';
  }
  // Under such a name an object maps names to secrets, or else says something about them: its lists do that.
  if (secrecy === 'secrets') return isMapOfTexts(value) ? 'secret' : 'list';
  if (secrecy === 'secret') return parent === 'arguments' && isSchema(value) ? 'schema' : 'secret';
  return name === 'properties' ? 'arguments' : 'plain';
}

/** Whether a value is an object of texts alone, none of which is called the id of the whole: `secrets: { db: '…' }`. */
function isMapOfTexts(value: unknown): boolean {
  if (!isObject(value) || Array.isArray(value) || Object.hasOwn(value, 'id')) return false;
  const members = Object.values(value);
  return members.length > 0 && members.every((member) => typeof member === 'string');
}

/** Members that hold the secret in an entry of a list of secrets. */
const VALUES: ReadonlySet<string> = new Set([
  ...['value', 'Value', 'val', 'data', 'plain', 'plaintext', 'plain_text', 'content', 'text', 'raw'],
]);
/** Members that hold values in the schema of one. */
const SAMPLES: ReadonlySet<string> = new Set([
  'default',
  'const',
  'enum',
  'example',
  'examples',
  'value',
  'defaultValue',
]);
const TYPES: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']);

/** Whether a value looks like a JSON Schema. The schema of an argument called `password` is not a secret. */
function isSchema(value: unknown): boolean {
  if (!isObject(value)) return false;
  if (['$ref', 'anyOf', 'oneOf'].some((keyword) => Object.hasOwn(value, keyword))) return true;
  return [value['type']].flat().every((type) => TYPES.has(type));
}

/**
 * How many names are cached. Names may come from anyone, so the cache is bounded; when it is full, it is emptied. An
 * LRU cache takes 25 ns longer for each member of each answer, which would make cleaning a fifth slower.
 */
const MAX_KNOWN = 5_000;
const LONGEST_KNOWN = 64;

interface KnownName {
  readonly text: string;
  /** Those of the text. */
  readonly characters: number;
  readonly secrecy: Secrecy;
}

/** The cleaned text and the secrecy of names. Nearly all results have the same few dozen names. */
const knownNames = new Map<string, KnownName>();

function known(name: string): KnownName {
  const cached = knownNames.get(name);
  if (cached !== undefined) return cached;
  const text = withoutShapes(withoutInvisible(name));
  const found = { text, characters: charactersOf(text), secrecy: secrecyOf(text) };
  if (knownNames.size >= MAX_KNOWN) knownNames.clear();
  knownNames.set(name, found);
  return found;
}
