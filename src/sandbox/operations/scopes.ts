import { ClientService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/clients/clients_pb.js';
import type { Environment } from '../data/types.ts';
import { ApiError, byId, invalid, refuseTaken } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import { given, remove, replace } from './parts.ts';

/** Documented: what OpenID Connect calls its own scopes cannot be created. */
const RESERVED: readonly string[] = ['profile', 'email', 'address', 'phone'];
const RESERVED_NAME = { field: 'scope.name', description: 'value is reserved', constraint: 'scope.reserved' };

export const scopesOperations = operations(ClientService, {
  listScopes: ({ request, environment, content }) => {
    refuseOther(request.env_id, environment);
    return { scopes: content.scopes };
  },

  createScope: ({ request, environment, content, store }) => {
    refuseOther(request.env_id, environment);
    const { name, description } = given(request.scope);
    if (RESERVED.includes(name)) throw invalid(RESERVED_NAME);
    refuseTaken(content.scopes, (scope) => scope.name === name, 'a scope with this name');
    const scope = { id: store.newId('scp'), name, description, enabled: true };
    content.scopes.push(scope);
    return { scope };
  },

  // A PATCH without field mask: a description that is left out is empty afterwards; `enabled` has presence.
  updateScope: ({ request, content }) => {
    const before = byId(content.scopes, request.id, 'scope');
    const { description, enabled = before.enabled } = given(request.scope);
    return { scope: replace(content.scopes, before, { ...before, description, enabled }) };
  },

  deleteScope: ({ request, content }) => {
    const scope = byId(content.scopes, request.id, 'scope');
    // Resources know a scope by its name: another one with that name must not be enabled by itself.
    for (const resource of content.resources) {
      const enabledScopes = resource.enabledScopes.filter((name) => name !== scope.name);
      replace(content.resources, resource, { ...resource, enabledScopes });
    }
    return remove(content.scopes, scope);
  },
});

/** Which of the two would win is not known: whoever names two environments must hear of it. */
function refuseOther(environmentId: string, environment: Environment): void {
  if (environmentId === '' || environmentId === environment.id) return;
  throw new ApiError('PERMISSION_DENIED', 'env_id is not the environment of x-env-domain');
}
