import { randomBytes } from 'node:crypto';
import { ApiTokenService, TokenSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tokens/tokens_pb.js';
import { complete } from '../contract/complete.ts';
import { byId, findIn, invalid } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import { page } from './paging.ts';
import { given, now, remove } from './parts.ts';

/** Tokens with which programs call the application. They are opaque, and kept as hashes. */
export const apiTokensOperations = operations(ApiTokenService, {
  // Documented: active ones alone.
  listTokens: ({ request, environment, content }) => {
    const { organization_id, user_id: wanted, page_size, page_token } = request;
    const { id } = byId(content.organizations, organization_id, 'organization');
    const matching = content.apiTokens.filter(
      (token) => token.organization_id === id && (wanted === undefined || token.user_id === wanted),
    );
    const listing = ['tokens', environment.id, id, wanted];
    const { total_size: total_count, ...around } = page('tokens', matching, { page_size, page_token }, listing);
    return { ...around, total_count };
  },

  // Seen in the live tests of Scalekit's SDK: one for a user needs an active membership of that user.
  createToken: ({ request, content, store }) => {
    const { organization_id, user_id, custom_claims, expiry, description } = given(request.token);
    const organization = byId(content.organizations, organization_id, 'organization');
    const user = user_id ? byId(content.users, user_id, 'user') : undefined;
    const isOfIt = (one: { readonly organization_id: string }) => one.organization_id === organization_id;
    const membership = user && findIn(user.memberships, isOfIt, 'membership');
    if (membership && membership.membership_status !== 'ACTIVE') {
      const description = 'the user has no active membership of the organization';
      throw invalid({ field: 'token.user_id', description, constraint: 'membership.active' });
    }
    const token = randomBytes(32).toString('hex');
    const token_info = complete(TokenSchema, {
      token_id: store.newId('apit'),
      organization_id,
      organization_external_id: organization.external_id,
      ...(user && { user_id: user.id, user_external_id: user.external_id, email: user.email }),
      roles: membership?.roles.map(({ name }) => name) ?? [],
      custom_claims,
      expiry,
      created_at: now(),
      description: description || undefined,
      token_suffix: token.slice(-4),
    });
    content.apiTokens.push(token_info);
    return { token, token_id: token_info.token_id, token_info };
  },

  // Seen in the live tests of Scalekit's SDK: by its id as well, and once more is no error.
  invalidateToken: ({ request, content }) => {
    const sought = content.apiTokens.find(({ token_id }) => token_id === request.token);
    if (sought !== undefined) remove(content.apiTokens, sought);
    return {};
  },
});
