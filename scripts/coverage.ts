import { accessOf } from '../src/sandbox/contract/binding.ts';
import { API_OPERATIONS } from '../tests/contract/registry.ts';

/** Operations that a tool uses in other calls than its example, with the tool. */
const IN_OTHER_CALLS: Readonly<Record<string, string>> = {
  'DELETE /organizations/{org_id}/roles/{role_name}/base': 'update_organization_role',
  'DELETE /roles/{role_name}/base': 'update_environment_role',
  'GET /members:this': 'whoami',
  'GET /organizations/{organization_id}/users:search': 'list_organization_users',
  'GET /organizations:search': 'list_organizations',
  'POST /dashboard/members/{member_id}/environments/{environment_id}/role': 'assign_dashboard_role',
  'POST /environments/{id}/features/{feature_id}:enable': 'set_environment_feature',
  'POST /mcp/connections/{key_id}/tokens': 'create_mcp_session_token',
  'POST /tools:search': 'search_tools',
};

/** Why operations have no tool, by their verb and path. The first that fits counts. */
const REASONS: readonly (readonly [operation: RegExp, reason: string])[] = [
  [/^GET \/connected_accounts\/auth$/, 'its answer holds the tokens of third parties, which no model is to see'],
  [/^(POST|PUT) \/connected_accounts$/, 'takes tokens of third parties, which are to come from their owners by a link'],
  [/^POST \/connected_accounts\/user\/verify$/, 'a step of the sign-in of a user, which the application takes'],
  [
    /^(GET \/connected_accounts\/(this|\{id\})|POST \/connected_accounts\/(-|this):disconnect)$/,
    'another way to what a tool does by the id',
  ],
  [/^POST \/(passwordless|webauthn\/registration)/, 'a step of the sign-in of a user, which the application takes'],
  [
    /^POST \/connections\/\{connection_id\}\/auth-requests\//,
    'a step of the sign-in of a user, which the application takes',
  ],
  [/^PATCH \/webauthn\//, 'the name of a passkey is its owner’s'],
  [/:external\//, 'another way to what a tool does by the id, which get_user and list_organizations find'],
  [/^(GET|POST) \/environments\/\{env_id\}\/scopes$/, 'another way to what a tool does at /scopes'],
  [/^GET \/organizations\/-\/connections$/, 'search_organization_connections finds the same'],
  [/\/contexts$/, 'for Scalekit’s own dashboard: how far somebody has come on a page'],
  [
    /^POST \/resources\/\{resource_id\}\/connections$/,
    'made by register_mcp_server and update_mcp_server, by the name of the connection',
  ],
  [
    /groups:assign$|groups\/summary$|\/attributes$/,
    'for Scalekit’s own pages; assign_directory_group_roles does what people ask for',
  ],
  [/^POST \/events\//, 'list_events reads the same; made-up events are for Scalekit’s own pages'],
  [/usermanagement$/, 'read by set_organization_user_limit alone, where its answer does not tell the limit'],
  [/^PATCH \/roles\/default$/, 'an older way to what set_default_roles does'],
  [/^POST \/tokens:/, 'for the API of an application, which checks its callers’ tokens'],
  [/^(POST|PUT|DELETE) \/tools/, 'for those who build connectors at Scalekit'],
  [/^GET \/tools\/(scoped|available)$/, 'list_agent_tools shows the same'],
  [/^DELETE \/organizations\/\{id\}\/portal_links$/, 'revokes all links at once; revoke_admin_portal_link takes one'],
  [/^PUT \/clients\/\{client_id\}\/secrets/, 'another way to what deactivate_client_secret does by PATCH'],
  [/^GET \/users\/support-hash$/, 'for Scalekit’s own dashboard'],
];

/** Groups of operations that no descriptor is known of. */
const NOT_DESCRIBED: readonly (readonly [group: string, reason: string])[] = [
  ['Log streams', 'a later wave: they take credentials of Datadog and others'],
  ['Triggers', 'a later wave: they are of connections of agents, and one of their answers is a signing secret'],
  ['Gateway', 'a later wave: one endpoint for an organization, with policies'],
  ['Token templates', 'a later wave: enabling one changes every token that is issued from then on'],
  ['Billing', 'paying and changing plans are not for agents'],
  ['Encryption keys', 'they can make data unreadable for good'],
  ['Custom dashboard roles, invitations of members', 'a later wave; the fixed roles can be given'],
  ['Branding of organizations', 'a later wave'],
];

interface Covered {
  readonly operation: string;
  /** The tools that use it, or why none does. */
  readonly by: readonly string[] | string;
}

/**
 * Every operation that a token of a workspace or of an environment may call, with the tools that use it or the reason why
 * none does.
 * @param used the operations of each tool, as its example uses them
 * @throws Error for an operation without either, and for reasons that are none any more
 */
function coverage(used: ReadonlyMap<string, readonly string[]>): readonly Covered[] {
  const toolsOf = new Map<string, string[]>();
  for (const [tool, operations] of used) {
    for (const operation of operations) toolsOf.set(operation, [...(toolsOf.get(operation) ?? []), tool]);
  }
  const callable = API_OPERATIONS.filter(({ method }) => accessOf(method).accepts.length > 0);
  const names = [...new Set(callable.map(({ verb, path }) => `${verb} ${path}`))];
  const idle = REASONS.find(([pattern]) => !names.some((name) => pattern.test(name) && !toolsOf.has(name)));
  if (idle !== undefined) throw new Error(`scripts/coverage.ts: nothing is left out for ${idle[0]}.`);
  return names.map((operation) => {
    const other = IN_OTHER_CALLS[operation];
    const tools = [...new Set([...(toolsOf.get(operation) ?? []), ...(other === undefined ? [] : [other])])];
    if (tools.length > 0) return { operation, by: tools };
    const reason = REASONS.find(([pattern]) => pattern.test(operation))?.[1];
    if (reason === undefined) throw new Error(`No tool uses ${operation}, and scripts/coverage.ts gives no reason.`);
    return { operation, by: reason };
  });
}

/** The same as a document. */
export function coverageTable(used: ReadonlyMap<string, readonly string[]>): string {
  const covered = coverage(used);
  const rows = covered.filter(({ by }) => typeof by !== 'string');
  const others = covered.filter(({ by }) => typeof by === 'string');
  return `# What of the management API the tools cover

<!-- Generated by \`npm run generate\`. -->

Of ${covered.length} operations that a token of a workspace or of an environment may call, as far as Scalekit’s SDK
or this repository describes them, tools use ${rows.length}. Operations that only pages of Scalekit itself may call are not among them.

## Used

| Operation | Tools |
|---|---|
${rows.map(({ operation, by }) => `| \`${operation}\` | ${(by as string[]).map((tool) => `\`${tool}\``).join(', ')} |`).join('\n')}

## Left out

| Operation | Why |
|---|---|
${others.map(({ operation, by }) => `| \`${operation}\` | ${by} |`).join('\n')}

## Without a description

| Operations | Why |
|---|---|
${NOT_DESCRIBED.map(([group, reason]) => `| ${group} | ${reason} |`).join('\n')}
`;
}
