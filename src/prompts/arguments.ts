import { environmentIds, mcpServerIds, organizationIds } from '../completions/ids.ts';
import type { PromptArgument } from '../core/content.ts';

/** Arguments that several prompts take. */
export const environmentId: PromptArgument = {
  name: 'environmentId',
  description: 'Id of the environment (env_…)',
  isRequired: false,
  completer: environmentIds,
};

export const organizationId: PromptArgument = {
  name: 'organizationId',
  description: 'Id of the organization (org_…): the customer',
  isRequired: true,
  completer: organizationIds,
};

export const mcpServerId: PromptArgument = {
  name: 'id',
  description: 'Id of the MCP server (res_… or, for older ones, app_…), if it is registered already',
  isRequired: false,
  completer: mcpServerIds,
};

/** An argument of any text. */
export function text(name: string, description: string, isRequired = false): PromptArgument {
  return { name, description, isRequired };
}
