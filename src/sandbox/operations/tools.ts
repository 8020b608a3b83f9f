import { randomUUID } from 'node:crypto';
import { ToolService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tools/tools_pb.js';
import type { JsonOf } from '../contract/json.ts';
import { ToolSearchService } from '../contract/published/tools.ts';
import { toolCallLog } from '../data/logs.ts';
import type { ConnectedAccount, OfferedTool } from '../data/types.ts';
import { ApiError, findIn, found, invalid } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import type { EnvironmentContent } from '../store.ts';
import { belongsTo, listingName, requireAccount } from './accounts.ts';
import { page } from './paging.ts';
import { now } from './parts.ts';
import { actAtThirdParty } from './third-party.ts';

type Filter = Partial<NonNullable<JsonOf<typeof ToolService.method.listTools.input>['filter']>>;

/** Documented: the page when none is asked for, the longest one, to which more is cut, and that of what a query finds. */
const USUAL_PAGE = 300;
const MAX_PAGE = 1000;
const MAX_FOUND = 100;

export const toolsOperations = operations(ToolService, {
  listTools: ({ request, environment, content }) => {
    const wanted: Filter = request.filter ?? {};
    const listing = listingName('tools', environment.id, wanted);
    const page_size = Math.min(request.page_size || USUAL_PAGE, wanted.query === undefined ? MAX_PAGE : MAX_FOUND);
    const { tools, ...pages } = page('tools', matchingTools(content, wanted), { ...request, page_size }, listing);
    return wanted.summary === true
      ? { ...pages, tool_names: tools.map(({ name }) => name) }
      : { ...pages, tools: tools.map(({ tool }) => tool) };
  },

  executeTool: ({ request, environment, content, store }) => {
    const { tool_name, agent_run_id, params = {} } = request;
    const offered = findIn(content.agentTools, ({ name }) => name === tool_name, 'tool');
    const account = accountFor(offered, content, request);
    refuseUnfit(offered, account, params);
    const execution_id = randomUUID();
    const { data, failure } = actAtThirdParty(tool_name, params);
    const facts = {
      ...{ id: store.newId('tcl'), execution_id, tool_name, started_at: now() },
      ...(agent_run_id && { agent_run_id }),
      ...{ source: 'API', duration_ms: '1', status: failure === undefined ? 'success' : 'provider_error' },
      ...(failure && { error_tier: 'provider', error_code: failure.code, error_message: failure.message }),
    };
    content.toolCallLogs.unshift(toolCallLog(account, environment.id, facts));
    if (failure === undefined) return { data, execution_id };
    throw new ApiError('INTERNAL', 'tool execution failed', {
      error_code: 'TOOL_ERROR',
      tool_error_info: { execution_id, tool_error_message: failure.message, tool_error_code: failure.code },
    });
  },
});

/** Documented: so many are found when no number is asked for, and the most. */
const USUALLY_FOUND = 10;
const MOST_FOUND = 50;

/** Documented for the statuses of an account; every other one is an account that is there and idle. */
const READINESS: Readonly<Record<string, string>> = { ACTIVE: 'READY', EXPIRED: 'NEEDS_REAUTH' };

/** So long the search keeps the set of providers that have an enabled connection, in milliseconds. */
const PROVIDERS_MS = 30_000;

const providersKept = new WeakMap<
  EnvironmentContent,
  { readonly providers: ReadonlySet<string>; readonly until: number }
>();

function searchedProviders(content: EnvironmentContent): ReadonlySet<string> {
  const kept = providersKept.get(content);
  if (kept !== undefined && Date.now() < kept.until) return kept.providers;
  const enabled = content.appConnections.filter((one) => one.enabled);
  const providers = new Set(enabled.map(({ provider_key }) => provider_key));
  providersKept.set(content, { providers, until: Date.now() + PROVIDERS_MS });
  return providers;
}

/**
 * By meaning, of which words are what is played. Seen in the live tests of Scalekit's SDK: only tools of providers with an
 * enabled connection are found, whoever is asked for, and those of a new connection up to half a minute later.
 */
export const toolSearchOperations = operations(ToolSearchService, {
  searchTools: ({ request: { query, identifier, top_k }, content }) => {
    const enabled = searchedProviders(content);
    const scored = content.agentTools.flatMap(({ tool: { provider }, name, description, accountId }) => {
      const score = scoreOf(query, `${name} ${description} ${provider}`);
      if (score === 0 || accountId !== undefined || !enabled.has(provider)) return [];
      const connections = identifier ? readinessOf(content, identifier, provider) : [];
      return [{ name, provider, description, score, connections }];
    });
    const best = scored.toSorted((a, b) => b.score - a.score);
    return { tools: best.slice(0, Math.min(top_k || USUALLY_FOUND, MOST_FOUND)) };
  },
});

/** The share of the words of a query that a text has. */
function scoreOf(query: string, text: string): number {
  const wordsOf = (all: string) => new Set(all.toLowerCase().match(/[a-z0-9]+/g) ?? []);
  const [asked, there] = [wordsOf(query), wordsOf(text)];
  return [...asked].filter((word) => there.has(word)).length / Math.max(asked.size, 1);
}

function readinessOf({ connectedAccounts }: EnvironmentContent, identifier: string, provider: string) {
  const own = connectedAccounts.filter((one) => one.identifier === identifier && one.provider === provider);
  return own.map(({ id, connector, status }) => ({
    connection_name: connector,
    connected_account_id: id,
    readiness_state: `TOOL_READINESS_STATE_${READINESS[status] ?? 'NEEDS_CONNECTION'}`,
  }));
}

type Execution = JsonOf<typeof ToolService.method.executeTool.input>;

/**
 * The account with which a tool runs. An identifier alone is enough, for the user's account at the tool's provider (seen
 * in the live tests of Scalekit's SDK); of several such accounts none is taken (inferred).
 */
function accountFor({ tool }: OfferedTool, content: EnvironmentContent, request: Execution): ConnectedAccount {
  const { connected_account_id: id, connector, identifier, organization_id, user_id } = request;
  const owner = { organization_id, user_id };
  if (id || connector || !identifier) return requireAccount(content, { id, connector, identifier, ...owner });
  const fitting = content.connectedAccounts.filter(
    (account) => account.identifier === identifier && account.provider === tool.provider && belongsTo(account, owner),
  );
  if (fitting.length > 1) throw new ApiError('INVALID_ARGUMENT', 'the identifier has several connected accounts');
  return found(fitting[0], 'connected account');
}

/**
 * An account that the filter names is looked up, and adds its own tools to those that everybody has. An identifier,
 * organization or user alone narrows the list to what their accounts can do.
 */
function matchingTools(content: EnvironmentContent, wanted: Filter): readonly OfferedTool[] {
  const { provider = '', tool_name: names = [], query } = wanted;
  const account = namedAccount(content, wanted);
  const providers = account === undefined ? providersOf(content, wanted) : undefined;
  return content.agentTools.filter(
    (offered) =>
      (offered.accountId === undefined || (offered.accountId === account?.id && query === undefined)) &&
      (provider === '' || offered.tool.provider === provider) &&
      (names.length === 0 || names.includes(offered.name)) &&
      (providers === undefined || providers.includes(offered.tool.provider)) &&
      (query === undefined || isCalled(offered, query)),
  );
}

function namedAccount(content: EnvironmentContent, wanted: Filter): ConnectedAccount | undefined {
  const { identifier, connector, connected_account_id: id, organization_id, user_id } = wanted;
  return id || connector ? requireAccount(content, { id, connector, identifier, organization_id, user_id }) : undefined;
}

/** The providers at which those have accounts whom a filter names; `undefined` when it names nobody. */
function providersOf({ connectedAccounts }: EnvironmentContent, wanted: Filter): string[] | undefined {
  const { identifier, organization_id, user_id } = wanted;
  if (!identifier && !organization_id && !user_id) return undefined;
  return connectedAccounts
    .filter((account) => (!identifier || account.identifier === identifier) && belongsTo(account, wanted))
    .map(({ provider }) => provider);
}

/** Every word of a query stands in the name; descriptions are not looked at, nor the tools of single accounts (documented). */
function isCalled({ name }: OfferedTool, query: string): boolean {
  return query
    .toLowerCase()
    .split(/[\s_]+/)
    .every((word) => name.toLowerCase().includes(word));
}

function refuseUnfit({ tool, required }: OfferedTool, account: ConnectedAccount, params: object): void {
  if (account.provider !== tool.provider) {
    throw new ApiError('INVALID_ARGUMENT', 'the connected account is not one of the tool’s provider');
  }
  if (account.status !== 'ACTIVE') throw new ApiError('INVALID_ARGUMENT', 'the connected account is not active');
  const missing = required.filter((name) => !Object.hasOwn(params, name));
  if (missing.length === 0) return;
  const broken = { description: 'value is required', constraint: 'required' };
  throw invalid(...missing.map((name) => ({ field: `params.${name}`, ...broken })));
}
