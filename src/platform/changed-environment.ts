import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { requireTold } from './came-true.ts';
import { Environment } from './entities/environment.ts';
import { askedWord, ENVIRONMENT_TYPES, REGIONS } from './enum-words.ts';
import { path } from './path.ts';
import { readBack } from './read-back.ts';
import { aboutArguments, isConflict } from './refusal.ts';

const One = z.object({ environment: Environment });
type One = z.output<typeof One>;

const GET = 'get_environment_details';

/** What a call asks for, under the names of its arguments. */
interface Wanted {
  readonly name: string;
  readonly type: (typeof ENVIRONMENT_TYPES)[number];
  readonly regionCode?: (typeof REGIONS)[number] | undefined;
  readonly authenticationMode?: string | undefined;
}

/**
 * Creates an environment (`POST /environments`). The type is always sent: which one the API takes without is not
 * documented, and one of them costs money.
 * @throws ToolError `not_applied`
 */
export async function createEnvironment(api: Api, wanted: Wanted): Promise<One> {
  const { name: display_name, type, regionCode: region_code, authenticationMode: authentication_mode } = wanted;
  const answer = await api
    .post(path`/environments`, { display_name, type, region_code, authentication_mode })
    .catch((refusal) => {
      throw aboutArguments(refusal, [
        { at: 'environment.display_name', field: 'name' },
        { at: 'environment.type', field: 'type' },
        { at: 'environment.region_code', field: 'regionCode' },
        { at: 'environment.authentication_mode', field: 'authenticationMode' },
      ]);
    });
  const created = checkAnswer(One, answer, 'write');
  const asked = ({ environment }: One) => ({
    name: { asked: display_name, shown: environment.display_name },
    type: askedWord(ENVIRONMENT_TYPES, type, environment.type),
    regionCode: askedWord(REGIONS, region_code, environment.region_code),
  });
  return requireTold(asked, created, () => read(api, created.environment.id), GET);
}

/**
 * Renames an environment (`PATCH /environments/{id}`), which is all that can be changed of it there.
 * @throws ToolError `not_applied`
 */
export async function renameEnvironment(api: Api, id: string, display_name: string): Promise<One> {
  const answer = await api.patch(path`/environments/${id}`, { display_name }).catch((refusal) => {
    throw aboutArguments(refusal, [{ at: 'environment.display_name', field: 'name' }]);
  });
  const asked = ({ environment }: One) => ({ name: { asked: display_name, shown: environment.display_name } });
  return requireTold(asked, checkAnswer(One, answer, 'write'), () => read(api, id), GET);
}

/** Reads an environment (`GET /environments/{id}`). */
export async function read(api: Api, id: string): Promise<One> {
  return checkAnswer(One, await api.get(path`/environments/${id}`));
}

/**
 * Asks for another domain of an environment (`POST /environments/{id}/custom-domains`).
 * @throws ToolError `conflict` for one that is in use; `not_applied`
 */
export async function setCustomDomain(api: Api, id: string, custom_domain: string): Promise<One> {
  const answer = await api.post(path`/environments/${id}/custom-domains`, { custom_domain }).catch((refusal) => {
    throw isConflict(refusal) ? taken(refusal) : aboutDomain(refusal);
  });
  const asked = ({ environment }: One) => ({
    customDomain: { asked: custom_domain.toLowerCase(), shown: environment.custom_domain?.toLowerCase() },
  });
  return requireTold(asked, checkAnswer(One, answer, 'write'), () => read(api, id), 'check_custom_domain_status');
}

function taken({ recovery, cause }: ToolError): ToolError {
  const message = 'Nothing was changed: this domain is that of an environment already.';
  const nextTool = 'list_environments';
  return new ToolError('conflict', message, { ...recovery, field: 'customDomain', nextTool }, cause);
}

/**
 * Has Scalekit look for the DNS records of a domain (`POST /environments/{id}/dns:verify`), whose answer is empty, and then
 * how far the custom domain of the environment is (`POST /environments/{id}/custom-domains:check`).
 * @throws ToolError `invalid_request` when it has not found them
 */
export async function verifyCustomDomain(api: Api, id: string, custom_domain: string): Promise<One> {
  await api.post(path`/environments/${id}/dns:verify`, { custom_domain }).catch((refusal) => {
    throw refusal instanceof ToolError && refusal.code === 'invalid_request' ? notFound(refusal) : refusal;
  });
  const checking = api.post(path`/environments/${id}/custom-domains:check`, {});
  return checkAnswer(One, await readBack(checking, 'check_custom_domain_status'), 'write');
}

function notFound({ recovery, cause }: ToolError): ToolError {
  const message =
    'Scalekit did not verify this domain; `upstream` says why. Have the records that nextTool shows published, wait until DNS has them (minutes to hours), then call again.';
  const nextTool = 'get_custom_domain_dns_records';
  return new ToolError('invalid_request', message, { ...recovery, field: 'customDomain', nextTool }, cause);
}

/** Adds to a refusal that it is about the domain. */
export function aboutDomain(refusal: unknown): unknown {
  return aboutArguments(refusal, [{ at: 'custom_domain', field: 'customDomain' }]);
}
