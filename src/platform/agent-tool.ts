import { z } from 'zod';
import type { Api, Body } from '../core/api.ts';
import { ToolError } from '../core/errors.ts';
import { path } from './path.ts';

/** What runs, and as whom: members of `scalekit.v1.tools.ExecuteToolRequest`. */
interface Execution extends Body {
  readonly tool_name: string;
  readonly connected_account_id: string | undefined;
  readonly identifier: string | undefined;
  readonly connector: string | undefined;
  readonly organization_id: string | undefined;
  readonly user_id: string | undefined;
}

const Names = z.object({ tool_names: z.array(z.string()).nullish() });

/**
 * Runs a tool in a third-party service (`POST /execute_tool`).
 * @returns the API's answer, unchecked
 * @throws ToolError which says whether it is the tool or the account that the API does not know
 */
export async function executeTool(api: Api, execution: Execution): Promise<unknown> {
  try {
    return await api.post(path`/execute_tool`, execution);
  } catch (error) {
    if (!(error instanceof ToolError) || !mayMeanTool(error)) throw error;
    const isKnown = await isListed(api, execution);
    if (isKnown === undefined || (isKnown && error.code !== 'not_found')) throw error;
    throw isKnown ? accountUnknown(error, execution) : toolUnknown(error);
  }
}

/** Whether a failure may be that of an unknown tool. Scalekit has no code of its own for it. */
function mayMeanTool({ code, recovery: { upstream } }: ToolError): boolean {
  return code === 'not_found' || (code === 'invalid_request' && upstream?.violations === undefined);
}

/** Whether the account has such a tool; false: no; `undefined`: that cannot be told. */
async function isListed(api: Api, { tool_name, ...account }: Execution): Promise<boolean | undefined> {
  // An identifier alone would narrow the list to what its accounts can do.
  const namesAccount = (account.connected_account_id ?? account.connector) !== undefined;
  const ofAccount = {
    'filter.connected_account_id': account.connected_account_id,
    'filter.connector': account.connector,
    'filter.identifier': account.identifier,
    'filter.organization_id': account.organization_id,
    'filter.user_id': account.user_id,
  };
  try {
    const answer = await api.get(path`/tools`, {
      'filter.tool_name': [tool_name],
      ...(namesAccount && ofAccount),
      'filter.summary': true,
      page_size: 1,
    });
    return Names.safeParse(answer).data?.tool_names?.includes(tool_name) ?? undefined;
  } catch (error) {
    // The account is looked up first: where there is none, nothing is known of the tool.
    if (error instanceof ToolError) return error.code === 'not_found' ? true : undefined;
    throw error;
  }
}

function toolUnknown({ code, recovery, cause }: ToolError): ToolError {
  const message =
    'Scalekit has no such tool for this account. Take the name from list_agent_tools, as it is spelt there.';
  return new ToolError(code, message, { ...recovery, field: 'toolName', nextTool: 'list_agent_tools' }, cause);
}

function accountUnknown({ code, message, recovery, cause }: ToolError, execution: Execution): ToolError {
  const field = execution.connected_account_id === undefined ? 'identifier' : 'connectedAccountId';
  return new ToolError(code, message, { ...recovery, field, nextTool: 'list_connected_accounts' }, cause);
}
