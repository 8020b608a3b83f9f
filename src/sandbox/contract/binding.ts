import type { DescMethod, JsonValue } from '@bufbuild/protobuf';
import { authOption, httpRule } from './extensions.ts';
import { NEWER_PERMISSIONS } from './published/permissions.ts';

const PREFIX = '/api/v1';

const VERBS = ['get', 'put', 'post', 'delete', 'patch'] as const;

export type Verb = Uppercase<(typeof VERBS)[number]>;

/** How a method is reached over HTTP (google.api.http). */
export interface Binding {
  readonly verb: Verb;
  /** Below `/api/v1`; `{name}` stands for one segment and fills the request field of that name. */
  readonly path: string;
  /** The request field that the JSON body fills, `*` for all that the path leaves; nothing without a body. */
  readonly body: string | undefined;
}

/** Who may call a method (scalekit.v1.options.auth_option). */
export interface Access {
  /** `workspace`: a person's token, or one that stands in for it. `client`: the token of an environment's client. */
  readonly accepts: readonly ('workspace' | 'client')[];
  readonly permissions: readonly string[];
}

/** Bits of scalekit.v1.options.AuthenticationType. */
const CREDENTIALS = { client: 4, workspace: 64 } as const;

/** The bindings of a method that are part of the management API: none for a document below `/.well-known`. */
export function bindingsOf(method: DescMethod): Binding[] {
  const rule = httpRule(method);
  if (rule === undefined) return [];
  const { additional_bindings: more = [], ...main } = rule;
  return [main, ...(more as Rule[])].map(toBinding).filter(({ path }) => path.startsWith('/'));
}

/** Who may call a method; nobody when nothing is said. */
export function accessOf(method: DescMethod): Access {
  const { authentication_type: types = 0, permissions = [] } = authOption(method) ?? {};
  const accepts = (['workspace', 'client'] as const).filter(
    (credential) => (Number(types) & CREDENTIALS[credential]) !== 0,
  );
  const newer = NEWER_PERMISSIONS.get(`${method.parent.name}.${method.name}`);
  return { accepts, permissions: newer ?? (permissions as string[]) };
}

type Rule = Readonly<Record<string, JsonValue>>;

function toBinding(rule: Rule): Binding {
  const verb = VERBS.find((candidate) => rule[candidate] !== undefined);
  const path = String(verb === undefined ? '' : rule[verb]);
  const body = rule['body'] === undefined ? undefined : String(rule['body']);
  return {
    verb: (verb ?? 'get').toUpperCase() as Verb,
    path: path.startsWith(`${PREFIX}/`) ? path.slice(PREFIX.length) : '',
    body: body || undefined,
  };
}
