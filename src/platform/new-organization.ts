import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { namedOf, requireTold } from './came-true.ts';
import { Organization } from './entities/organization.ts';
import { askedWord, REGIONS } from './enum-words.ts';
import { path } from './path.ts';
import { aboutArguments, isConflict } from './refusal.ts';

const Answer = z.object({ organization: Organization });
type Created = z.output<typeof Answer>;
const Found = z.object({ organizations: z.array(z.object({ id: z.string().regex(/^org_\w{1,28}$/) })) });

/** What a call asks for, under the names of its arguments. */
export interface WantedOrganization {
  readonly name: string;
  readonly externalId?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly slug?: string | undefined;
  readonly logoUrl?: string | undefined;
  readonly regionCode?: string | undefined;
}

const NEXT_TOOL = 'get_organization_details';

/**
 * Creates an organization (`POST /organizations`), and looks whether it is what was asked for.
 * @throws ToolError `conflict` that names the organization that has the external id already; `not_applied`
 */
export async function createOrganization(api: Api, wanted: WantedOrganization): Promise<Created> {
  const { name: display_name, externalId: external_id, metadata, slug } = wanted;
  const { logoUrl: logo_url, regionCode: region_code } = wanted;
  const body = { display_name, external_id, metadata, slug, logo_url, region_code };
  const answer = await api.post(path`/organizations`, body).catch(async (refusal: unknown) => {
    throw (await takenBy(api, external_id, refusal)) ?? aboutArguments(refusal, ORIGINS);
  });
  const created = checkAnswer(Answer, answer, 'write');
  const asked = ({ organization }: Created) => ({
    name: { asked: display_name, shown: organization.display_name },
    externalId: { asked: external_id, shown: organization.external_id },
    metadata: { asked: metadata, shown: organization.metadata && namedOf(metadata, organization.metadata) },
    slug: { asked: slug, shown: organization.slug },
    logoUrl: { asked: logo_url, shown: organization.logo_url },
    regionCode: askedWord(REGIONS, region_code, organization.region_code),
  });
  const read = async () => checkAnswer(Answer, await api.get(path`/organizations/${created.organization.id}`));
  return requireTold(asked, created, read, NEXT_TOOL);
}

/** Where the API's fields of an organization come from. */
export const ORIGINS = [
  { at: 'organization.display_name', field: 'name' },
  { at: 'organization.external_id', field: 'externalId' },
  { at: 'organization.metadata', field: 'metadata' },
  { at: 'organization.slug', field: 'slug' },
  { at: 'organization.logo_url', field: 'logoUrl' },
  { at: 'organization.region_code', field: 'regionCode' },
];

/**
 * The error for an external id that another organization has; `undefined` if that is not why Scalekit refused.
 * @param ownId of the organization that was to change; `undefined` for a new one
 */
export async function takenBy(
  api: Api,
  external_id: string | undefined,
  refusal: unknown,
  ownId?: string,
): Promise<ToolError | undefined> {
  if (!isConflict(refusal) || external_id === undefined) return undefined;
  const answer = await api.get(path`/organizations`, { external_id }).catch(() => undefined);
  const { data } = Found.safeParse(answer);
  const [existing, another] = data?.organizations ?? [];
  // Several are no answer to the question: the API did not look for the external id then.
  if (existing === undefined || another !== undefined || existing.id === ownId) return undefined;
  const message = `Nothing was ${ownId === undefined ? 'created' : 'changed'}: ${existing.id} has this externalId already. Use that organization, or give another externalId.`;
  const recovery = { ...refusal.recovery, field: 'externalId', nextTool: NEXT_TOOL };
  return new ToolError('conflict', message, recovery, refusal.cause);
}
