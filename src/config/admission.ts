import type { Problems } from './problems.ts';
import { list, type ValuesOf } from './values.ts';

/**
 * Which callers this server serves, in either mode. Every list that is set must hold the caller's value; unset lists are
 * ignored.
 */
export interface Admission {
  readonly subjects: readonly string[] | undefined;
  readonly clients: readonly string[] | undefined;
  readonly organizations: readonly string[] | undefined;
}

/**
 * Ids, separated by commas. What no id has is a list in another form, or meant as a wildcard: it would admit nobody, and
 * nothing would say so until somebody is refused.
 */
const ids = list.refine(
  (entries) => entries.every((entry) => /^https:/.test(entry) || !/[\s*;"'`“”‘’[\]{}<>]/.test(entry)),
  'holds an entry that is no id: write whole ids, separated by commas, without quotation marks, brackets and wildcards',
);

export const ADMISSION_VARIABLES = {
  ALLOWED_SUBJECTS: ids.optional(),
  ALLOWED_CLIENTS: ids.optional(),
  ALLOWED_ORGANIZATIONS: ids.optional(),
} as const;

/** Without a port there are no callers to tell apart: whoever can start the process has its credentials. */
export const ADMITS_ALL: Admission = { subjects: undefined, clients: undefined, organizations: undefined };

type Values = ValuesOf<typeof ADMISSION_VARIABLES> & {
  readonly SCALEKIT_ENV_URL?: string | undefined;
  readonly SCALEKIT_API_URL?: string | undefined;
  readonly SCALEKIT_CLIENT_ID?: string | undefined;
};

/**
 * Reads which callers this server admits. In environment mode every caller acts with the permissions of this server's
 * own client, so the operator must set at least one list.
 * @param values each checked by its own schema
 * @param problems gets a line when no list is set in environment mode
 */
export function readAdmission(values: Values, problems: Problems): Admission {
  const admission = {
    subjects: values.ALLOWED_SUBJECTS,
    clients: values.ALLOWED_CLIENTS,
    organizations: values.ALLOWED_ORGANIZATIONS,
  };
  const isLive = values.SCALEKIT_ENV_URL !== undefined || problems.has('SCALEKIT_ENV_URL');
  const isEnvironmentMode = values.SCALEKIT_API_URL === undefined && values.SCALEKIT_CLIENT_ID !== undefined;
  if (isLive && isEnvironmentMode && Object.values(admission).every((allowed) => allowed === undefined)) {
    problems.between(
      ['SCALEKIT_API_URL', ...Object.keys(ADMISSION_VARIABLES)],
      'ALLOWED_SUBJECTS, ALLOWED_CLIENTS or ALLOWED_ORGANIZATIONS: at least one is required in environment mode, where every caller acts with the power of this server’s own client.',
    );
  }
  return admission;
}
