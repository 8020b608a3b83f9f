import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { requireCameTrue } from './came-true.ts';
import { type ConnectionTarget, explained, listOf, pathOf } from './connection-target.ts';
import { path } from './path.ts';
import { readBack } from './read-back.ts';

/** JSON of protocol buffers may leave false out. */
const Toggled = z.object({ enabled: z.boolean().nullish(), error_message: z.string().nullish() });
const Current = z.object({ connection: z.object({ enabled: z.boolean().nullish() }) });

/**
 * Enables a connection, an app connection of the environment too (`PATCH /connections/{id}:enable` or
 * `/organizations/{id}/connections/{id}:enable`).
 * @throws ToolError `invalid_request` when the API answers 200, but the connection is not enabled
 */
export async function enableConnection(api: Api, target: ConnectionTarget) {
  const { organizationId, id } = target;
  const at =
    organizationId === undefined
      ? path`/connections/${id}:enable`
      : path`/organizations/${organizationId}/connections/${id}:enable`;
  const toggled = checkAnswer(Toggled, await explained(api, target, api.patch(at)), 'write');
  if (toggled.enabled) return { enabled: true };
  const nextTool = organizationId === undefined ? 'update_environment_oidc_connection' : 'get_organization_connection';
  throw notToggled('enable the connection: it is still off', nextTool, toggled.error_message);
}

/**
 * Disables a connection, an app connection of the environment too, and reads it to see that nobody signs in by it any more.
 * @throws ToolError `invalid_request` when the API answers 200, but says that it is enabled; `not_applied`
 */
export async function disableConnection(api: Api, target: ConnectionTarget) {
  const { organizationId, id } = target;
  const at =
    organizationId === undefined
      ? path`/connections/${id}:disable`
      : path`/organizations/${organizationId}/connections/${id}:disable`;
  const toggled = checkAnswer(Toggled, await explained(api, target, api.patch(at)), 'write');
  const list = listOf(target);
  if (toggled.enabled) throw notToggled('disable the connection: it is still on', list, toggled.error_message);
  const { connection } = checkAnswer(Current, await readBack(api.get(pathOf(target)), list));
  requireCameTrue({ enabled: { asked: false, shown: connection.enabled } }, list);
  return { enabled: false };
}

function notToggled(what: string, nextTool: string, why: string | null | undefined): ToolError {
  const message = `Scalekit did not ${what}. \`upstream\` says why; mend that, then call again.`;
  return new ToolError('invalid_request', message, {
    nextTool,
    upstream: { status: 200, ...(why && { message: why }) },
  });
}
