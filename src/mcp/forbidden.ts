import type { Denial } from '../access/authorize.ts';
import { bearerChallenge } from '../auth/challenge.ts';
import { Refused } from './refusals.ts';

/**
 * Makes a 403 with a step-up challenge (RFC 6750 §3.1), and a JSON-RPC error that says the same, for clients that show
 * only that.
 * @param resourceMetadata URL of the RFC 9728 document
 */
export function forbidden(
  { error, description, requiredScope, scopes, tool, subject }: Denial,
  resourceMetadata: string,
): Refused {
  const data = {
    ...(tool !== undefined && { tool }),
    ...(subject !== undefined && { subject }),
    ...(requiredScope !== undefined && { required_scope: requiredScope, scope: scopes.join(' ') }),
    resource_metadata: resourceMetadata,
  };
  const challenge = bearerChallenge({ error: 'insufficient_scope', description, scopes, resourceMetadata });
  const headers = error === 'insufficient_scope' ? { 'WWW-Authenticate': challenge } : {};
  return new Refused(403, { message: description, data }, { oauthError: error, outcome: error, headers });
}
