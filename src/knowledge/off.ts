import type { Documentation } from '../core/documentation.ts';
import { ToolError } from '../core/errors.ts';

/** Stands where the operator has switched the documentation off. */
export const NO_DOCUMENTATION: Documentation & { start(): void } = {
  staleSince: undefined,
  start: () => undefined,
  library: () =>
    Promise.reject(
      new ToolError('not_supported', 'The operator of this server has switched the documentation off (DOCS_URL).'),
    ),
};
