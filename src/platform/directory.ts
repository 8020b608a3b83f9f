import { z } from 'zod';
import type { Api, Path } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { type Asked, isUntold, notCameTrue, requireAsBefore, requireCameTrue, requireTold } from './came-true.ts';
import { Directory, DirectorySecret, RoleAssignments } from './entities/directory.ts';
import { askedWord, CONNECTION_STATES, DIRECTORY_PROVIDERS, DIRECTORY_TYPES, wordOf } from './enum-words.ts';
import { path } from './path.ts';
import { LostUpdate, readBack, untilItStands } from './read-back.ts';
import { aboutArguments } from './refusal.ts';

const One = z.object({ directory: Directory });
type One = z.output<typeof One>;
type Shown = One['directory'];

/** The tool that shows the current state. */
const GET = 'get_organization_directory';

/** A directory that a call names. */
export interface DirectoryTarget {
  readonly organizationId: string;
  readonly directoryId: string;
}

/** Where a directory is read, changed and deleted. */
export function directoryPath({ organizationId, directoryId }: DirectoryTarget): Path {
  return path`/organizations/${organizationId}/directories/${directoryId}`;
}

/** Reads a directory (`GET /organizations/{id}/directories/{id}`). */
async function readDirectory(api: Api, target: DirectoryTarget): Promise<One> {
  return checkAnswer(One, await api.get(directoryPath(target)));
}

interface WantedDirectory {
  readonly directoryType: string;
  readonly directoryProvider?: string | undefined;
}

/**
 * Creates a directory (`POST /organizations/{id}/directories`).
 * @throws ToolError `not_applied` for what is not as asked
 */
export async function createDirectory(api: Api, organizationId: string, wanted: WantedDirectory): Promise<One> {
  const { directoryType: directory_type, directoryProvider: directory_provider } = wanted;
  const body = { directory_type, directory_provider };
  const created = checkAnswer(One, await api.post(path`/organizations/${organizationId}/directories`, body), 'write');
  const asked = ({ directory }: One) => ({
    directoryType: askedWord(DIRECTORY_TYPES, directory_type, directory.directory_type),
    directoryProvider: askedWord(DIRECTORY_PROVIDERS, directory_provider, directory.directory_provider),
  });
  const read = () => readDirectory(api, { organizationId, directoryId: created.directory.id });
  return requireTold(asked, created, read, GET);
}

/** What can be changed of a directory. What is left out stays as it is. */
interface Changes {
  readonly name?: string | undefined;
  readonly directoryProvider?: string | undefined;
}

/**
 * Changes a directory (`PATCH /organizations/{id}/directories/{id}`). The API cannot tell what is left out from what is
 * unset, above all whether the directory is enabled: so it is read first, written as a whole, and read again.
 * @throws ToolError `not_applied` for what the API kept, and for what has changed beside it; `conflict` when others go on
 *   changing the directory at the same time
 */
export function changeDirectory(api: Api, target: DirectoryTarget, changes: Changes): Promise<One> {
  if (Object.values(changes).every((value) => value === undefined)) {
    throw new ToolError('invalid_arguments', 'Nothing to change: give name or directoryProvider.', { field: 'name' });
  }
  return api.inTurn(directoryPath(target), () => untilItStands(() => changeOnce(api, target, changes)));
}

async function changeOnce(api: Api, target: DirectoryTarget, changes: Changes): Promise<One> {
  const { directory: before } = await readDirectory(api, target);
  const written = await api.patch(directoryPath(target), wholeOf(before, changes)).catch((refusal) => {
    throw aboutArguments(refusal, [
      { at: 'directory.name', field: 'name' },
      { at: 'directory.directory_provider', field: 'directoryProvider' },
    ]);
  });
  const answered = askedOf(changes, checkAnswer(One, written, 'write').directory);
  const isTold = !isUntold(answered);
  if (isTold) requireCameTrue(answered, GET);
  const now = await readBack(readDirectory(api, target), GET);
  const shown = askedOf(changes, now.directory);
  if (!isTold) requireCameTrue(shown, GET);
  if (notCameTrue(shown).length > 0) {
    throw new LostUpdate('What this call set in the directory is something else again.', GET);
  }
  refuseOtherThanBefore(before, now.directory, changes);
  return now;
}

/** @throws ToolError `not_applied` when what the call does not name is not as it was */
function refuseOtherThanBefore(before: Shown, now: Shown, { name, directoryProvider }: Changes): void {
  const fields: Readonly<Record<string, Asked>> = {
    enabled: { asked: before.enabled ?? false, shown: now.enabled },
    attribute_mappings: {
      asked: before.attribute_mappings?.attributes ?? [],
      shown: now.attribute_mappings?.attributes,
    },
    directory_type: { asked: before.directory_type ?? '', shown: now.directory_type },
    status: { asked: before.status ?? '', shown: now.status },
    ...(name === undefined && { name: { asked: before.name ?? '', shown: now.name } }),
    ...(directoryProvider === undefined && {
      directory_provider: { asked: before.directory_provider ?? '', shown: now.directory_provider },
    }),
  };
  requireAsBefore(fields, GET);
}

