import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { requireTold } from './came-true.ts';
import { type ConnectionTarget, pathOf } from './connection-target.ts';
import { SsoConnection } from './entities/connection.ts';
import { path } from './path.ts';
import { aboutArguments } from './refusal.ts';

const One = z.object({ connection: SsoConnection });
type One = z.output<typeof One>;

/** The tool that shows the current state. */
const GET = 'get_organization_connection';

/**
 * Sets the domains that lead to a connection of an organization
 * (`PUT /organizations/{id}/connections/{id}/domains`).
 * @throws ToolError `not_applied` when others lead there afterwards
 */
export function assignDomains(api: Api, target: ConnectionTarget, domain_ids: readonly string[]): Promise<One> {
  const { organizationId = '', id } = target;
  return api.inTurn(pathOf(target), async () => {
    const at = path`/organizations/${organizationId}/connections/${id}/domains`;
    const answer = await api.put(at, { domain_ids }).catch((refusal) => {
      throw aboutArguments(refusal, [{ at: 'domain_ids', field: 'domainIds', nextTool: 'list_organization_domains' }]);
    });
    const asked = ({ connection }: One) => ({
      domainIds: {
        asked: domain_ids,
        shown: connection.domains?.map((domain) => domain.id),
        isTold: Array.isArray(connection.domains),
      },
    });
    const read = async () => checkAnswer(One, await api.get(pathOf(target)));
    return requireTold(asked, checkAnswer(One, answer, 'write'), read, GET);
  });
}
