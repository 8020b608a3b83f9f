import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { within } from '../core/within.ts';
import { path } from './path.ts';

const Answer = z.object({ dashboard_permissions: z.array(z.string()) });

/** So long is waited for an answer that is nice to have. */
const PATIENCE_MS = 2_000;

/**
 * The permissions of the dashboard that the caller holds (`GET /members:this`). Never fails: whoever wants to know who
 * they are may be looking for what is wrong with the API.
 * @returns `undefined` where the API does not say: it is away, the caller is no member, or the workspace has no such roles
 */
export async function heldPermissions(api: Api): Promise<readonly string[] | undefined> {
  const asking = api.get(path`/members:this`).catch(() => undefined);
  const { data } = Answer.safeParse(await within(PATIENCE_MS, asking));
  return data?.dashboard_permissions.length ? data.dashboard_permissions : undefined;
}
