import type { Environment } from '../data/types.ts';
import { ApiError } from './api-error.ts';
import { text } from './fields.ts';
import { message } from './message.ts';
import { environmentOperation } from './operation.ts';

/** No underscore, hyphen, dot, slash or asterisk. */
const SCOPE_NAME = /^[a-zA-Z0-9:]{1,64}$/;

/** scalekit.v1.clients.CreateScope */
const createScope = {
  name: text({ minLen: 1, maxLen: 100, pattern: SCOPE_NAME }),
  description: text({ maxLen: 2000 }),
} as const;

const environmentId = text({ maxLen: 32 });

/** The OAuth scopes of scalekit.v1.clients.ClientService */
export const scopesOperations = [
  environmentOperation({
    verb: 'GET',
    path: '/scopes',
    accepts: ['workspace'],
    permission: 'scopes_read',
    request: { env_id: environmentId },
    run({ request, environment, content }) {
      refuseOther(request.env_id, environment);
      return { scopes: content.scopes };
    },
  }),

  environmentOperation({
    verb: 'POST',
    path: '/scopes',
    accepts: ['workspace'],
    permission: 'scopes_write',
    body: 'scope',
    request: { scope: message(createScope, { required: true }), env_id: environmentId },
    run({ request, environment, content, store }) {
      refuseOther(request.env_id, environment);
      const { name, description } = request.scope;
      if (content.scopes.some((scope) => scope.name === name)) {
        throw new ApiError('ALREADY_EXISTS', 'a scope with this name exists in the environment');
      }
      const scope = { id: store.newId('scp'), name, description, enabled: true };
      content.scopes.push(scope);
      return { scope };
    },
  }),
];

/** Which of the two would win is not known: whoever names two environments must hear of it. */
function refuseOther(environmentId: string, environment: Environment): void {
  if (environmentId === '' || environmentId === environment.id) return;
  throw new ApiError('PERMISSION_DENIED', 'env_id is not the environment of x-env-domain');
}
