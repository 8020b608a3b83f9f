import { isObject } from './check-value.ts';
import type { Field, Rules, Type } from './model.ts';

/** The rules that the value of a set field breaks. The value is of the field's type. */
export function brokenRules(value: unknown, { shape, rules, type }: Field): string[] {
  if (shape === 'list') return brokenByList(value as readonly unknown[], rules);
  if (shape === 'map') return brokenByMap(value as object, rules);
  return brokenByOne(value, rules, type);
}

/** The rules that one value breaks: of a field, or of an entry of a list or map. */
export function brokenByOne(value: unknown, rules: Rules, type: Type): string[] {
  if (value === null || isObject(value)) return [];
  if (type.kind === 'enum') return brokenByEnum(String(value), rules, type.values);
  if (type.kind === 'google') {
    return type.google === 'Duration' ? brokenByNumber(Number.parseFloat(String(value)), rules) : [];
  }
  return typeof value === 'string' && type.kind === 'scalar' && type.scalar === 'string'
    ? brokenByText(value, rules)
    : brokenByNumber(Number(value), rules);
}

/** The rules that a string breaks. Lengths count characters, not UTF-16 units. */
export function brokenByText(value: string, rules: Rules): string[] {
  const length = [...value].length;
  const { minLen, maxLen, pattern, prefix, in: allowed } = rules;
  return reasons([
    [minLen !== undefined && length < minLen, `is shorter than ${minLen} characters`],
    [maxLen !== undefined && length > maxLen, `is longer than ${maxLen} characters`],
    [pattern !== undefined && !new RegExp(pattern, 'u').test(value), `does not match ${pattern}`],
    [prefix !== undefined && !value.startsWith(prefix), `does not start with ${prefix}`],
    [allowed !== undefined && !allowed.includes(value), `is none of ${allowed?.join(', ')}`],
    [rules.email === true && !/^[^\s@]+@[^\s@]+$/.test(value), 'is not an email address'],
    [rules.uri === true && !URL.canParse(value), 'is not a URI'],
  ]);
}

function brokenByNumber(value: number, { lt, lte, gt, gte }: Rules): string[] {
  return reasons([
    [lt !== undefined && value >= lt, `is not less than ${lt}`],
    [lte !== undefined && value > lte, `is greater than ${lte}`],
    [gt !== undefined && value <= gt, `is not greater than ${gt}`],
    [gte !== undefined && value < gte, `is less than ${gte}`],
  ]);
}

function brokenByEnum(value: string, { notIn }: Rules, values: ReadonlyMap<string, number>): string[] {
  return notIn?.includes(values.get(value) ?? 0) ? [`must not be ${value}`] : [];
}

function brokenByList(value: readonly unknown[], { minItems, maxItems, unique }: Rules): string[] {
  const distinct = new Set(value.map((item) => JSON.stringify(item))).size;
  return reasons([
    [minItems !== undefined && value.length < minItems, `has fewer than ${minItems} items`],
    [maxItems !== undefined && value.length > maxItems, `has more than ${maxItems} items`],
    [unique === true && distinct < value.length, 'has an item twice'],
  ]);
}

function brokenByMap(value: object, { maxPairs }: Rules): string[] {
  const tooMany = maxPairs !== undefined && Object.keys(value).length > maxPairs;
  return tooMany ? [`has more than ${maxPairs} entries`] : [];
}

function reasons(rules: readonly (readonly [broken: boolean, reason: string])[]): string[] {
  return rules.filter(([broken]) => broken).map(([, reason]) => reason);
}
