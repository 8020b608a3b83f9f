import { z } from 'zod';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import type { PageQuery } from '../core/paging.ts';
import { sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { refuseTwoAccounts, requireOneAccount } from '../platform/account-selector.ts';
import { executeTool } from '../platform/agent-tool.ts';
import { AgentTool } from '../platform/entities/agent-tool.ts';
import { Members } from '../platform/entities/members.ts';
import { FoundTool, findForUser } from '../platform/found-tools.ts';
import { jsonText } from '../platform/json-text.ts';
import { path } from '../platform/path.ts';
import { inAnyCase } from '../platform/provider-name.ts';
import { inGroups } from '../platform/tool-groups.ts';
import { Cleaner } from '../release/clean.ts';
import { beginningOf } from '../release/ration.ts';
import { withoutShapes } from '../release/redact.ts';
import {
  connectedAccountId,
  connector,
  identifier,
  namedAccount,
  ofAccount,
  provider,
  search,
  toolName,
} from './fields/agents.ts';
import { heldText } from './fields/texts.ts';

/** The longest data of a third party that are returned as data, in characters of JSON. Of longer ones, the text begins. */
const MAX_DATA = 10_000;

/**
 * What is asked for when the caller names no page size: about as many as a result holds. The API's own default is 300
 * whole tools, half a megabyte of which a result would show a few.
 */
const WHOLE_TOOLS = 5;
const NAMES = 300;
/** The names that a search shows when nobody asks for another number. */
const SEARCHED = 30;
/** The most that the API yields of what a text finds. */
const FOUND_NAMES = 100;

/** The names of tools of one connector. */
const Group = z.object({ connector: z.string(), tool_names: z.array(z.string()) });

const Execution = z.object({ data: Members.nullish(), execution_id: z.string().nullish() });

/** The tools that agents can run in third-party services. */
export const agentTools = toolset('agent_tools', { area: 'environment' }, (t) => [
  t.list('list_agent_tools', {
    foundBy: 'what can agents do in an app, actions in Gmail or Slack, arguments of a tool',
    description:
      'List the tools that agents can run in apps such as Gmail or Slack. connector with identifier adds what only that account has.',
    of: { tools: AgentTool },
    instead: { tool_names: z.string() },
    patient: true,
    pages: 100,
    input: {
      provider: provider.describe('provider_key from list_app_connections'),
      query: search,
      toolNames: z.array(toolName).optional(),
      connector: connector.optional(),
      identifier: identifier.optional(),
      connectedAccountId: connectedAccountId.optional(),
      ...ofAccount,
      summary: z.boolean().optional().describe('Names only'),
    },
    run: ({ provider, query, toolNames, summary, page, ...account }, { api }) => {
      refuseTwoAccounts(account);
      const page_size = page.page_size ?? usualPage(summary, query);
      return inAnyCase(api, provider, (spelt) =>
        api.get(path`/tools`, {
          'filter.provider': spelt,
          'filter.query': query,
          'filter.tool_name': toolNames,
          'filter.connector': account.connector,
          'filter.identifier': account.identifier,
          'filter.connected_account_id': account.connectedAccountId,
          'filter.organization_id': account.organizationId,
          'filter.user_id': account.userId,
          'filter.summary': summary,
          ...page,
          page_size,
        } satisfies PageQuery),
      );
    },
  }),

  t.list('search_tools', {
    title: 'Search agent tools',
    foundBy: 'is there a tool to send mail, which actions exist for an app',
    description:
      'Find tools that agents can run in apps such as Gmail or Slack, by connector or words in names; for a user, by meaning, and whether they can.',
    rare: true,
    of: { tools: AgentTool },
    instead: { groups: Group, found: FoundTool },
    patient: true,
    pages: 30,
    input: {
      connector: provider.describe('identifier from search_connectors'),
      query: search,
      identifier: identifier
        .optional()
        .describe(
          'Your id of a user: finds by meaning, and tells what they need before a tool runs; takes no pageToken. Tools of a connection just enabled are found half a minute later',
        ),
      summary: z.boolean().default(true).describe('false: whole tools with their schemas'),
    },
    run: async ({ connector, query, identifier, summary, page }, { api }) => {
      if (identifier !== undefined) {
        const { page_token: token, page_size: most } = page;
        if (query === undefined || token !== undefined) {
          const message = 'For a user, give a query, and no pageToken: all that is found comes at once.';
          throw new ToolError('invalid_arguments', message, { field: query === undefined ? 'query' : 'pageToken' });
        }
        return findForUser(api, { query, identifier, connector, most });
      }
      if (connector === undefined && query === undefined) {
        throw new ToolError('invalid_arguments', 'Give a connector, a query, or both.', { field: 'query' });
      }
      const answer = await inAnyCase(api, connector, (spelt) =>
        api.get(path`/tools`, {
          'filter.provider': spelt,
          'filter.query': query,
          'filter.summary': summary,
          ...page,
          page_size: page.page_size ?? (summary ? SEARCHED : WHOLE_TOOLS),
        } satisfies PageQuery),
      );
      return summary ? inGroups(answer, connector) : answer;
    },
  }),

  t.overwrite('execute_agent_tool', {
    title: 'Execute an agent tool',
    foundBy:
      'run a tool for an agent, send a message, read a calendar, do something in an app for a user, create an issue or a file, post in a channel',
    description:
      'Run a tool in an app such as Gmail or Slack (send, post, search) as the user of a connected account. It cannot be undone from here.',
    repeatable: false,
    openWorld: true,
    patient: true,
    optIn: 'agent_tool_execution',
    input: {
      toolName: toolName.describe('From list_agent_tools'),
      connectedAccountId: connectedAccountId.optional(),
      identifier: identifier.optional().describe('Or: your id of the user'),
      connector: connector.optional(),
      ...ofAccount,
      paramsJson: jsonText.optional().describe('JSON object, by its input_schema'),
      agentRunId: heldText(255).optional().describe('Your id of the run, for logs'),
    },
    does: ({ toolName, paramsJson = {}, connectedAccountId, identifier, connector, organizationId, userId }) =>
      sentence`Run the tool ${toolName} in the app of the connected account ${namedAccount({ connectedAccountId, identifier, connector, organizationId, userId })}, with the parameters ${paramsJson}.`,
    output: {
      execution_id: z.string().nullish(),
      data: Members.nullish().describe('What the third party answered; integers beyond 2^53 are rounded'),
      data_text: z.string().optional().describe('The beginning of data as JSON text, when truncated'),
      truncated: z.boolean(),
    },
    async run({ toolName, paramsJson: params = {}, agentRunId, ...account }, { api }) {
      requireOneAccount(account, false);
      const answer = await executeTool(api, {
        tool_name: toolName,
        connected_account_id: account.connectedAccountId,
        identifier: account.identifier,
        connector: account.connector,
        organization_id: account.organizationId,
        user_id: account.userId,
        agent_run_id: agentRunId,
        params,
      });
      const { data, execution_id } = checkAnswer(Execution, answer, 'write');
      const text = JSON.stringify(data ?? null);
      if (text.length <= MAX_DATA) return { execution_id, data, truncated: false };
      // Cleaned as data first: what is secret there may not look so in a text, and the names beside it may be cut off.
      const clean = JSON.stringify(new Cleaner([], undefined, 2 * MAX_DATA).value(data));
      return { execution_id, data_text: beginningOf(clean, MAX_DATA, withoutShapes), truncated: true };
    },
  }),
]);

function usualPage(summary: boolean | undefined, query: string | undefined): number {
  if (!summary) return WHOLE_TOOLS;
  return query === undefined ? NAMES : FOUND_NAMES;
}
