import { z } from 'zod';
import { checkAnswer } from '../core/check-answer.ts';
import { defineTool } from '../core/tool.ts';
import { AgentTool } from '../platform/entities/agent-tool.ts';
import { Members } from '../platform/entities/members.ts';
import { jsonText } from '../platform/json-text.ts';
import { path } from '../platform/path.ts';
import { connectedAccountId, connector, identifier, shortText } from './fields/agents.ts';
import { pageInfo, pageQuery, paging } from './fields/fields.ts';

/** The longest result of a third party that is passed on as JSON, in characters. */
const MAX_DATA = 20_000;

const Execution = z.object({ data: Members.nullish(), execution_id: z.string().nullish() });

const listAgentTools = defineTool({
  name: 'list_agent_tools',
  title: 'List agent tools',
  description:
    'List the tools that agents can run in third-party services. connector with identifier adds what only that account has.',
  place: 'environment',
  scope: 'environment:read',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  // Names alone are in a member of their own.
  items: ['tools', 'tool_names'],
  input: {
    provider: shortText(50).optional().describe('provider_key from list_app_connections'),
    connector: connector.optional(),
    identifier: identifier.optional(),
    summary: z.boolean().optional().describe('Names only'),
    ...paging(100),
  },
  output: z.object({ tools: z.array(AgentTool), tool_names: z.array(z.string()).nullish(), ...pageInfo }),
  run: ({ provider, connector, identifier, summary, ...page }, { api }) =>
    api.get(path`/tools`, {
      'filter.provider': provider,
      'filter.connector': connector,
      'filter.identifier': identifier,
      'filter.summary': summary,
      ...pageQuery(page),
    }),
});

const executeAgentTool = defineTool({
  name: 'execute_agent_tool',
  title: 'Execute an agent tool',
  description:
    'Run a tool in a third-party service as the user of a connected account. What it does there cannot be undone from here.',
  place: 'environment',
  scope: 'environment:write',
  effect: 'overwrite',
  idempotent: false,
  openWorld: true,
  optIn: 'agent_tool_execution',
  input: {
    toolName: shortText(100).describe('From list_agent_tools'),
    connectedAccountId,
    paramsJson: jsonText(100_000).optional().describe('JSON object, by its input_schema'),
  },
  output: z.object({
    execution_id: z.string().nullish(),
    data: Members.nullish().describe('What the third party answered'),
    data_text: z.string().optional().describe('The beginning of data as JSON text, when truncated'),
    truncated: z.boolean(),
  }),
  run: async ({ toolName, connectedAccountId, paramsJson: params = {} }, { api }) => {
    const body = { tool_name: toolName, connected_account_id: connectedAccountId, params };
    const { data, execution_id } = checkAnswer(Execution, await api.post(path`/execute_tool`, body), 'write');
    const text = JSON.stringify(data ?? null);
    if (text.length <= MAX_DATA) return { execution_id, data, truncated: false };
    return { execution_id, data_text: text.slice(0, MAX_DATA).toWellFormed(), truncated: true };
  },
});

export const agentToolsTools = [listAgentTools, executeAgentTool];
