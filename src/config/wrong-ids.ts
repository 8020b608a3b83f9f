import type { ADMISSION_VARIABLES } from './admission.ts';
import { givenWith } from './files.ts';
import type { RESOURCE_VARIABLES } from './resource.ts';
import type { SCALEKIT_VARIABLES } from './scalekit.ts';
import { isInQuotes, type ValuesOf } from './values.ts';

// Ids of Scalekit begin with what they stand for. One of another kind is a slip that shows only when somebody is refused,
// or is let in.

type Checked = Pick<typeof RESOURCE_VARIABLES, 'EXPECTED_AUDIENCE'> &
  typeof ADMISSION_VARIABLES &
  Pick<typeof SCALEKIT_VARIABLES, 'SCALEKIT_ENV_URL' | 'SCALEKIT_CLIENT_ID' | 'SCALEKIT_CLIENT_SECRET'>;
type Values = ValuesOf<Checked>;
type Environment = Readonly<Record<string, string | undefined>>;

interface Rule {
  readonly holds: string;
  /** What the ids of other kinds begin with. */
  readonly not: RegExp;
  readonly so: string;
}

const RULES: { readonly [Name in keyof Values]?: Rule } = {
  SCALEKIT_CLIENT_ID: {
    holds: 'the client of the environment (skc_…)',
    not: /^(usr|org|env|res|app|wks|conn|m2m)_/,
    so: 'Scalekit refuses it, and with it all calls',
  },
  SCALEKIT_CLIENT_SECRET: {
    holds: 'the secret of the client, not for its id',
    not: /^(usr|org|env|res|app|wks|conn|m2m|skc)_/,
    so: 'Scalekit refuses it, and with it all calls',
  },
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
export function warnOfWrongIds(env: Environment, values: Values, warnings: string[]): void {
  for (const [name, { holds, not, so }] of Object.entries(RULES)) {
    const entries = [values[name as keyof Values] ?? []].flat();
    const kinds = new Set(entries.flatMap((entry) => not.exec(entry)?.[1] ?? []));
    if (kinds.size === 0) continue;
    const found = [...kinds].map((kind) => `${kind}_…`).join(', ');
    warnings.push(
      `${givenWith(env, name)}: holds an id that begins with ${found}, and is for ${holds}. As it is, ${so}. Correct the id.`,
    );
  }
}

/**
 * Warns of values that were copied with something around them, or left as an example has them.
 * @param warnings gets a line for each kind, without the value
 */
export function warnOfCopiedValues(env: Environment, values: Values, warnings: string[]): void {
  for (const name of ['SCALEKIT_CLIENT_ID', 'SCALEKIT_CLIENT_SECRET'] as const) {
    const value = values[name];
    const given = givenWith(env, name);
    if (value !== undefined && isInQuotes(value)) {
      warnings.push(`${given}: has quotation marks around the value, which count as part of it here. Leave them out.`);
    }
    if (value?.startsWith(`${name}=`)) {
      warnings.push(`${given}: holds a line ${name}=…, and is for the value alone. Leave out what stands before it.`);
    }
  }
  const examples = OF_EXAMPLES.filter((name) => [values[name]].flat().some(isExample));
  if (examples.length === 0) return;
  warnings.push(
    `${examples.join(', ')}: still as in the example (your-app, …_1234567890). Set what the Scalekit dashboard shows for yours.`,
  );
}

/** Those of which nothing else says that they are not the operator's own before somebody is refused. */
const OF_EXAMPLES = [
  'SCALEKIT_ENV_URL',
  'SCALEKIT_CLIENT_ID',
  'ALLOWED_SUBJECTS',
  'ALLOWED_CLIENTS',
  'ALLOWED_ORGANIZATIONS',
] as const;

/** What the documents and the examples of settings have in the place of an operator's own. */
function isExample(value: unknown): boolean {
  return typeof value === 'string' && /^(https:\/\/your-app\.scalekit\.\w+|[a-z0-9]+_1234567890)$/.test(value);
}
