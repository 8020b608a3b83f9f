import { z } from 'zod';
import { ConfigurationError } from './error.ts';
import { list, type ValuesOf } from './values.ts';

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
  READ_ONLY: z.enum(['on', 'off']).default('off'),
  PRODUCTION_WRITES: z.enum(['allow', 'confirm', 'deny']).default('allow'),
} as const;

type Values = ValuesOf<typeof SURFACE_VARIABLES>;

/** Reads what is offered from the variables, each of which its own schema has checked. */
export function readSurface(values: Values): SurfaceConfig {
  const { TOOLSETS: toolsets, TOOLS: tools, READ_ONLY: readOnly, PRODUCTION_WRITES: productionWrites } = values;
  return { toolsets, tools, readOnly: readOnly === 'on', productionWrites };
}

/** Names as they may be written. */
interface Names {
  readonly toolsets: ReadonlySet<string>;
  readonly tools: ReadonlySet<string>;
}

/**
 * The names that the operator offers, in the form that `narrow` reads; undefined for everything.
 * @param known the names of the catalogue
 * @throws ConfigurationError for names that it does not have
 */
export function readOffered({ toolsets, tools }: SurfaceConfig, known: Names) {
  const problems = [
    ...unknownIn('TOOLSETS', toolsets, known.toolsets),
    ...unknownIn('TOOLS', tools, known.tools).map((line) => `${line} docs/tools.md has them all.`),
  ];
  if (problems.length > 0) throw new ConfigurationError(problems);
  if ((toolsets === undefined && tools === undefined) || toolsets?.includes('all') === true) return undefined;
  return { toolsets: toolsets ?? [], tools: tools ?? [] };
}

function unknownIn(variable: string, names: readonly string[] = [], known: ReadonlySet<string>): string[] {
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length === 0) return [];
  const there = variable === 'TOOLSETS' ? ` There are ${[...known].join(', ')}.` : '';
  return [
    `${variable}: nothing is called ${unknown.map((name) => JSON.stringify(name.slice(0, 64))).join(', ')}.${there}`,
  ];
}
