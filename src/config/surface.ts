import { ConfigurationError } from './error.ts';
import type { Problems } from './problems.ts';
import { list, oneOf, type ValuesOf } from './values.ts';

/** What the operator offers at all. No request can ask for more. */
export interface SurfaceConfig {
  /** Names of toolsets; undefined for all. */
  readonly toolsets: readonly string[] | undefined;
  /** Names of tools, in addition to those of the toolsets. */
  readonly tools: readonly string[] | undefined;
  /** Whether nothing that changes anything is offered. */
  readonly readOnly: boolean;
  /** What happens to calls that change something in a production environment. */
  readonly productionWrites: 'allow' | 'confirm' | 'deny';
}

export const SURFACE_VARIABLES = {
  TOOLSETS: list.optional(),
  TOOLS: list.optional(),
  READ_ONLY: oneOf('on', 'off').default('off'),
  PRODUCTION_WRITES: oneOf('allow', 'confirm', 'deny').default('allow'),
} as const;

type Values = ValuesOf<typeof SURFACE_VARIABLES>;

/** Names as they may be written. */
export interface Names {
  readonly toolsets: ReadonlySet<string>;
  readonly tools: ReadonlySet<string>;
  /** Those of the tools that change something. */
  readonly changing?: ReadonlySet<string>;
}

/**
 * Reads what is offered from the variables, each of which its own schema has checked.
 * @param warnings gets a line for a setting that another leaves without effect
 * @param known the names of the catalogue, where they are to be checked with the other variables
 */
export function readSurface(
  values: Values,
  problems: Problems,
  warnings: string[],
  known: Names | undefined,
): SurfaceConfig {
  const { TOOLSETS: toolsets, TOOLS: tools, READ_ONLY: readOnly, PRODUCTION_WRITES: productionWrites } = values;
  if (known !== undefined)
    for (const { variable, why } of unknownNames({ toolsets, tools }, known)) problems.of(variable, why);
  if (readOnly === 'on' && productionWrites !== 'allow') {
    warnings.push('PRODUCTION_WRITES: without effect, because READ_ONLY is on: nothing is changed anywhere.');
  }
  const hidden = readOnly === 'on' ? (tools ?? []).filter((name) => known?.changing?.has(name)) : [];
  if (hidden.length > 0) {
    warnings.push(`TOOLS: ${hidden.join(', ')} change something, and are not there, because READ_ONLY is on.`);
  }
  return { toolsets, tools, readOnly: readOnly === 'on', productionWrites };
}

/**
 * The names that the operator offers, in the form that `narrow` reads; undefined for everything.
 * @param known the names of the catalogue
 * @throws ConfigurationError for names that it does not have
 */
export function readOffered({ toolsets, tools }: SurfaceConfig, known: Names) {
  const problems = unknownNames({ toolsets, tools }, known).map(({ variable, why }) => `${variable}: ${why}`);
  if (problems.length > 0) throw new ConfigurationError(problems);
  if ((toolsets === undefined && tools === undefined) || toolsets?.includes('all') === true) return undefined;
  return { toolsets: toolsets ?? [], tools: tools ?? [] };
}

/** What is wrong with the names that the operator has written. */
function unknownNames({ toolsets, tools }: Pick<SurfaceConfig, 'toolsets' | 'tools'>, known: Names) {
  const there = `There are ${[...known.toolsets].join(', ')}.`;
  return [
    ...unknownIn('TOOLSETS', toolsets, known.toolsets, there),
    ...unknownIn('TOOLS', tools, known.tools, 'docs/tools.md has them all.'),
  ];
}

function unknownIn(
  variable: 'TOOLSETS' | 'TOOLS',
  names: readonly string[] = [],
  known: ReadonlySet<string>,
  there: string,
): { readonly variable: string; readonly why: string }[] {
  const unknown = names.filter((name) => !known.has(name)).map((name) => JSON.stringify(name.slice(0, 64)));
  return unknown.length === 0 ? [] : [{ variable, why: `nothing is called ${unknown.join(', ')}. ${there}` }];
}
