import { z } from 'zod';
import { isExact } from '../core/invisible.ts';
import { isLonger } from '../core/text-length.ts';
import { toolset } from '../core/toolset.ts';
import { Connection, ListedConnection } from '../platform/entities/connection.ts';
import { PROVIDERS } from '../platform/enum-words.ts';
import { exact } from '../platform/exact.ts';
import { configureOidcConnection, createOidcConnection, enableConnection } from '../platform/oidc-connection.ts';
import { oidcSettings } from '../platform/oidc-settings.ts';
import { path } from '../platform/path.ts';
import { idFrom, organizationId } from './fields/ids.ts';
import { limited, shownText } from './fields/texts.ts';

const connectionId = idFrom('conn', 'list_environment_connections');
const provider = z.enum(PROVIDERS);
/** The API's limits: names of 1 to 100 characters, values of 1 to 256. */
const isMapping = (pairs: Readonly<Record<string, string>>) =>
  Object.entries(pairs).every(([name, value]) => isWithin(name, 100) && isWithin(value, 256));
const isWithin = (text: string, max: number) => text !== '' && !isLonger(text, max) && isExact(text);
const attributeMapping = z
  .record(z.string(), z.string())
  .refine((pairs) => Object.keys(pairs).length <= 30, 'holds more than 30 pairs')
  .refine(isMapping, 'must map names of 1 to 100 characters to names of 1 to 256 that people see')
  .describe('Replaces all; at most 30 pairs');

/** Single sign-on: the identity providers that people sign in through. */
export const connections = toolset('connections', { area: 'environment' }, (t) => [
  t.list('list_environment_connections', {
    title: 'List connections of an environment',
    description:
      'List the SSO connections of everybody: identity providers (SAML, OIDC, social login) of all organizations, unfinished ones included.',
    of: { connections: ListedConnection },
    run: (_args, { api }) => api.get(path`/connections`, { include: 'all' }),
  }),

  t.list('list_organization_connections', {
    title: 'List connections of an organization',
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
    description:
      'Create an OIDC connection: SSO or social login by Okta, Google, Microsoft, GitHub. It is a draft: update_environment_oidc_connection configures it.',
    input: { provider },
    output: { connection: Connection },
    run: ({ provider }, { api }) => createOidcConnection(api, provider),
  }),

  t.overwrite('update_environment_oidc_connection', {
    title: 'Configure an OIDC connection',
    description:
      'Configure an OIDC connection for SSO: issuer, client id, secret. What is left out stays, but another identity provider or client_id needs its client_secret.',
    input: {
      connectionId,
      key_id: exact(limited(z.string().trim(), 300)).optional().describe('Its name in other settings'),
      provider: provider.optional(),
      uiButtonTitle: shownText().optional(),
      attributeMapping: attributeMapping.optional(),
      debugEnabled: z.boolean().optional().describe('Allows http'),
      oidc_config: oidcSettings,
    },
    output: { connection: Connection },
    run: ({ connectionId, ...changes }, { api }) => configureOidcConnection(api, connectionId, changes),
  }),

  t.add('enable_environment_connection', {
    title: 'Enable a connection',
    description:
      'Enable (activate) an SSO connection whose status is COMPLETED: switch it on, so that people can sign in (login) through it. Takes app connections too.',
    repeatable: true,
    input: { connectionId },
    output: { enabled: z.boolean() },
    run: ({ connectionId }, { api }) => enableConnection(api, connectionId),
  }),
]);
