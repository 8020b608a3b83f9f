import { z } from 'zod';
import { checkAnswer } from '../core/check-answer.ts';
import { toolset } from '../core/toolset.ts';
import { AgentTool } from '../platform/entities/agent-tool.ts';
import { Members } from '../platform/entities/members.ts';
import { jsonText } from '../platform/json-text.ts';
import { path } from '../platform/path.ts';
import { beginningOf } from '../release/ration.ts';
import { withoutShapes } from '../release/redact.ts';
import { connectedAccountId, connector, identifier } from './fields/agents.ts';
import { shortText } from './fields/texts.ts';

/** The longest data of a third party that are returned as data, in characters of JSON. Of longer ones, the text begins. */
const MAX_DATA = 10_000;

const Execution = z.object({ data: Members.nullish(), execution_id: z.string().nullish() });

/** The tools that agents can run in third-party services. */
export const agentTools = toolset('agent_tools', { area: 'environment' }, (t) => [
  t.list('list_agent_tools', {
    description:
      'List the tools that agents can run in apps such as Gmail or Slack. connector with identifier adds what only that account has.',
    of: { tools: AgentTool },
    instead: { tool_names: z.string() },
    patient: true,
    pages: 100,
    input: {
      provider: shortText(50).optional().describe('provider_key from list_app_connections'),
      connector: connector.optional(),
      identifier: identifier.optional(),
      summary: z.boolean().optional().describe('Names only'),
    },
    run: ({ provider, connector, identifier, summary, page }, { api }) =>
      api.get(path`/tools`, {
        'filter.provider': provider,
        'filter.connector': connector,
        'filter.identifier': identifier,
        'filter.summary': summary,
        ...page,
      }),
  }),

  t.overwrite('execute_agent_tool', {
    title: 'Execute an agent tool',
    description:
      'Run a tool in an app such as Gmail or Slack (send, post, search) as the user of a connected account. It cannot be undone from here.',
    repeatable: false,
    openWorld: true,
    patient: true,
    optIn: 'agent_tool_execution',
    input: {
      toolName: shortText(100).describe('From list_agent_tools'),
      connectedAccountId,
      paramsJson: jsonText.optional().describe('JSON object, by its input_schema'),
    },
    output: {
      execution_id: z.string().nullish(),
      data: Members.nullish().describe('What the third party answered'),
      data_text: z.string().optional().describe('The beginning of data as JSON text, when truncated'),
      truncated: z.boolean(),
    },
    async run({ toolName: tool_name, connectedAccountId: connected_account_id, paramsJson: params = {} }, { api }) {
      const answer = await api.post(path`/execute_tool`, { tool_name, connected_account_id, params });
      const { data, execution_id } = checkAnswer(Execution, answer, 'write');
      const text = JSON.stringify(data ?? null);
      if (text.length <= MAX_DATA) return { execution_id, data, truncated: false };
      return { execution_id, data_text: beginningOf(text, MAX_DATA, withoutShapes), truncated: true };
    },
  }),
]);
