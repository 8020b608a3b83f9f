import type { Violation } from './api-error.ts';
import { type Field, malformed } from './message.ts';

/** Rules of a string, in the API's terms. Lengths count characters, not UTF-16 units. */
export interface TextRules {
  readonly minLen?: number;
  readonly maxLen?: number;
  readonly prefix?: string;
  readonly pattern?: RegExp;
}

export interface MapRules {
  readonly maxPairs: number;
  readonly keys: TextRules;
  readonly values: TextRules;
}

/** A string; unset reads as "", and its rules hold for that too. */
export function text(rules: TextRules = {}): Field<string> {
  return {
    fromJson: (value, path) => (value === undefined || value === null ? '' : requireText(value, path)),
    fromText: (value) => value,
    check: (value, path) => checkText(value, rules, path),
  };
}

/** A string that the API declares optional: unset differs from "", and its rules hold only when it is set. */
export function optionalText(rules: TextRules = {}): Field<string | undefined> {
  return {
    fromJson: (value, path) => (value === undefined || value === null ? undefined : requireText(value, path)),
    fromText: (value) => value,
    check: (value, path) => (value === undefined ? [] : checkText(value, rules, path)),
  };
}

/** A map from strings to strings; unset reads as empty. */
export function textMap(rules: MapRules): Field<Readonly<Record<string, string>>> {
  return {
    fromJson(value, path) {
      if (value === undefined || value === null) return {};
      if (typeof value !== 'object' || Array.isArray(value)) throw malformed(path, 'an object', value);
      return Object.fromEntries(
        Object.entries(value).map(([key, entry]) => [key, requireText(entry, entryPath(path, key))]),
      );
    },
    fromText(value, path) {
      throw malformed(path, 'an object', value);
    },
    check: (value, path) => checkMap(value, rules, path),
  };
}

/** An enum by the names of its values, the first being the unset one. Numbers are accepted too, as protojson does. */
export function choice<const Name extends string>(names: readonly [Name, ...Name[]]): Field<Name> {
  const fromText = (value: string, path: string): Name => {
    const found = names.find((name) => name === value) ?? names[/^\d+$/.test(value) ? Number(value) : -1];
    if (found === undefined) throw malformed(path, `one of ${names.join(', ')}`, value);
    return found;
  };
  return {
    fromJson(value, path) {
      if (value === undefined || value === null) return names[0];
      if (typeof value !== 'string' && typeof value !== 'number') throw malformed(path, 'an enum value', value);
      return fromText(String(value), path);
    },
    fromText,
    check: () => [],
  };
}

/** An unsigned 32-bit number; unset reads as 0. */
export function count(rules: { readonly max?: number } = {}): Field<number> {
  const fromText = (value: string, path: string): number => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number > 0xffff_ffff) throw malformed(path, 'an unsigned 32-bit number', value);
    return number;
  };
  return {
    fromJson: (value, path) => (value === undefined || value === null ? 0 : fromText(String(value), path)),
    fromText,
    check(value, path) {
      if (rules.max === undefined || value <= rules.max) return [];
      const description = `value must be less than or equal to ${rules.max}`;
      return [{ field: path, description, constraint: 'uint32.lte' }];
    },
  };
}

function requireText(value: unknown, path: string): string {
  if (typeof value !== 'string') throw malformed(path, 'a string', value);
  return value;
}

function checkText(value: string, { minLen, maxLen, prefix, pattern }: TextRules, field: string): Violation[] {
  const length = [...value].length;
  const violations: Violation[] = [];
  const report = (constraint: string, description: string) => violations.push({ field, description, constraint });
  if (minLen !== undefined && length < minLen) {
    report('string.min_len', `value length must be at least ${minLen} characters`);
  }
  if (maxLen !== undefined && length > maxLen) {
    report('string.max_len', `value length must be at most ${maxLen} characters`);
  }
  if (prefix !== undefined && !value.startsWith(prefix)) {
    report('string.prefix', `value does not have prefix \`${prefix}\``);
  }
  if (pattern !== undefined && !pattern.test(value)) {
    report('string.pattern', `value does not match regex pattern \`${pattern.source}\``);
  }
  return violations;
}

function checkMap(value: Readonly<Record<string, string>>, rules: MapRules, field: string): Violation[] {
  const entries = Object.entries(value);
  const violations = entries.flatMap(([key, entry]) => [
    ...checkText(key, rules.keys, entryPath(field, key)),
    ...checkText(entry, rules.values, entryPath(field, key)),
  ]);
  if (entries.length > rules.maxPairs) {
    const description = `map must be at most ${rules.maxPairs} entries`;
    violations.unshift({ field, description, constraint: 'map.max_pairs' });
  }
  return violations;
}

function entryPath(path: string, key: string): string {
  return `${path}[${JSON.stringify(key)}]`;
}
