import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { notCameTrue, requireTold } from './came-true.ts';
import { TextMembers } from './entities/members.ts';
import { Organization } from './entities/organization.ts';
import { ORIGINS, takenBy } from './new-organization.ts';
import { areThere, askedPairs, type Pairs, withPairs } from './pairs.ts';
import { path } from './path.ts';
import { LostUpdate, lostByOthers, readBack, untilItStands } from './read-back.ts';
import { aboutArguments, requireChange } from './refusal.ts';

/** Stricter than what is shown, because all pairs have to be written again and must not be lost. */
const One = z.object({ organization: Organization.extend({ metadata: TextMembers.nullish() }) });
type One = z.output<typeof One>;

/** What a call asks for, under the names of its arguments. What it leaves out stays. */
interface Changes {
  readonly name?: string | undefined;
  readonly externalId?: string | undefined;
  /** Only the pairs that change. */
  readonly metadata?: Pairs | undefined;
  readonly slug?: string | undefined;
  readonly logoUrl?: string | undefined;
}

const NEXT_TOOL = 'get_organization_details';

/**
 * Changes an organization (`PATCH /organizations/{id}`), and looks whether it is what was asked for. Whether the API keeps
 * metadata that a request leaves out is not documented, so that all of it is read and written again.
 * @returns the organization as it is afterwards
 * @throws ToolError `invalid_arguments` when nothing is to change; `conflict` that names the organization that has the
 *   external id already; `not_applied`; LostUpdate when others go on changing the metadata at the same time
 */
export async function updateOrganization(api: Api, id: string, changes: Changes): Promise<One> {
  requireChange({ ...changes }, 'name');
  return api.inTurn(path`/organizations/${id}`, () => untilItStands(() => updateOnce(api, id, changes)));
}

async function updateOnce(api: Api, id: string, changes: Changes): Promise<One> {
  const { name: display_name, externalId: external_id, slug, logoUrl: logo_url } = changes;
  const read = async () => checkAnswer(One, await api.get(path`/organizations/${id}`));
  const { metadata: before } = (await read()).organization;
  const metadata = withPairs(before, changes.metadata);
  // Left out where there is nothing to keep and nothing to change.
  const pairs = before || changes.metadata ? { metadata } : {};
  const body = { display_name, external_id, slug, logo_url, ...pairs };
  const answer = await api.patch(path`/organizations/${id}`, body).catch(async (refusal: unknown) => {
    throw (await takenBy(api, external_id, refusal, id)) ?? aboutArguments(refusal, ORIGINS);
  });
  const asked = ({ organization }: One) => ({
    name: { asked: display_name, shown: organization.display_name },
    externalId: { asked: external_id, shown: organization.external_id },
    metadata: askedPairs(changes.metadata, organization.metadata),
    slug: { asked: slug, shown: organization.slug },
    logoUrl: { asked: logo_url, shown: organization.logo_url },
  });
  const told = await requireTold(asked, checkAnswer(One, answer, 'write'), read, NEXT_TOOL);
  const isSeen = changes.metadata === undefined && told.organization.metadata;
  const now = isSeen ? told : await readBack(read(), NEXT_TOOL);
  const { metadata: shown } = now.organization;
  if (notCameTrue({ metadata: askedPairs(changes.metadata, shown) }).length > 0) {
    throw new LostUpdate('What this call set in the metadata is something else again.', NEXT_TOOL);
  }
  if (!areThere(metadata, shown))
    throw lostByOthers('A part of the metadata that this call did not name is gone.', NEXT_TOOL);
  return now;
}
