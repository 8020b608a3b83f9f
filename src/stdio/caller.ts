import type { Caller } from '../auth/caller.ts';
import { parseGrant } from '../auth/scopes.ts';
import { personKey } from '../core/person.ts';
import { SCOPES } from '../core/scope.ts';

/**
 * The caller of a process without a port: whoever started it has the credentials of the environment's client, and may do
 * with them what the operator's bounds and Scalekit leave. So every scope is granted, and there is no token.
 */
export function clientCaller(environmentUrl: string, clientId: string): Caller {
  return Object.freeze({
    key: JSON.stringify([environmentUrl, clientId, clientId, undefined]),
    person: personKey(environmentUrl, clientId),
    subject: clientId,
    clientId,
    organizationId: undefined,
    grant: parseGrant([...SCOPES, 'mcp:resources:*']),
    expiresAt: undefined,
    bearer: () => '',
  });
}
