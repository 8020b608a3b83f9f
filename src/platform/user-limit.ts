import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { WholeNumber } from '../core/whole-number.ts';
import { requireTold } from './came-true.ts';
import { path } from './path.ts';

/** What is set for the users of an organization (`scalekit.v1.organizations.OrganizationUserManagementSettings`). */
export const UserLimit = z.object({ max_allowed_users: WholeNumber.nullish().describe('Left out, or 0: no limit') });

const Answer = z.object({ settings: UserLimit.nullish() });

/**
 * Sets how many users an organization may have (`PATCH /organizations/{id}/settings/usermanagement`).
 * @param most 0: no limit. The API lifts it when no number is there.
 * @throws ToolError `not_applied`
 */
export async function limitUsers(api: Api, organizationId: string, most: number) {
  const at = path`/organizations/${organizationId}/settings/usermanagement`;
  const body = { settings: most === 0 ? {} : { max_allowed_users: most } };
  const answer = checkAnswer(Answer, await api.patch(at, body), 'write');
  const asked = ({ settings }: z.output<typeof Answer>) => ({
    maxUsers: { asked: most, shown: settings?.max_allowed_users },
  });
  const told = await requireTold(
    asked,
    answer,
    async () => checkAnswer(Answer, await api.get(at)),
    'get_organization_details',
  );
  return { settings: told.settings ?? {} };
}
