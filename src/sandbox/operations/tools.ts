import { randomUUID } from 'node:crypto';
import { ToolService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tools/tools_pb.js';
import type { JsonOf } from '../contract/json.ts';
import type { ConnectedAccount, OfferedTool } from '../data/types.ts';
import { ApiError, findIn, invalid } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import type { EnvironmentContent } from '../store.ts';
import { listingName, requireAccount } from './accounts.ts';
import { page } from './paging.ts';
import { actAtThirdParty } from './third-party.ts';

type Filter = Partial<NonNullable<JsonOf<typeof ToolService.method.listTools.input>['filter']>>;

export const toolsOperations = operations(ToolService, {
  listTools: ({ request, environment, content }) => {
    const wanted: Filter = request.filter ?? {};
    const listing = listingName('tools', environment.id, wanted);
    const { tools, ...pages } = page('tools', matchingTools(content, wanted), request, listing);
    return wanted.summary === true
      ? { ...pages, tool_names: tools.map(({ name }) => name) }
      : { ...pages, tools: tools.map(({ tool }) => tool) };
  },

  executeTool: ({ request, content }) => {
    const { tool_name, params = {}, connected_account_id: id, connector, identifier } = request;
    const offered = findIn(content.agentTools, ({ name }) => name === tool_name, 'tool');
    refuseUnfit(offered, requireAccount(content, { id, connector, identifier }), params);
    const execution_id = randomUUID();
    const { data, failure } = actAtThirdParty(tool_name, params);
    if (failure === undefined) return { data, execution_id };
    throw new ApiError('INTERNAL', 'tool execution failed', {
      error_code: 'TOOL_ERROR',
      tool_error_info: { execution_id, tool_error_message: failure.message, tool_error_code: failure.code },
    });
  },
});

/**
 * An account that the filter names is looked up, and adds its own tools to those that everybody has. An identifier
 * alone narrows the list to what its accounts can do.
 */
function matchingTools(content: EnvironmentContent, wanted: Filter): readonly OfferedTool[] {
  const { provider = '', identifier = '', connector, connected_account_id: id, query } = wanted;
  const account = id || connector ? requireAccount(content, { id, connector, identifier }) : undefined;
  const providers = content.connectedAccounts
    .filter((candidate) => candidate.identifier === identifier)
    .map((candidate) => candidate.provider);
  return content.agentTools.filter(
    (offered) =>
      (offered.accountId === undefined || offered.accountId === account?.id) &&
      (provider === '' || offered.tool.provider === provider) &&
      (identifier === '' || account !== undefined || providers.includes(offered.tool.provider)) &&
      (query === undefined || mentions(offered, query)),
  );
}

function mentions({ name, description }: OfferedTool, query: string): boolean {
  const text = `${name} ${description}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/[\s_]+/)
    .every((word) => text.includes(word));
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
