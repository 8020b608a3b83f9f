import { ToolError } from '../core/errors.ts';
import type { OwnClient } from '../core/tool.ts';
import type { WantedClient } from './app-client.ts';

/*
 * What would shut this server out of Scalekit is left to the dashboard, however much a person agrees to it: afterwards no
 * tool works any more, not even one that would take it back.
 */

/** Whether a client is the one with which this server reaches the API. */
export function isOwn(own: OwnClient | undefined, clientId: string): own is OwnClient {
  return own?.id === clientId;
}

/** @throws ToolError `invalid_arguments` for this server's own client */
export function refuseOwnClient(own: OwnClient | undefined, clientId: string): void {
  if (isOwn(own, clientId)) throw shutsOut('the client', 'clientId');
}

/**
 * Refuses the secret that this server uses, and one of which nobody can tell.
 * @throws ToolError `invalid_arguments`
 */
export function refuseOwnSecret(own: OwnClient | undefined, clientId: string, suffix: string | null | undefined): void {
  if (isOwn(own, clientId) && (!suffix || own.usesSecretThatEnds(suffix))) throw shutsOut('the secret', 'secretId');
}

/** @throws ToolError `invalid_arguments` for changes of this server's own client with which it could not reach the API */
export function refuseOwnLockOut(own: OwnClient | undefined, clientId: string, changes: WantedClient): void {
  if (!isOwn(own, clientId)) return;
  if (changes.disallowScalekitApiAccess === true) throw shutsOut('the client', 'disallowScalekitApiAccess');
  if (changes.grantTypes && !changes.grantTypes.includes('client_credentials')) {
    throw shutsOut('the client', 'grantTypes');
  }
  // Nobody here knows from which address this server is seen.
  if (changes.ipAllowlist && changes.ipAllowlist.length > 0) throw shutsOut('the client', 'ipAllowlist');
}

function shutsOut(what: string, field: string): ToolError {
  const message = `This is ${what} with which this server itself reaches Scalekit: with that, no tool would work any more, for anybody. Nothing was changed. Whoever operates this server gives it another one first, or does it in the Scalekit dashboard.`;
  return new ToolError('invalid_arguments', message, { field });
}
