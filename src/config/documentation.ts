import { originOrOff, text, type ValuesOf } from './values.ts';

/** The documentation that this server answers from. */
export interface DocumentationConfig {
  /** The site whose text files are read, as an origin. */
  readonly site: string;
  /** A folder that keeps a copy of them across restarts. Unset: none does. */
  readonly folder: string | undefined;
}

const PUBLIC_SITE = 'https://docs.scalekit.com';

export const DOCUMENTATION_VARIABLES = {
  DOCS_URL: originOrOff.default(PUBLIC_SITE),
  DOCS_CACHE_DIR: text.optional(),
} as const;

/**
 * Reads the settings from the variables.
 * @param values each checked by its own schema
 * @param warnings gets a line for a folder that nothing is kept in
 * @returns undefined where the documentation is switched off
 */
export function readDocumentation(
  { DOCS_URL: site, DOCS_CACHE_DIR: folder }: ValuesOf<typeof DOCUMENTATION_VARIABLES>,
  warnings: string[],
): DocumentationConfig | undefined {
  if (site !== 'off') return { site, folder };
  if (folder !== undefined) warnings.push('DOCS_CACHE_DIR: not used, because DOCS_URL is off.');
  return undefined;
}
