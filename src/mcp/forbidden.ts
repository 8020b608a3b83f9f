import type { ServerResponse } from 'node:http';
import type { Denial } from '../access/authorize.ts';
import { bearerChallenge } from '../auth/challenge.ts';
import type { Message } from '../core/message.ts';
import { errorUri } from '../http/origin.ts';
import { Refused, RPC } from './refusals.ts';

/**
 * Makes a 403 with a step-up challenge (RFC 6750 §3.1), which it sets on the response, and a JSON-RPC error that says
 * the same, for clients that show only that.
 * @param resourceMetadata URL of the RFC 9728 document
 */
export function forbidden(
  { error, description, requiredScope, scopes, tool }: Denial,
  resourceMetadata: string,
  id: Message['id'],
  response: ServerResponse,
): Refused {
  if (error === 'insufficient_scope') {
    response.setHeader('WWW-Authenticate', bearerChallenge({ error, description, scopes, resourceMetadata }));
  }
  const data = {
    error,
    error_description: description,
    error_uri: errorUri(response.req, error),
    ...(tool !== undefined && { tool }),
    ...(requiredScope !== undefined && { required_scope: requiredScope, scope: scopes.join(' ') }),
    resource_metadata: resourceMetadata,
  };
  return new Refused(403, { code: RPC.forbidden, message: description, data }, { id, outcome: error });
}
