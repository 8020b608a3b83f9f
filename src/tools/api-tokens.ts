import { z } from 'zod';
import { also, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { createToken, invalidateToken, listTokens, showToken, TokenOwner } from '../platform/api-token.ts';
import { ApiToken } from '../platform/entities/api-token.ts';
import { exact } from '../platform/exact.ts';
import { idFrom, organizationId, userId } from './fields/ids.ts';
import { note, SECRET_NOTE } from './fields/notes.ts';
import { moment, shortText } from './fields/texts.ts';

const tokenId = idFrom('apit', 'list_api_tokens');
const ofUser = userId.optional().describe('usr_…, for one that stands for one of its users');

/** The opaque tokens (API keys) with which programs of organizations call the customer's application. */
export const apiTokens = toolset('api_tokens', { area: 'organization', rare: true }, (t) => [
  t.list('list_api_tokens', {
    title: 'List API tokens of an organization',
    foundBy: 'API keys of a customer, which keys are in use',
    description: 'List the active API tokens (API keys) of one customer, or of one of its users, with how each ends.',
    of: { tokens: ApiToken },
    pages: 30,
    input: { organizationId, userId: userId.optional().describe('usr_…, for those of one user') },
    run: ({ organizationId, userId, page }, { api }) => listTokens(api, organizationId, userId, page),
  }),

  t.add('create_api_token', {
    title: 'Create an API token for an organization',
    foundBy: 'API key for a customer, new key, rotate an API key, let a script of a customer call our API',
    description:
      'Create an API token (API key) with which a program of a customer, or of one of its users, calls your application. Secret, shown once.',
    discloses: ['token'],
    input: {
      organizationId,
      userId: ofUser,
      description: shortText(255).optional().describe('What it is for'),
      customClaims: z
        .record(exact(z.string().min(1).max(30)), z.string().min(1).max(256))
        .refine((claims) => Object.keys(claims).length <= 20, 'holds more than 20 claims')
        .optional()
        .describe(
          'Your application gets them with the token. At most 20; names of 1 to 30 characters, values of 1 to 256',
        ),
      expiresAt: moment.optional().describe('Such as 2027-01-31T09:00:00Z. Left out: never'),
    },
    output: {
      token: z.string(),
      token_id: z.string().describe('To end it with; not for its user'),
      details: ApiToken.nullish(),
      not_applied: z.array(z.string()).optional().describe('Arguments that Scalekit did not heed'),
      note,
    },
    does: ({ organizationId, userId, description, customClaims, expiresAt }) =>
      sentence`Create an API token for the organization ${organizationId}${also({ user: userId, description, claims: customClaims, end: expiresAt ?? 'never' })}, and show it.`,
    run: async ({ organizationId, ...wanted }, { api }) => ({
      ...(await createToken(api, organizationId, wanted)),
      note: SECRET_NOTE,
    }),
  }),

  t.destroy('invalidate_api_token', {
    title: 'Invalidate an API token',
    foundBy: 'leaked or compromised API key, disable a key, stop a key from working, key was published',
    description: 'Invalidate (revoke, delete) an API token (API key) of a customer for good, such as one that leaked.',
    input: { organizationId, tokenId },
    shows: { organization: TokenOwner, token_detail: ApiToken },
    stopsWorking: 'Every program that calls your application with this token.',
    does: ({ organizationId, tokenId }) =>
      sentence`Invalidate the API token ${tokenId} of the organization ${organizationId} for good.`,
    show: ({ organizationId, tokenId }, { api }) => showToken(api, organizationId, tokenId),
    output: { invalidated_id: z.string() },
    run: ({ organizationId, tokenId }, { api }) => invalidateToken(api, organizationId, tokenId),
  }),
]);
