import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { within } from '../core/within.ts';
import { path } from './path.ts';

/** A text, and nothing else that may have come in its place. */
const Text = z.string().min(1).optional().catch(undefined);
const Role = z.object({ name: Text, display_name: Text }).optional().catch(undefined);
const Answer = z.object({
  dashboard_permissions: z.array(z.string()).catch([]),
  member: z.object({ email: Text, first_name: Text, last_name: Text, dashboard_role: Role }).catch({}),
});

/** So long is waited for an answer that is nice to have. */
const PATIENCE_MS = 2_000;

/** Where somebody stands in the workspace, as far as the API says it. */
interface Standing {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  /** The name of their role in the dashboard. */
  readonly role?: string | undefined;
  /** What that role allows. */
  readonly permissions?: readonly string[] | undefined;
}

/**
 * Where the caller stands in the workspace (`GET /members:this`). Never fails: whoever wants to know who they are may be
 * looking for what is wrong with the API. Nothing is known where the API is away, or the caller is no member.
 */
export async function standing(api: Api): Promise<Standing> {
  const asking = api.get(path`/members:this`).catch(() => undefined);
  const { data } = Answer.safeParse(await within(PATIENCE_MS, asking));
  if (data === undefined) return {};
  const { email, first_name, last_name, dashboard_role: role } = data.member;
  return {
    name: [first_name, last_name].filter(Boolean).join(' ') || undefined,
    email,
    role: role?.name ?? role?.display_name,
    permissions: data.dashboard_permissions.length > 0 ? data.dashboard_permissions : undefined,
  };
}
