import type { Rules } from './model.ts';
import { type UnknownOption, WireMessage } from './wire.ts';

/** google.api.field_behavior and buf.validate.field, as options of a field. */
const FIELD_BEHAVIOR = 1052;
const VALIDATE = 1159;

const REQUIRED_BEHAVIOR = 2n;
const OUTPUT_ONLY_BEHAVIOR = 3n;

/** Numbers of the fields of buf.validate.FieldRules. */
const FIELD_RULES = { int32: 3, int64: 4, uint32: 5, text: 14, enum: 16, list: 18, map: 19, duration: 21 } as const;
const CEL = 23;
const REQUIRED = 25;

const KNOWN = new Set<number>([...Object.values(FIELD_RULES), CEL, REQUIRED]);

export interface FieldOptions {
  readonly required: boolean;
  readonly outputOnly: boolean;
  readonly rules: Rules;
}

/**
 * Reads what the options of a field say about its values.
 * @throws Error for a kind of rule that is not understood, so that none is overlooked when the package grows. Of the
 *   few rules in CEL only a plain pattern is taken over; nothing here evaluates the others.
 */
export function decodeFieldOptions(options: readonly UnknownOption[] | undefined, where: string): FieldOptions {
  const behaviors = WireMessage.ofOption(options, FIELD_BEHAVIOR);
  const [validate] = WireMessage.ofOption(options, VALIDATE);
  const rules = validate instanceof Uint8Array ? new WireMessage(validate) : undefined;
  return {
    required: behaviors.includes(REQUIRED_BEHAVIOR) || (rules?.flag(REQUIRED) ?? false),
    outputOnly: behaviors.includes(OUTPUT_ONLY_BEHAVIOR),
    rules: rules === undefined ? {} : decodeRules(rules, where),
  };
}

function decodeRules(rules: WireMessage, where: string): Rules {
  refuseOthers(rules, KNOWN, where);
  return {
    ...ofNumber(rules.message(FIELD_RULES.int32), where),
    ...ofNumber(rules.message(FIELD_RULES.int64), where),
    ...ofNumber(rules.message(FIELD_RULES.uint32), where),
    ...ofText(rules.message(FIELD_RULES.text), where),
    ...ofEnum(rules.message(FIELD_RULES.enum), where),
    ...ofList(rules.message(FIELD_RULES.list), where),
    ...ofMap(rules.message(FIELD_RULES.map), where),
    ...ofDuration(rules.message(FIELD_RULES.duration), where),
    ...ofCel(rules.message(CEL)),
  };
}

function ofText(rules: WireMessage | undefined, where: string): Rules {
  if (rules === undefined) return {};
  refuseOthers(rules, new Set([2, 3, 6, 7, 10, 12, 17]), where);
  const allowed = rules.texts(10);
  return present({
    minLen: rules.number(2),
    maxLen: rules.number(3),
    pattern: rules.text(6),
    prefix: rules.text(7),
    in: allowed.length > 0 ? allowed : undefined,
    email: rules.flag(12) || undefined,
    uri: rules.flag(17) || undefined,
  });
}

function ofNumber(rules: WireMessage | undefined, where: string): Rules {
  if (rules === undefined) return {};
  refuseOthers(rules, new Set([2, 3, 4, 5]), where);
  return present({ lt: rules.number(2), lte: rules.number(3), gt: rules.number(4), gte: rules.number(5) });
}

/** Number 2 wants a defined value. Values go by name here, and a name is one or it is not. */
function ofEnum(rules: WireMessage | undefined, where: string): Rules {
  if (rules === undefined) return {};
  refuseOthers(rules, new Set([2, 4]), where);
  const refused = rules.numbersOf(4);
  return present({ notIn: refused.length > 0 ? refused : undefined });
}

function ofList(rules: WireMessage | undefined, where: string): Rules {
  if (rules === undefined) return {};
  refuseOthers(rules, new Set([1, 2, 3, 4]), where);
  const items = rules.message(4);
  return present({
    minItems: rules.number(1),
    maxItems: rules.number(2),
    unique: rules.flag(3) || undefined,
    items: items === undefined ? undefined : decodeRules(items, where),
  });
}

function ofMap(rules: WireMessage | undefined, where: string): Rules {
  if (rules === undefined) return {};
  refuseOthers(rules, new Set([2, 4, 5]), where);
  const [keys, values] = [rules.message(4), rules.message(5)];
  return present({
    maxPairs: rules.number(2),
    keys: keys === undefined ? undefined : decodeRules(keys, where),
    values: values === undefined ? undefined : decodeRules(values, where),
  });
}

function ofDuration(rules: WireMessage | undefined, where: string): Rules {
  if (rules === undefined) return {};
  refuseOthers(rules, new Set([4, 6]), where);
  return present({ lte: rules.message(4)?.number(1), gte: rules.message(6)?.number(1) });
}

function ofCel(rule: WireMessage | undefined): Rules {
  const [, pattern] = /^this\.matches\('(.*)'\)$/.exec(rule?.text(3) ?? '') ?? [];
  return present({ pattern });
}

function refuseOthers(rules: WireMessage, known: ReadonlySet<number>, where: string): void {
  const unknown = rules.numbers.find((no) => !known.has(no));
  if (unknown !== undefined) throw new Error(`${where} has a rule that is not understood, number ${unknown}`);
}

/** Leaves out what is undefined. */
function present(rules: { readonly [Name in keyof Rules]: Rules[Name] | undefined }): Rules {
  return Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined));
}
