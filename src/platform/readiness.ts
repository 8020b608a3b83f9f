import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import type { ToolContext } from '../core/tool.ts';
import { Environment } from './entities/environment.ts';
import { SessionSettings } from './entities/environment-settings.ts';
import { sessionsPath } from './environment-settings.ts';
import { checkDiscovery } from './mcp-discovery.ts';
import { pagesOf } from './pages.ts';
import { path } from './path.ts';
import { type Check, MAX_ITEMS, ofUris, type UnnamedCheck } from './readiness-uris.ts';
import { allOf, connectionsOf, inPlaceOf, serversOf, urisOf } from './status.ts';

/** Longer than this, sessions that do not end when nobody uses them are told. A week, in minutes. */
const LONG_SESSION = 7 * 24 * 60;
/** So many MCP servers are looked at, since each takes several requests. */
const MAX_SERVERS = 5;
type Discovery = Awaited<ReturnType<typeof checkDiscovery>>;

const OneEnvironment = z.object({ environment: Environment });
const Sessions = z.object({ session_settings: SessionSettings });
const Client = z.object({
  id: z.string(),
  secrets: z.array(z.object({ last_used_time: z.string().nullish() })).nullish(),
});
const Role = z.object({ default_creator: z.boolean().nullish(), default_member: z.boolean().nullish() });

/**
 * Looks whether an environment is fit for production (`GET /environments/{id}` with its session settings, `/clients`,
 * `/roles`, `/connections`, `/resources`, side by side, and what its MCP servers publish).
 * @throws ToolError when nothing can be read, or when a request fails for another reason than a missing permission
 */
export async function checkReadiness(context: ToolContext, environmentId: string) {
  const { api } = context;
  const { values } = await inPlaceOf({
    environment: readEnvironment(api, environmentId),
    sessions: readSessions(api, environmentId),
    uris: urisOf(api),
    roles: rolesOf(api),
    connections: connectionsOf(api),
    servers: serversOf(api),
    clients: clientsOf(api),
  });
  const { environment, sessions, uris, roles, connections, servers, clients } = values;
  const checks: Check[] = [
    named('type', typeOf(environment)),
    named('custom_domain', customDomainOf(environment)),
    ...Object.entries(ofUris('uris' in values ? (uris ?? 'none') : undefined)).map(([name, found]) =>
      named(name, found),
    ),
    named('client_secrets', secretsOf(clients)),
    named('sessions', sessionsOf(sessions)),
    named('default_roles', defaultRolesOf(roles)),
    named('connections', ofConnections(connections)),
    named('webhooks', WEBHOOKS),
    named('mcp_servers', await metadataOf(context, servers)),
  ];
  const countOf = (wanted: Check['state']) => checks.filter(({ state }) => state === wanted).length;
  return { to_do: countOf('to_do'), not_known: countOf('not_known'), checks };
}

function named(check: string, finding: UnnamedCheck | undefined): Check {
  return {
    check,
    ...(finding ?? { state: 'not_known', seen: 'Your role in the workspace, or the plan, does not show it.' }),
  };
}

/** Nothing tells which webhooks there are but their portal. */
const WEBHOOKS: UnnamedCheck = {
  state: 'not_known',
  seen: 'No operation tells which webhooks there are.',
  to_do: 'Look in the webhook portal whether the endpoints are those of production.',
  next_tool: 'get_webhook_portal_url',
};

function typeOf(environment: z.output<typeof Environment> | undefined): UnnamedCheck | undefined {
  if (environment === undefined) return undefined;
  if (environment.type !== 'DEV' && environment.type !== 'PRD') {
    return { state: 'not_known', seen: 'The type of the environment is not told.' };
  }
  return environment.type === 'DEV'
    ? {
        state: 'to_do',
        seen: 'It is a development environment.',
        to_do: 'Use one of production (PRD).',
        next_tool: 'list_environments',
      }
    : { state: 'good', seen: 'It is an environment of production.' };
}

function customDomainOf(environment: z.output<typeof Environment> | undefined): UnnamedCheck | undefined {
  if (environment === undefined) return undefined;
  const { custom_domain: domain, custom_domain_status: status } = environment;
  if (!domain) {
    const to_do = 'Set up a custom domain, so that people sign in under your own name.';
    return { state: 'to_do', seen: 'There is no custom domain.', to_do, next_tool: 'get_custom_domain_dns_records' };
  }
  if (status === 'ACTIVE') return { state: 'good', seen: 'The custom domain is active.', items: [domain] };
  const seen = 'The custom domain is not active yet.';
  return {
    state: 'to_do',
    seen,
    items: [domain],
    to_do: 'Publish its DNS records, and verify them.',
    next_tool: 'check_custom_domain_status',
  };
}

/** A client with one secret that nobody has used is one that no program is set up with. */
function secretsOf(clients: readonly z.output<typeof Client>[] | undefined): UnnamedCheck | undefined {
  if (clients === undefined) return undefined;
  const withSecrets = clients.filter(({ secrets }) => (secrets ?? []).length > 0);
  const unused = withSecrets
    .filter(({ secrets }) => secrets?.length === 1 && !secrets.some(isUsed))
    .map(({ id }) => id);
  const seen = `Clients that have secrets are ${withSecrets.length}, of which ${unused.length} have one alone that was never used.`;
  if (unused.length === 0) return { state: 'good', seen };
  return {
    // Where no secret at all shows a use, nothing tells one that is idle from a time that is not told.
    state: withSecrets.some(({ secrets }) => secrets?.some(isUsed)) ? 'to_do' : 'not_known',
    seen,
    items: unused.slice(0, MAX_ITEMS),
    to_do: 'Give the secret to the program that it is for, and try it, or delete the client.',
    next_tool: 'list_environment_clients',
  };
}

