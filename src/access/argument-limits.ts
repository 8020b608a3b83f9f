/**
 * The longest text of an argument that has no limit of its own, in characters. Long enough for every text that the API
 * is known to take, page tokens of this server included; short enough that no check of it takes noticeable time.
 */
export const LONGEST_TEXT = 8_192;

/**
 * The most entries of a list, or members of an object, that has no larger limit of its own. A schema makes an issue of
 * each wrong one, which takes much longer than reading it.
 */
export const MOST_ENTRIES = 100;

/** How long the texts in an argument may be, in characters, and how many entries it may have; the same for what it holds. */
export interface ArgumentLimits {
  /** What the schema says; otherwise `MOST_ENTRIES`. */
  readonly entries: number;
  /** What the schema says; otherwise `LONGEST_TEXT`. */
  readonly longest: number;
  readonly members: ReadonlyMap<string, ArgumentLimits>;
  /** The limits of entries of a list, or of members of any name. */
  readonly others: ArgumentLimits | undefined;
}

/** The limits where a schema says nothing. */
export const NO_OWN_LIMITS: ArgumentLimits = Object.freeze({
  entries: MOST_ENTRIES,
  longest: LONGEST_TEXT,
  members: new Map<string, ArgumentLimits>(),
  others: undefined,
});

type JsonSchema = Readonly<Record<string, unknown>>;

/** The limits that a JSON Schema describes (`maxLength` and `maxItems`, at any depth). Computed once for each tool. */
export function argumentLimitsOf({
  maxLength,
  maxItems,
  properties,
  items,
  additionalProperties,
}: JsonSchema): ArgumentLimits {
  const others = schemaIn(items) ?? schemaIn(additionalProperties);
  const members = Object.entries(schemaIn(properties) ?? {}).flatMap(([name, member]) => {
    const schema = schemaIn(member);
    return schema === undefined ? [] : [[name, argumentLimitsOf(schema)] as const];
  });
  return Object.freeze({
    entries: typeof maxItems === 'number' ? maxItems : MOST_ENTRIES,
    longest: typeof maxLength === 'number' ? maxLength : LONGEST_TEXT,
    members: new Map(members),
    others: others && argumentLimitsOf(others),
  });
}

function schemaIn(value: unknown): JsonSchema | undefined {
  return typeof value === 'object' && value !== null ? (value as JsonSchema) : undefined;
}
