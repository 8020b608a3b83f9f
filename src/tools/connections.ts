import { z } from 'zod';
import { ToolError } from '../core/errors.ts';
import { later } from '../core/later.ts';
import { given, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { Word } from '../core/word.ts';
import { Finding } from '../diagnosis/finding.ts';
import { showEnvironmentConnection, showOrganizationConnection } from '../platform/connection-dependents.ts';
import { explained, pathOf } from '../platform/connection-target.ts';
import { assignDomains } from '../platform/domains-of-connection.ts';
import { AnyConnection, Connection, ListedConnection, SsoConnection } from '../platform/entities/connection.ts';
import { DependentAccounts, DependentConfigs, DependentServers } from '../platform/entities/dependents.ts';
import { CONNECTION_STATES } from '../platform/enum-words.ts';
import { createConnection } from '../platform/new-connection.ts';
import { configureOidcConnection } from '../platform/oidc-connection.ts';
import { oidcSettings } from '../platform/oidc-settings.ts';
import { path } from '../platform/path.ts';
import { configureSamlConnection } from '../platform/saml-connection.ts';
import { samlSettings } from '../platform/saml-settings.ts';
import { disableConnection, enableConnection } from '../platform/toggle-connection.ts';
import { commonChanges, provider } from './fields/connections.ts';
import { idFrom, organizationId } from './fields/ids.ts';
import { shortText, trimmedText } from './fields/texts.ts';

const diagnosis = later(() => import('../diagnosis/connection/diagnose.ts'));
const connectionId = idFrom('conn', 'list_environment_connections');
/** A connection of the environment itself, and the tool that does the same with one of an organization. */
const ofEnvironment = (id: string, forOrganizations: string) => ({ id, forOrganizations });

/** What a configuration changes. It says that a secret is replaced, and not by which. */
const changed = (
  { key_id, uiButtonTitle, attributeMapping, debugEnabled, ...changes }: Readonly<Record<string, unknown>>,
  { client_secret: secret, ...settings }: Readonly<Record<string, unknown>> = {},
) =>
  given({
    ...changes,
    'key id': key_id,
    'title of the button': uiButtonTitle,
    'mapping of attributes': attributeMapping,
    debugging: debugEnabled,
    ...settings,
    client_secret: secret === undefined ? undefined : sentence`(another one)`,
  });

/** What taking such a connection away shows first. */
const lossOfEnvironment = {
  shows: {
    connection: AnyConnection,
    mcp_servers: DependentServers.optional(),
    connected_accounts: DependentAccounts.optional(),
    configs: DependentConfigs.optional(),
  },
  stopsWorking:
    'Sign-ins through this connection, those at the MCP servers shown too; of an app connection, what agents do through it.',
};

const testRequestId = trimmedText(128).refine((id) => /^test_\w+$/.test(id), 'must look like test_1234');
const domainId = idFrom('dom', 'list_organization_domains');
const protocol = z.enum(['OIDC', 'SAML']);
const output = { connection: SsoConnection };
/** What names a connection of an organization. */
const input = { organizationId, connectionId: idFrom('conn', 'list_organization_connections') };
/** Facts of the tools for connections of organizations. */
const ofCustomers = { area: 'organization', rare: true } as const;

/** A connection of an organization. */
function ofOrganization({ organizationId, connectionId: id }: { organizationId: string; connectionId: string }) {
  return { organizationId, id, forOrganizations: 'get_organization_connection' };
}

/** What taking a connection of an organization away shows first. */
const loss = {
  shows: output,
  stopsWorking: 'The SSO login of this customer through this connection, for all people of the domains shown.',
};

/** Single sign-on: the identity providers that people sign in through. */
export const connections = toolset('connections', { area: 'environment' }, (t) => [
  t.list('list_environment_connections', {
    title: 'List connections of an environment',
    foundBy: 'which identity providers are configured, all logins that are set up, social logins, every SSO connection',
    description:
      'List the SSO connections of everybody: identity providers (SAML, OIDC, social login) of all organizations, unfinished ones included.',
    of: { connections: ListedConnection },
    run: (_args, { api }) => api.get(path`/connections`, { include: 'all' }),
  }),

  t.list('list_organization_connections', {
    title: 'List connections of an organization',
    foundBy:
      'which identity providers a customer uses, how do people of a company log in, SSO of one customer, does a company use Okta or Entra',
    description:
      'List the SSO connections (identity providers, SAML, OIDC) of one organization, that is of a customer, unfinished ones included.',
    area: 'organization',
    of: { connections: ListedConnection },
    input: { organizationId },
    run: ({ organizationId: organization_id }, { api }) =>
      api.get(path`/connections`, { organization_id, include: 'all' }),
  }),

  t.add('create_environment_oidc_connection', {
    title: 'Create an OIDC connection',
    foundBy: 'add Google or GitHub login, social login for everybody, sign in with Microsoft',
    description:
      'Create an OIDC connection: SSO or social login by Okta, Google, Microsoft, GitHub. It is a draft: update_environment_oidc_connection configures it.',
    input: { provider },
    does: ({ provider }) => sentence`Create a draft of an OIDC connection of the environment to ${provider}.`,
    output: { connection: Connection },
    run: ({ provider }, { api }) => createConnection(api, { type: 'OIDC', provider }),
  }),

  t.overwrite('update_environment_oidc_connection', {
    title: 'Configure an OIDC connection',
    foundBy: 'credentials of Google login, configure social login, client id of the Google connection',
    description:
      'Configure an OIDC connection for SSO: issuer, client id, secret. What is left out stays, but another identity provider or client_id needs its client_secret.',
    input: {
      connectionId,
      ...commonChanges,
      oidc_config: oidcSettings,
    },
    does: ({ connectionId, oidc_config, ...changes }) =>
      sentence`Configure the OIDC connection ${connectionId} of the environment: ${changed(changes, oidc_config)}.`,
    output: { connection: Connection },
    run: ({ connectionId, ...changes }, { api }) =>
      configureOidcConnection(api, ofEnvironment(connectionId, 'update_organization_oidc_connection'), changes),
  }),

  t.add('enable_environment_connection', {
    title: 'Enable a connection',
    foundBy: 'turn a social login on, switch on Google sign-in',
    description:
      'Enable (activate) an SSO connection whose status is COMPLETED: switch it on, so that people can sign in (login) through it. Takes app connections too.',
    repeatable: true,
    input: { connectionId },
    does: ({ connectionId }) => sentence`Switch the connection ${connectionId} of the environment on.`,
    output: { enabled: z.boolean() },
    run: ({ connectionId }, { api }) =>
      enableConnection(api, ofEnvironment(connectionId, 'enable_organization_connection')),
  }),

  t.read('get_environment_connection', {
    title: 'Get a connection of an environment',
    foundBy: 'settings of a social login, details of one connection',
    description:
      'Show one SSO, social login or app connection of the environment: settings, what to register at the identity provider, a link to test it.',
    rare: true,
    input: { connectionId },
    output: { connection: SsoConnection },
    run: ({ connectionId }, { api }) => {
      const target = ofEnvironment(connectionId, 'get_organization_connection');
      return explained(api, target, api.get(pathOf(target)));
    },
  }),

  t.destroy('disable_environment_connection', {
    title: 'Disable a connection of an environment',
    foundBy: 'turn a social login off, no more Google sign-in, pause a login for everybody',
    description:
      'Disable (deactivate, switch off) an SSO, social login or app connection of the environment: nobody can sign in (login) through it.',
    rare: true,
    input: { connectionId },
    does: ({ connectionId }) => sentence`Switch the connection ${connectionId} of the environment off.`,
    ...lossOfEnvironment,
    show: ({ connectionId }, { api }) =>
      showEnvironmentConnection(api, ofEnvironment(connectionId, 'disable_organization_connection')),
    output: { enabled: z.boolean() },
    run: ({ connectionId }, { api }) =>
      disableConnection(api, ofEnvironment(connectionId, 'disable_organization_connection')),
  }),

  t.remove('delete_environment_connection', {
    title: 'Delete a connection of an environment',
    foundBy: 'remove a social login for good',
    description:
      'Delete an SSO, social login or app connection of the environment for good, with its settings: nobody can sign in (login) through it.',
    rare: true,
    input: { connectionId },
    does: ({ connectionId }) =>
      sentence`Delete the connection ${connectionId} of the environment for good, with its settings.`,
    ...lossOfEnvironment,
    show: ({ connectionId }, { api }) =>
      showEnvironmentConnection(api, ofEnvironment(connectionId, 'delete_organization_connection')),
    at: ({ connectionId }) => path`/connections/${connectionId}`,
    listedBy: 'list_environment_connections',
  }),

  t.read('get_connection_test_result', {
    foundBy: 'test login failed, test of SSO, did the test work, which attributes arrived',
    description:
      'Show what came of a test sign-in through an SSO connection: whether it worked, the user attributes that arrived, or why the login failed.',
    rare: true,
    input: {
      connectionId: connectionId.describe('From list_environment_connections or list_organization_connections'),
      testRequestId: testRequestId.describe('test_…, told where test_connection_uri of the connection was opened'),
    },
    output: {
      status: Word.nullish().describe('PENDING (nobody has finished it), SUCCESS or FAILURE'),
      user_info: z.string().nullish().describe('What the identity provider said of the user'),
      error: z.string().nullish(),
      error_description: z.string().nullish(),
      error_details: z.string().nullish(),
    },
    run: ({ connectionId, testRequestId }, { api }) =>
      api.get(path`/connections/${connectionId}/test-requests/${testRequestId}`),
  }),

  t.read('diagnose_connection', {
    title: 'Diagnose a connection',
    foundBy:
      'SSO is broken, cannot sign in, login fails for a customer, nobody can log in, troubleshoot, people get an error at login, SSO stopped working, locked out',
    description:
      'Find out why people cannot sign in (login) by an SSO connection: settings, domains, features, directory, last sign-ins, and what mends it.',
    alsoNeeds: ['organization:read'],
    input: {
      connectionId,
      organizationId: organizationId.optional(),
      testRequestId: testRequestId.optional(),
    },
    output: {
      connection: z.object({
        id: z.string(),
        organization_id: z.string().optional(),
        type: Word.optional(),
        provider: Word.optional(),
        status: Word.optional(),
        enabled: z.boolean(),
        test_connection_uri: z.string().optional().describe('Where a person can try it out'),
      }),
      healthy: z.boolean().describe('Nothing failed; findings may warn'),
      findings: z.array(Finding).describe('What did not pass, the gravest and likeliest first'),
      passed: z.array(z.string()),
      not_read: z.array(z.string()).describe('What your role in the workspace, or the plan, does not show'),
      truncated: z.boolean().optional(),
    },
    run: async (named, { api }) => (await diagnosis()).diagnoseConnection(api, named),
  }),

  t.list('search_organization_connections', {
    title: 'Search connections of organizations',
    foundBy:
      'which connection does an email domain lead to, who uses Okta, to which customer does a connection belong, customers with SAML',
    description:
      'Search the SSO connections of all customers: which connection an email domain leads to, or by provider, SAML or OIDC, status, on or off, tenant.',
    ...ofCustomers,
    of: { connections: ListedConnection },
    pages: 30,
    input: {
      query: shortText(100).optional().describe('Id of a connection or of an organization'),
      domain: shortText(32).optional().describe('Email domain that leads there; alone'),
      provider: provider.optional(),
      type: protocol.optional(),
      status: z.enum(CONNECTION_STATES).optional(),
      enabled: z.boolean().optional(),
    },
    run({ query, domain, provider, type: connection_type, status, enabled, page }, { api }) {
      const filters = { query, provider, connection_type, status, enabled };
      if (domain === undefined) {
        return api.get(path`/organizations/-/connections:search`, { ...filters, ...page });
      }
      if (Object.values({ ...filters, ...page }).every((value) => value === undefined)) {
        return api.get(path`/connections`, { domain: domain.toLowerCase(), include: 'all' });
      }
      throw new ToolError('invalid_arguments', 'Give domain alone: few connections belong to one.', {
        field: 'domain',
      });
    },
  }),

  t.read('get_organization_connection', {
    title: 'Get a connection of an organization',
    foundBy: "what must the customer enter at Okta, ACS URL and entity id, settings of a customer's SSO",
    description:
      'Show one SSO connection (SAML, OIDC) of a customer: settings, domains, what to register at its identity provider, a link to test it.',
    ...ofCustomers,
    input,
    output,
    run: (args, { api }) => api.get(pathOf(ofOrganization(args))),
  }),

  t.add('create_organization_connection', {
    title: 'Create a connection for an organization',
    foundBy: 'set up SSO for a customer, company wants to log in with Okta or Entra, new SAML or OIDC for a company',
    description:
      'Create an SSO connection for a customer, SAML or OIDC: Okta, Microsoft Entra (Azure AD), Google and others. A draft, to be configured next.',
    ...ofCustomers,
    input: { organizationId, type: protocol, provider },
    does: ({ organizationId, type, provider }) =>
      sentence`Create a draft of a connection of the organization ${organizationId} to ${provider} by ${type}.`,
    output,
    run: (wanted, { api }) => createConnection(api, wanted),
  }),

  t.overwrite('update_organization_oidc_connection', {
    title: 'Configure an OIDC connection of an organization',
    foundBy: "Okta or Entra client secret expired, issuer or client id of a customer's SSO changed",
    description:
      'Configure OIDC SSO for one tenant: issuer, client_id, secret. What is left out stays; another issuer or client_id needs its client_secret.',
    ...ofCustomers,
    input: { ...input, ...commonChanges, oidc_config: oidcSettings },
    does: ({ organizationId, connectionId, oidc_config, ...changes }) =>
      sentence`Configure the OIDC connection ${connectionId} of the organization ${organizationId}: ${changed(changes, oidc_config)}.`,
    output,
    run: ({ organizationId, connectionId, ...changes }, { api }) =>
      configureOidcConnection(api, ofOrganization({ organizationId, connectionId }), changes),
  }),

  t.overwrite('update_organization_saml_connection', {
    title: 'Configure a SAML connection of an organization',
    foundBy: "IdP certificate expired, new certificate, entity id, metadata of a customer's SAML, upload metadata",
    description:
      'Configure SAML SSO for one tenant: metadata URL, or entity id, sign-in URL and certificate of its provider. What is left out stays.',
    ...ofCustomers,
    input: { ...input, ...commonChanges, saml_config: samlSettings },
    does: ({ organizationId, connectionId, saml_config, ...changes }) =>
      sentence`Configure the SAML connection ${connectionId} of the organization ${organizationId}: ${changed(changes, saml_config)}.`,
    output,
    run: ({ organizationId, connectionId, ...changes }, { api }) =>
      configureSamlConnection(api, ofOrganization({ organizationId, connectionId }), changes),
  }),

  t.overwrite('assign_domains_to_connection', {
    title: 'Assign domains to a connection',
    foundBy: 'people of an email domain go to an identity provider, route logins by domain',
    description:
      'Set the email domains whose people sign in (login) by one SSO connection. Replaces all: domains left out no longer lead there.',
    ...ofCustomers,
    input: {
      ...input,
      domainIds: z.array(domainId).max(50).describe('From list_organization_domains; at most 50'),
    },
    does: ({ organizationId, connectionId, domainIds }) =>
      sentence`Lead exactly these domains of the organization ${organizationId} to the connection ${connectionId}: ${domainIds}.`,
    output,
    run: ({ domainIds, ...args }, { api }) => assignDomains(api, ofOrganization(args), domainIds),
  }),

  t.add('enable_organization_connection', {
    title: 'Enable a connection of an organization',
    foundBy: 'turn SSO on for a customer, activate SSO after setup, customer may use SSO now',
    description:
      'Enable (activate, switch on) the SSO connection of a customer, whose status must be COMPLETED: its people sign in through it from then on.',
    ...ofCustomers,
    repeatable: true,
    input,
    does: ({ organizationId, connectionId }) =>
      sentence`Switch the connection ${connectionId} of the organization ${organizationId} on.`,
    output: { enabled: z.boolean() },
    run: (args, { api }) => enableConnection(api, ofOrganization(args)),
  }),

  t.destroy('disable_organization_connection', {
    title: 'Disable a connection of an organization',
    foundBy: 'turn SSO off for a customer, pause the SSO of a company, stop logins through Okta for a customer',
    description:
      'Disable (deactivate, switch off) the SSO connection of a customer, whose people can no longer sign in (login) through it.',
    ...ofCustomers,
    input,
    does: ({ organizationId, connectionId }) =>
      sentence`Switch the connection ${connectionId} of the organization ${organizationId} off.`,
    ...loss,
    show: (args, { api }) => showOrganizationConnection(api, ofOrganization(args)),
    output: { enabled: z.boolean() },
    run: (args, { api }) => disableConnection(api, ofOrganization(args)),
  }),

  t.remove('delete_organization_connection', {
    title: 'Delete a connection of an organization',
    foundBy: 'remove the SSO of a customer, company no longer uses Okta',
    description:
      'Delete the SSO connection of a customer for good, with its settings: its people can no longer sign in (login) through it.',
    ...ofCustomers,
    input,
    does: ({ organizationId, connectionId }) =>
      sentence`Delete the connection ${connectionId} of the organization ${organizationId} for good, with its settings.`,
    ...loss,
    show: (args, { api }) => showOrganizationConnection(api, ofOrganization(args)),
    at: (args) => pathOf(ofOrganization(args)),
    listedBy: 'list_organization_connections',
  }),
]);
