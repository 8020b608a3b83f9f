import { z } from 'zod';
import { also, given, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { createSecret, deleteSecret, showDeletedSecret } from '../platform/client-secrets.ts';
import { ClientSecret } from '../platform/entities/environment-client.ts';
import { OrganizationClient } from '../platform/entities/organization-client.ts';
import { exact } from '../platform/exact.ts';
import {
  changeOrganizationClient,
  createOrganizationClient,
  organizationClientPath,
  readOrganizationClient,
  secretsOfOrganizationClient,
} from '../platform/organization-client.ts';
import { path } from '../platform/path.ts';
import { idFrom, organizationId, secretId } from './fields/ids.ts';
import { note, SECRET_NOTE } from './fields/notes.ts';
import { secretOutput } from './fields/secrets.ts';
import { claimChanges, claims, shortText, shownName } from './fields/texts.ts';

const clientId = idFrom('m2morg', 'list_organization_clients');
const target = { organizationId, clientId };
const output = { client: OrganizationClient };

const texts = z.array(exact(z.string().trim().min(1))).min(1);
const settings = {
  description: shortText(512).optional(),
  scopes: texts.optional().describe('What its tokens permit, such as orders:read'),
  audience: texts.optional().describe('For which APIs its tokens are, usually URLs'),
  expirySeconds: z.int().min(1).optional().describe('How long its access tokens live'),
};

/** The clients with which programs of organizations get tokens by themselves (M2M). */
export const organizationClients = toolset('organization_clients', { area: 'organization', rare: true }, (t) => [
  t.list('list_organization_clients', {
    title: 'List API clients of an organization',
    foundBy: 'machine access of a customer, service accounts of a company, which programs of a customer call us',
    description:
      'List the API clients (M2M, machine-to-machine, service accounts) of one customer: scopes, audience, when each secret was used.',
    of: { clients: OrganizationClient },
    pages: 30,
    input: { organizationId, clientId: clientId.optional().describe('m2morg_…, to show one') },
    async run({ organizationId, clientId, page }, { api }) {
      if (clientId === undefined) return api.get(path`/organizations/${organizationId}/clients`, page);
      const { client } = await readOrganizationClient(api, { organizationId, clientId });
      return { clients: [client], total_size: 1 };
    },
  }),

  t.add('create_organization_client', {
    title: 'Create an API client for an organization',
    foundBy:
      "credentials for a customer's backend, customer's program calls our API, machine-to-machine access for a company, service account for a customer",
    description:
      'Create an API client (M2M, client credentials, service account) with which a customer’s program calls your API. Its secret is shown once.',
    discloses: ['plain_secret'],
    input: {
      organizationId,
      name: shownName(128),
      ...settings,
      customClaims: claims,
    },
    output: {
      ...output,
      plain_secret: z.string(),
      not_applied: z.array(z.string()).optional().describe('Arguments that Scalekit did not heed'),
      note,
    },
    does: ({ organizationId, name, description, scopes, audience, expirySeconds, customClaims }) =>
      sentence`Create the API client ${name} for the organization ${organizationId}${also({ description, scopes, audience, 'token lifetime in seconds': expirySeconds, claims: customClaims })}, and show its secret.`,
    async run({ organizationId, ...wanted }, { api }) {
      return { ...(await createOrganizationClient(api, organizationId, wanted)), note: SECRET_NOTE };
    },
  }),

  t.overwrite('update_organization_client', {
    title: 'Change an API client of an organization',
    foundBy: "change scopes of a customer's program, rename a service account",
    description:
      'Change an API client of a customer: name, scopes, audience, claims, token lifetime. A list replaces the one before; what is left out stays.',
    input: { ...target, name: shownName(128).optional(), ...settings, customClaims: claimChanges },
    output,
    does: ({ organizationId, clientId, name, description, scopes, audience, expirySeconds, customClaims }) =>
      sentence`Change the API client ${clientId} of the organization ${organizationId}: ${given({ name, description, 'scopes, in the place of all before,': scopes, 'audience, in the place of all before,': audience, 'token lifetime in seconds': expirySeconds, claims: customClaims })}.`,
    run: ({ organizationId, clientId, ...changes }, { api }) =>
      changeOrganizationClient(api, { organizationId, clientId }, changes),
  }),

  t.remove('delete_organization_client', {
    title: 'Delete an API client of an organization',
    foundBy: "remove a customer's machine access, service account not needed any more",
    description: 'Delete an API client (M2M, service account) of a customer for good, with all its secrets.',
    input: target,
    shows: output,
    stopsWorking:
      'Whatever signs in with this client: its secrets are gone, and its access tokens end within the lifetime shown.',
    does: ({ organizationId, clientId }) =>
      sentence`Delete the API client ${clientId} of the organization ${organizationId} for good, with its secrets.`,
    at: (args) => organizationClientPath(args),
    listedBy: 'list_organization_clients',
  }),

  t.add('create_organization_client_secret', {
    title: 'Create a secret for an API client of an organization',
    foundBy: "rotate the secret of a customer's service account, customer lost its secret",
    description:
      'Create another secret for an API client of a customer, to rotate the one before: both work until that is deleted. Shown once.',
    discloses: ['plain_secret'],
    input: target,
    output: secretOutput,
    does: ({ organizationId, clientId }) =>
      sentence`Create another secret for the API client ${clientId} of the organization ${organizationId}, and show it.`,
    run: async (args, { api }) => ({
      ...(await createSecret(api, secretsOfOrganizationClient(api, args))),
      note: SECRET_NOTE,
    }),
  }),

  t.destroy('delete_organization_client_secret', {
    title: 'Delete a secret of an API client of an organization',
    foundBy: "leaked secret of a customer's service account",
    description: 'Delete (revoke, rotate out) one secret of an API client of a customer. The last one stays.',
    input: { ...target, secretId },
    shows: { ...output, secret_detail: ClientSecret, active_others: z.int().describe('How many stay good') },
    stopsWorking: 'Whatever signs in with this secret gets no more tokens; those that it has end by themselves.',
    does: ({ organizationId, clientId, secretId }) =>
      sentence`Delete the secret ${secretId} of the API client ${clientId} of the organization ${organizationId} for good.`,
    show: ({ secretId, ...args }, { api }) => showDeletedSecret(secretsOfOrganizationClient(api, args), secretId),
    output: { deleted_id: z.string() },
    run: ({ secretId, ...args }, { api }) => deleteSecret(api, secretsOfOrganizationClient(api, args), secretId),
  }),
]);
