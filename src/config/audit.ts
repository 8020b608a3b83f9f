import type { Problems } from './problems.ts';
import { numberIn, oneOf, text, type ValuesOf } from './values.ts';

// The settings of the audit ledger. As everywhere in the configuration, error messages never quote a value.

/** Where the audit ledger is written, and which calls must not run without it. */
export interface AuditConfig {
  readonly to: 'stderr' | 'off' | { readonly file: string };
  /** Which calls must be in the ledger before they run. */
  readonly required: 'destructive' | 'all' | 'none';
  /** The size in bytes at which the file is rotated. */
  readonly maxBytes: number;
  /** How many rotated files are kept. */
  readonly keep: number;
}

export const AUDIT_VARIABLES = {
  AUDIT_LOG: text.default('stderr'),
  AUDIT_REQUIRED: oneOf('destructive', 'all', 'none').optional(),
  AUDIT_FILE_BYTES: numberIn(10_000, undefined, 'bytes').default(50_000_000),
  AUDIT_FILES_KEPT: numberIn(1).default(20),
} as const;

type Values = ValuesOf<typeof AUDIT_VARIABLES>;

/**
 * Reads the settings of the ledger from the variables.
 * @param values each checked by its own schema
 * @param problems gets a line when calls require a ledger that is off
 */
export function readAudit(values: Values, problems: Problems): AuditConfig {
  const { AUDIT_LOG: to, AUDIT_REQUIRED: required = 'destructive' } = values;
  if (to === 'off' && values.AUDIT_REQUIRED !== undefined && required !== 'none') {
    problems.between(
      ['AUDIT_LOG', 'AUDIT_REQUIRED'],
      `AUDIT_REQUIRED: ${required} calls need a ledger, and AUDIT_LOG is off. Set AUDIT_LOG, or none here.`,
    );
  }
  return {
    to: to === 'stderr' || to === 'off' ? to : { file: to },
    required,
    maxBytes: values.AUDIT_FILE_BYTES,
    keep: values.AUDIT_FILES_KEPT,
  };
}
