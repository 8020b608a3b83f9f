import { z } from 'zod';
import { text, type ValuesOf, wholeNumber } from './values.ts';

// The form of the audit ledger's settings. As everywhere in the configuration, complaints never quote a value.

/** Where the audit ledger goes, and what does not happen without it. */
export interface AuditConfig {
  readonly to: 'stderr' | 'off' | { readonly file: string };
  /** Calls that must be on record before they run. */
  readonly required: 'destructive' | 'all' | 'none';
  /** A file that would grow beyond this is set aside. */
  readonly maxBytes: number;
  /** How many files that were set aside are kept. */
  readonly keep: number;
}

export const AUDIT_VARIABLES = {
  AUDIT_LOG: text.default('stderr'),
  AUDIT_REQUIRED: z.enum(['destructive', 'all', 'none']).optional(),
  AUDIT_FILE_BYTES: wholeNumber.min(10_000, 'must be 10000 or more').default(50_000_000),
  AUDIT_FILES_KEPT: wholeNumber.min(1, 'must be 1 or more').default(20),
} as const;

type Values = ValuesOf<typeof AUDIT_VARIABLES>;

/** The ledger's settings out of the variables, which have been checked one by one. */
export function readAudit(values: Values, problems: string[]): AuditConfig {
  const { AUDIT_LOG: to, AUDIT_REQUIRED: required = 'destructive' } = values;
  if (to === 'off' && values.AUDIT_REQUIRED !== undefined && required !== 'none') {
    problems.push(
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