/** JSON of protocol buffers may have the beginning of time where there was none. */
function isUsed({ last_used_time: time }: { readonly last_used_time?: string | null | undefined }): boolean {
  return Boolean(time) && !(Date.parse(time ?? '') <= 0);
}

function sessionsOf(settings: z.output<typeof SessionSettings> | undefined): UnnamedCheck | undefined {
  if (settings === undefined) return undefined;
  const { absolute_session_timeout: longest, idle_session_enabled: endsIdle, idle_session_timeout: idle } = settings;
  if (typeof longest !== 'number' || typeof endsIdle !== 'boolean') {
    return {
      state: 'not_known',
      seen: 'How long sessions last is not told.',
      next_tool: 'get_environment_session_settings',
    };
  }
  const after = endsIdle
    ? `, or ${idle ?? 'some'} minutes after the last use`
    : ', and not before when nobody uses them';
  const seen = `Sessions end after ${longest} minutes${after}.`;
  if (endsIdle || longest <= LONG_SESSION) return { state: 'good', seen };
  const to_do = 'Let sessions end when nobody uses them, or sooner.';
  return { state: 'to_do', seen, to_do, next_tool: 'update_environment_session_settings' };
}

function defaultRolesOf(roles: readonly z.output<typeof Role>[] | undefined): UnnamedCheck | undefined {
  if (roles === undefined) return undefined;
  const missing = [
    ...(roles.some((role) => role.default_creator) ? [] : ['whoever creates an organization']),
    ...(roles.some((role) => role.default_member) ? [] : ['whoever joins one']),
  ];
  if (missing.length === 0) return { state: 'good', seen: 'Creators and members of organizations get a role.' };
  const seen = 'Some people get no role by default.';
  return { state: 'to_do', seen, items: missing, to_do: 'Choose the default roles.', next_tool: 'set_default_roles' };
}

function ofConnections(all: Awaited<ReturnType<typeof connectionsOf>> | undefined): UnnamedCheck | undefined {
  if (all === undefined) return undefined;
  const begun = all.filter(({ enabled, status }) => !enabled && status !== 'COMPLETED').map(({ id }) => id);
  const on = all.filter(({ enabled }) => enabled).length;
  const seen = `Connections: ${on} enabled, ${begun.length} not configured. Whether each was tried is not told.`;
  const next_tool = 'list_environment_connections';
  if (begun.length > 0) {
    return {
      state: 'to_do',
      seen,
      items: begun.slice(0, MAX_ITEMS),
      to_do: 'Configure or delete those that were begun.',
      next_tool,
    };
  }
  if (on === 0) return { state: 'not_known', seen, to_do: 'Enable one, if people are to sign in by SSO.', next_tool };
  return { state: 'not_known', seen, to_do: 'Try each enabled one by its test_connection_uri.', next_tool };
}

/** Whether clients find the authorization server of each MCP server. */
async function metadataOf(
  context: ToolContext,
  servers: Awaited<ReturnType<typeof serversOf>> | undefined,
): Promise<UnnamedCheck | undefined> {
  if (servers === undefined) return undefined;
  if (servers.length === 0) return { state: 'good', seen: 'There are no MCP servers.' };
  const looked = servers.slice(0, MAX_SERVERS);
  const found = await Promise.all(looked.map(async ({ id }) => ({ id, ...(await discoveryOf(context, id)) })));
  const wrong = found.filter(({ problems }) => problems.some(({ problem }) => problem !== 'not_read'));
  const unread = found.length - wrong.length - found.filter(({ ok }) => ok).length;
  const seen = `MCP servers: ${servers.length}, of which ${looked.length} were looked at; ${wrong.length} have something that keeps clients from signing in, of ${unread} nothing could be read.`;
  if (wrong.length > 0) {
    const items = wrong.map(({ id }) => id);
    return { state: 'to_do', seen, items, to_do: 'Look at each.', next_tool: 'check_mcp_server_discovery' };
  }
  return { state: unread > 0 || looked.length < servers.length ? 'not_known' : 'good', seen };
}

/** A server whose id cannot be asked for keeps nothing from being said of the others. */
async function discoveryOf(context: ToolContext, id: string): Promise<Pick<Discovery, 'ok' | 'problems'>> {
  try {
    return await checkDiscovery(context, id);
  } catch (error) {
    if (!(error instanceof ToolError && error.code === 'invalid_arguments')) throw error;
    return { ok: false, problems: [{ problem: 'not_read', means: error.message }] };
  }
}

async function readEnvironment(api: Api, id: string) {
  return checkAnswer(OneEnvironment, await api.get(path`/environments/${id}`)).environment;
}

async function readSessions(api: Api, environmentId: string) {
  return checkAnswer(Sessions, await api.get(sessionsPath(environmentId))).session_settings;
}

function clientsOf(api: Api) {
  return allOf(pagesOf(api, path`/clients`, { 'filter.client_type': 'ALL', page_size: 30 }, 'clients', Client));
}

function rolesOf(api: Api) {
  return allOf(pagesOf(api, path`/roles`, {}, 'roles', Role));
}
