/**
 * The longest text of an argument that has no limit of its own, in characters. Long enough for every text that the API
 * is known to take, page tokens of this server included; short enough that no check of it takes noticeable time.
 */
export const LONGEST_TEXT = 8_192;

/** How long the texts in an argument may be, in characters, and those in what it holds. */
export interface TextLimits {
  /** What the schema says; otherwise `LONGEST_TEXT`. */
  readonly longest: number;
  readonly members: ReadonlyMap<string, TextLimits>;
  /** The limits of entries of a list, or of members of any name. */
  readonly others: TextLimits | undefined;
}

/** The limits where a schema says nothing. */
export const NO_OWN_LIMITS: TextLimits = Object.freeze({
  longest: LONGEST_TEXT,
  members: new Map<string, TextLimits>(),
  others: undefined,
});

type JsonSchema = Readonly<Record<string, unknown>>;

/** The limits of the texts that a JSON Schema describes (`maxLength`, at any depth). Computed once for each tool. */
export function textLimitsOf({ maxLength, properties, items, additionalProperties }: JsonSchema): TextLimits {
  const others = schemaIn(items) ?? schemaIn(additionalProperties);
  const members = Object.entries(schemaIn(properties) ?? {}).flatMap(([name, member]) => {
    const schema = schemaIn(member);
    return schema === undefined ? [] : [[name, textLimitsOf(schema)] as const];
  });
  return Object.freeze({
    longest: typeof maxLength === 'number' ? maxLength : LONGEST_TEXT,
    members: new Map(members),
    others: others && textLimitsOf(others),
  });
}

function schemaIn(value: unknown): JsonSchema | undefined {
  return typeof value === 'object' && value !== null ? (value as JsonSchema) : undefined;
}
