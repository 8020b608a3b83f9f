import { randomUUID } from 'node:crypto';
import type { ConnectedAccount, OfferedTool } from '../data/agents/types.ts';
import type { EnvironmentContent } from '../store.ts';
import { listingName, requireAccount } from './accounts.ts';
import { asText, connectorName } from './agent-fields.ts';
import { ApiError, invalid } from './api-error.ts';
import { optionalFlag, struct } from './composite-fields.ts';
import { optionalText, text } from './fields.ts';
import { type Decoded, message } from './message.ts';
import { NamedError } from './named-error.ts';
import { environmentOperation } from './operation.ts';
import { pageFields, paginate } from './paging.ts';
import { actAtThirdParty } from './third-party.ts';

/** scalekit.v1.tools.Filter */
const filter = {
  summary: asText(optionalFlag()),
  provider: text({ maxLen: 50 }),
  identifier: text({ maxLen: 100 }),
  query: optionalText({ minLen: 3, maxLen: 100 }),
  connector: connectorName(),
  connected_account_id: optionalText({ maxLen: 100, prefix: 'ca_' }),
} as const;

type Filter = Decoded<typeof filter>;

const NO_FILTER: Filter = {
  summary: undefined,
  provider: '',
  identifier: '',
  query: undefined,
  connector: undefined,
  connected_account_id: undefined,
};

/** scalekit.v1.tools.ToolService */
export const agentToolsOperations = [
  environmentOperation({
    verb: 'GET',
    path: '/tools',
    accepts: ['workspace', 'client'],
    permission: 'tools_read',
    request: { filter: message(filter), ...pageFields() },
    run({ request, environment, content }) {
      const wanted = request.filter ?? NO_FILTER;
      const matching = matchingTools(content, wanted).map(({ tool }) => tool);
      const { items, ...pages } = paginate(matching, request, listingName('tools', environment.id, wanted));
      if (!wanted.summary) return { ...pages, tool_names: [], tools: items };
      return { ...pages, tool_names: items.map(({ definition }) => definition.name), tools: [] };
    },
  }),

  environmentOperation({
    verb: 'POST',
    path: '/execute_tool',
    accepts: ['workspace', 'client'],
    permission: 'tools_execute',
    body: '*',
    request: {
      tool_name: text({ minLen: 1 }),
      identifier: optionalText(),
      params: struct(),
      connected_account_id: optionalText({ maxLen: 100 }),
      connector: connectorName(),
      agent_run_id: optionalText({ maxLen: 255 }),
    },
    run({ request, content }) {
      const { tool_name, params = {}, connected_account_id: id, ...selector } = request;
      const offered = content.agentTools.find(({ tool }) => tool.definition.name === tool_name);
      if (offered === undefined) throw new ApiError('NOT_FOUND', 'tool not found');
      const account = requireAccount(content, { ...selector, id });
      refuseUnfit(offered, account, params);
      const execution_id = randomUUID();
      const outcome = actAtThirdParty(tool_name, params);
      if (outcome.failure !== undefined) throw thirdPartyFailure(execution_id, outcome.failure);
      return { data: outcome.data, execution_id };
    },
  }),
];

/**
 * An account that the filter names is looked up, and adds its own tools to those that everybody has. An identifier
 * alone narrows the list to what its accounts can do.
 */
function matchingTools(content: EnvironmentContent, wanted: Filter): readonly OfferedTool[] {
  const { provider, identifier, connector, connected_account_id: id, query } = wanted;
  const account = id || connector ? requireAccount(content, { id, connector, identifier }) : undefined;
  const providers = content.connectedAccounts
    .filter((candidate) => candidate.identifier === identifier)
    .map((candidate) => candidate.provider);
  return content.agentTools.filter(
    ({ tool, accountId }) =>
      (accountId === undefined || accountId === account?.id) &&
      (provider === '' || tool.provider === provider) &&
      (identifier === '' || account !== undefined || providers.includes(tool.provider)) &&
      (query === undefined || describes(tool.definition, query)),
  );
}

function describes({ name, description }: OfferedTool['tool']['definition'], query: string): boolean {
  const words = query.toLowerCase().split(/[\s_]+/);
  const text = `${name} ${description}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function refuseUnfit(
  { tool }: OfferedTool,
  account: ConnectedAccount,
  params: Readonly<Record<string, unknown>>,
): void {
  if (account.provider !== tool.provider) {
    throw new ApiError('INVALID_ARGUMENT', 'the connected account is not one of the tool’s provider');
  }
  if (account.status !== 'ACTIVE') throw new ApiError('INVALID_ARGUMENT', 'the connected account is not active');
  const missing = tool.definition.input_schema.required.filter((name) => params[name] === undefined);
  if (missing.length === 0) return;
  throw invalid(
    missing.map((name) => ({ field: `params.${name}`, description: 'value is required', constraint: 'required' })),
  );
}

function thirdPartyFailure(execution_id: string, { code, message }: { code: string; message: string }): ApiError {
  return new NamedError('INTERNAL', 'tool execution failed', {
    error_code: 'TOOL_ERROR',
    tool_error_info: { execution_id, tool_error_message: message, tool_error_code: code },
  });
}
