import { z } from 'zod';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { defineTool } from '../core/tool.ts';
import { Connection, ListedConnection } from '../platform/entities/connection.ts';
import { completeSettings, oidcSettings } from '../platform/oidc-settings.ts';
import { path } from '../platform/path.ts';
import { continuing, id, limited, organizationId, pageInfo } from './fields/fields.ts';

const connectionId = id('conn', 'From list_environment_connections');
const provider = z.enum([
  ...(['OKTA', 'GOOGLE', 'MICROSOFT_AD', 'AUTH0', 'ONELOGIN', 'PING_IDENTITY', 'JUMPCLOUD', 'CUSTOM'] as const),
  ...(['GITHUB', 'GITLAB', 'LINKEDIN', 'SALESFORCE', 'MICROSOFT', 'IDP_SIMULATOR', 'SCALEKIT', 'ADFS'] as const),
]);
const answer = z.object({ connection: Connection });

const listEnvironmentConnections = defineTool({
  name: 'list_environment_connections',
  title: 'List connections of an environment',
  description: 'List the SSO connections of an environment and of its organizations, unfinished ones included.',
  place: 'environment',
  scope: 'environment:read',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  items: 'connections',
  input: continuing,
  output: z.object({ connections: z.array(ListedConnection), ...pageInfo }),
  run: (_args, { api }) => api.get(path`/connections`, { include: 'all' }),
});

const listOrganizationConnections = defineTool({
  name: 'list_organization_connections',
  title: 'List connections of an organization',
  description: 'List the SSO connections of one organization, unfinished ones included.',
  place: 'environment',
  scope: 'organization:read',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  items: 'connections',
  input: { organizationId, ...continuing },
  output: z.object({ connections: z.array(ListedConnection), ...pageInfo }),
  run: ({ organizationId: organization_id }, { api }) =>
    api.get(path`/connections`, { organization_id, include: 'all' }),
});

const createEnvironmentOidcConnection = defineTool({
  name: 'create_environment_oidc_connection',
  title: 'Create an OIDC connection',
  description:
    'Create an OIDC connection in an environment, as a draft: update_environment_oidc_connection configures it, then it can be enabled.',
  place: 'environment',
  scope: 'environment:write',
  effect: 'add',
  idempotent: false,
  openWorld: false,
  input: { provider },
  output: answer,
  run: (args, { api }) => api.post(path`/connections`, { provider: args.provider, type: 'OIDC' }),
});

const updateEnvironmentOidcConnection = defineTool({
  name: 'update_environment_oidc_connection',
  title: 'Configure an OIDC connection',
  description:
    'Configure an OIDC connection of an environment. What is left out stays as it is, but another identity provider or client_id needs its client_secret.',
  place: 'environment',
  scope: 'environment:write',
  effect: 'overwrite',
  idempotent: true,
  openWorld: false,
  input: {
    connectionId,
    key_id: limited(z.string().trim(), 300).optional().describe('Its name in other settings'),
    provider: provider.optional(),
    oidc_config: oidcSettings,
  },
  output: answer,
  async run({ connectionId: connection_id, key_id, provider: wanted, oidc_config: given }, { api }) {
    const { connection: current } = checkAnswer(answer, await api.get(path`/connections/${connection_id}`));
    refuseOtherTypes(current.type);
    const settings = completeSettings(given, current.oidc_config ?? {}, current.configuration_type);
    const kept = wanted ?? current.provider;
    return api.patch(path`/connections/${connection_id}`, {
      type: 'OIDC',
      ...(key_id && { key_id }),
      // Left out of an update, these could not be told from cleared ones.
      ...(kept && { provider: kept }),
      ...(current.provider_key && { provider_key: current.provider_key }),
      ...(current.attribute_mapping && { attribute_mapping: current.attribute_mapping }),
      ...settings,
    });
  },
});

function refuseOtherTypes(type: string | null | undefined): void {
  if (type === 'OIDC') return;
  throw new ToolError(
    'invalid_arguments',
    'This connection is not an OIDC one. Take the id of one whose type is OIDC, or create one.',
    { field: 'connectionId', nextTool: 'list_environment_connections' },
  );
}

const Toggled = z.object({ enabled: z.boolean(), error_message: z.string().nullish() });

const enableEnvironmentConnection = defineTool({
  name: 'enable_environment_connection',
  title: 'Enable a connection',
  description:
    'Switch on a connection of an environment whose status is COMPLETED, so that people can sign in through it.',
  place: 'environment',
  scope: 'environment:write',
  effect: 'add',
  idempotent: true,
  openWorld: false,
  input: { connectionId },
  output: z.object({ enabled: z.boolean() }),
  async run(args, { api }) {
    const toggled = checkAnswer(Toggled, await api.patch(path`/connections/${args.connectionId}:enable`), 'write');
    if (toggled.enabled) return toggled;
    // The API calls this a success.
    throw new ToolError(
      'invalid_request',
      'Scalekit did not enable the connection: it is still off. `upstream` says why; mend that, then call again.',
      {
        nextTool: 'update_environment_oidc_connection',
        upstream: { status: 200, ...(toggled.error_message && { message: toggled.error_message.slice(0, 500) }) },
      },
    );
  },
});

export const connectionsTools = [
  listEnvironmentConnections,
  listOrganizationConnections,
  createEnvironmentOidcConnection,
  updateEnvironmentOidcConnection,
  enableEnvironmentConnection,
];
