import type { ADMISSION_VARIABLES } from './admission.ts';
import type { RESOURCE_VARIABLES } from './resource.ts';
import type { ValuesOf } from './values.ts';

// Ids of Scalekit begin with what they stand for. One of another kind in a list is a slip that shows only when somebody
// is refused, or is let in.

type Values = ValuesOf<Pick<typeof RESOURCE_VARIABLES, 'EXPECTED_AUDIENCE'> & typeof ADMISSION_VARIABLES>;

interface Rule {
  readonly holds: string;
  /** What the ids of other kinds begin with. */
  readonly not: RegExp;
  readonly so: string;
}

const RULES: { readonly [Name in keyof Values]-?: Rule } = {
  ALLOWED_SUBJECTS: {
    holds: 'users and machine clients (the sub of their tokens, such as usr_…)',
    not: /^(org|env|res|app|wks|conn)_/,
    so: 'nobody is admitted by it',
  },
  ALLOWED_CLIENTS: {
    holds: 'OAuth clients (the client_id of their tokens, such as m2m_…)',
    not: /^(usr|org|env|res|wks|conn)_/,
    so: 'nobody is admitted by it',
  },
  ALLOWED_ORGANIZATIONS: {
    holds: 'organizations (the oid of their tokens, such as org_…)',
    not: /^(usr|m2m|skc|env|res|app|wks|conn)_/,
    so: 'nobody is admitted by it',
  },
  EXPECTED_AUDIENCE: {
    holds: 'the res_… id of this server, or its URLs',
    not: /^(skc|m2m|prd|usr|org|env|wks|conn)_/,
    so: 'tokens that were issued for something else, such as ID tokens for a client, could be taken for access tokens',
  },
};

/**
 * Warns of ids that are of another kind than their setting holds.
 * @param values each checked by its own schema
 * @param warnings gets a line for each such setting, with the beginning of the id and not the id
 */
export function warnOfWrongIds(values: Values, warnings: string[]): void {
  for (const [name, { holds, not, so }] of Object.entries(RULES)) {
    const kinds = new Set(values[name as keyof Values]?.flatMap((entry) => not.exec(entry)?.[1] ?? []));
    if (kinds.size === 0) continue;
    const found = [...kinds].map((kind) => `${kind}_…`).join(', ');
    warnings.push(
      `${name}: holds an id that begins with ${found}, and is for ${holds}. As it is, ${so}. Correct the id.`,
    );
  }
}