/** All that an update may hold, as it is, with the changes. */
function wholeOf(before: Shown, { name, directoryProvider }: Changes) {
  const mappings = (before.attribute_mappings?.attributes ?? []).flatMap(({ key, map_to }) =>
    key && map_to ? [{ key, map_to }] : [],
  );
  const status = wordOf(CONNECTION_STATES, before.status);
  return {
    name: name ?? (before.name || undefined),
    directory_type: known(DIRECTORY_TYPES, before.directory_type),
    directory_provider: directoryProvider ?? known(DIRECTORY_PROVIDERS, before.directory_provider),
    enabled: before.enabled ?? false,
    status: known(CONNECTION_STATES, status),
    mappings,
  };
}

/** A word that a request may hold. */
function known(words: readonly string[], shown: string | null | undefined): string | undefined {
  const word = wordOf(words, shown);
  return word && words.includes(word) ? word : undefined;
}

function askedOf({ name, directoryProvider }: Changes, shown: Shown): Readonly<Record<string, Asked>> {
  return {
    name: { asked: name, shown: shown.name },
    directoryProvider: askedWord(DIRECTORY_PROVIDERS, directoryProvider, shown.directory_provider),
  };
}

/** JSON of protocol buffers may leave false out. */
const Toggled = z.object({ enabled: z.boolean().nullish(), error_message: z.string().nullish() });

/**
 * Enables a directory (`PATCH /organizations/{id}/directories/{id}:enable`).
 * @throws ToolError `invalid_request` when the API answers 200, but the directory is not enabled
 */
export async function enableDirectory(api: Api, { organizationId, directoryId }: DirectoryTarget) {
  const answer = await api.patch(path`/organizations/${organizationId}/directories/${directoryId}:enable`);
  const toggled = checkAnswer(Toggled, answer, 'write');
  if (toggled.enabled) return { enabled: true };
  throw notToggled('enable the directory: it is still off', toggled.error_message);
}

/**
 * Disables a directory (`PATCH /organizations/{id}/directories/{id}:disable`), and reads it to see that it is off.
 * @throws ToolError `invalid_request` when the API answers 200, but says that it is enabled; `not_applied`
 */
export async function disableDirectory(api: Api, target: DirectoryTarget) {
  const { organizationId, directoryId } = target;
  const answer = await api.patch(path`/organizations/${organizationId}/directories/${directoryId}:disable`);
  const toggled = checkAnswer(Toggled, answer, 'write');
  if (toggled.enabled) throw notToggled('disable the directory: it is still on', toggled.error_message);
  const { directory } = await readBack(readDirectory(api, target), GET);
  requireCameTrue({ enabled: { asked: false, shown: directory.enabled } }, GET);
  return { enabled: false };
}

function notToggled(what: string, why: string | null | undefined): ToolError {
  const message = `Scalekit did not ${what}. \`upstream\` says why; mend that, then call again.`;
  const upstream = { status: 200, ...(why && { message: why }) };
  return new ToolError('invalid_request', message, { nextTool: GET, upstream });
}

const NewSecret = z.object({ plain_secret: z.string().min(1), secret: DirectorySecret.nullish() });

/**
 * Makes a secret for a directory (`POST /organizations/{id}/directories/{id}/secrets`).
 * @param how `regenerate`: in the place of those before (`…/secrets:regenerate`)
 * @returns the secret, with what is told of it later
 */
export async function createDirectorySecret(api: Api, target: DirectoryTarget, how: 'add' | 'regenerate') {
  const { organizationId, directoryId } = target;
  const at =
    how === 'add'
      ? path`/organizations/${organizationId}/directories/${directoryId}/secrets`
      : path`/organizations/${organizationId}/directories/${directoryId}/secrets:regenerate`;
  const { plain_secret, secret } = checkAnswer(NewSecret, await api.post(at), 'write');
  const { id: secret_id, secret_suffix, expire_time } = secret ?? {};
  return { plain_secret, secret_id, secret_suffix, expire_time };
}

interface GroupRole {
  readonly groupId: string;
  readonly roleName: string;
}

const Assigned = z.object({ role_assignments: RoleAssignments.nullish() });

/**
 * Sets the roles that people get by their groups
 * (`PUT /organizations/{id}/directories/{id}/groups/-/roles:assign`).
 * @throws ToolError `not_applied` when others are assigned afterwards
 */
export function assignGroupRoles(api: Api, target: DirectoryTarget, wanted: readonly GroupRole[]) {
  const { organizationId, directoryId } = target;
  return api.inTurn(directoryPath(target), async () => {
    const assignments = wanted.map(({ groupId, roleName }) => ({ group_id: groupId, role_name: roleName }));
    const at = path`/organizations/${organizationId}/directories/${directoryId}/groups/-/roles:assign`;
    const answer = checkAnswer(Assigned, await api.put(at, { assignments }), 'write');
    const asked = ({ role_assignments: shown }: z.output<typeof Assigned>) => ({
      assignments: {
        asked: assignments,
        shown: shown?.assignments?.map(({ group_id, role_name }) => ({ group_id, role_name })),
        isTold: Array.isArray(shown?.assignments),
      },
    });
    const read = async () => (await readDirectory(api, target)).directory;
    return requireTold(asked, answer, read, GET);
  });
}
