import type { Api } from '../core/api.ts';
import { ToolError } from '../core/errors.ts';
import { type Asked, notCameTrue, requireTold } from './came-true.ts';
import { readUser, type WholeUser, writtenUser } from './find-user.ts';
import { areThere, askedPairs, type Pairs, withPairs } from './pairs.ts';
import { path } from './path.ts';
import { LostUpdate, lostByOthers, readBack, untilItStands } from './read-back.ts';
import { aboutArguments, isConflict, requireChange } from './refusal.ts';

/** What a call asks for, under the names of its arguments. What it leaves out stays. */
interface Changes {
  readonly externalId?: string | undefined;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly name?: string | undefined;
  readonly locale?: string | undefined;
  readonly phoneNumber?: string | undefined;
  /** Only the pairs that change. */
  readonly metadata?: Pairs | undefined;
}

const NEXT_TOOL = 'get_user';

/**
 * Changes a user (`PATCH /users/{id}`), and looks whether they are what was asked for. The operation has no field mask, so
 * that lists and maps which a request leaves out may be emptied: they are read and written again.
 * @returns the user as they are afterwards
 * @throws ToolError `invalid_arguments` when nothing is to change; `conflict` for an external id that is taken;
 *   `not_applied`; LostUpdate when others go on changing the metadata at the same time
 */
export async function updateUser(api: Api, id: string, changes: Changes): Promise<{ user: WholeUser }> {
  requireChange({ ...changes }, 'firstName');
  return api.inTurn(path`/users/${id}`, () => untilItStands(() => updateOnce(api, id, changes)));
}

async function updateOnce(api: Api, id: string, changes: Changes): Promise<{ user: WholeUser }> {
  const before = await readUser(api, id);
  const metadata = withPairs(before.metadata, changes.metadata);
  const profile = profileOf(changes, before);
  const body = {
    external_id: changes.externalId,
    user_profile: profile,
    ...((before.metadata || changes.metadata) && { metadata }),
  };
  const answer = await api.patch(path`/users/${id}`, body).catch((refusal: unknown) => {
    throw isConflict(refusal) ? taken(refusal) : aboutArguments(refusal, ORIGINS);
  });
  const asked = (user: WholeUser): Readonly<Record<string, Asked>> => ({
    externalId: { asked: changes.externalId, shown: user.external_id },
    firstName: { asked: changes.firstName, shown: user.user_profile?.given_name },
    lastName: { asked: changes.lastName, shown: user.user_profile?.family_name },
    name: { asked: profile?.name, shown: user.user_profile?.name },
    locale: { asked: changes.locale, shown: user.user_profile?.locale },
    phoneNumber: { asked: changes.phoneNumber, shown: user.user_profile?.phone_number },
    metadata: askedPairs(changes.metadata, user.metadata),
  });
  await requireTold(asked, writtenUser(answer), () => readUser(api, id), NEXT_TOOL);
  const user = await readBack(readUser(api, id), NEXT_TOOL);
  if (notCameTrue({ metadata: askedPairs(changes.metadata, user.metadata) }).length > 0) {
    throw new LostUpdate('What this call set in the metadata is something else again.', NEXT_TOOL);
  }
  if (!areThere(metadata, user.metadata) || (profile && !isKept(before, user))) {
    throw lostByOthers('A part of the metadata or profile that this call did not name is gone.', NEXT_TOOL);
  }
  return { user };
}

/** The profile to be written; `undefined` for a call that names nothing of it. */
function profileOf({ firstName, lastName, name, locale, phoneNumber }: Changes, { user_profile: before }: WholeUser) {
  const named = { given_name: firstName, family_name: lastName, locale, phone_number: phoneNumber };
  const isNamed = name !== undefined || Object.values(named).some((value) => value !== undefined);
  if (!isNamed) return undefined;
  const names = [before?.given_name ?? '', before?.family_name ?? ''] as const;
  const isRenamed = firstName !== undefined || lastName !== undefined;
  // A full name that is put together from the two follows them.
  const follows = isRenamed && before?.name === fullName(...names);
  const followed = follows ? fullName(firstName ?? names[0], lastName ?? names[1]) : undefined;
  return {
    ...named,
    name: name ?? followed,
    ...held({ metadata: before?.metadata, custom_attributes: before?.custom_attributes, groups: before?.groups }),
  };
}

/** The lists and maps that hold something. */
function held<Members extends Readonly<Record<string, object | null | undefined>>>(members: Members) {
  const filled = Object.entries(members).filter(([, value]) => Object.keys(value ?? {}).length > 0);
  return Object.fromEntries(filled) as { [Name in keyof Members]?: NonNullable<Members[Name]> };
}

function fullName(first: string, last: string): string {
  return `${first} ${last}`.trim();
}

/** Whether the lists and maps of a profile hold what they held. */
function isKept({ user_profile: before }: WholeUser, { user_profile: now }: WholeUser): boolean {
  return (
    areThere(before?.metadata ?? {}, now?.metadata) &&
    areThere(before?.custom_attributes ?? {}, now?.custom_attributes) &&
    (now?.groups ?? []).length >= (before?.groups ?? []).length
  );
}

function taken({ recovery, cause }: ToolError): ToolError {
  const message = 'Nothing was changed: another user of the environment has this externalId already.';
  const nextTool = NEXT_TOOL;
  return new ToolError('conflict', message, { ...recovery, field: 'externalId', nextTool }, cause);
}

const ORIGINS = [
  { at: 'user.external_id', field: 'externalId' },
  { at: 'user.metadata', field: 'metadata' },
  { at: 'user.user_profile.given_name', field: 'firstName' },
  { at: 'user.user_profile.family_name', field: 'lastName' },
  { at: 'user.user_profile.name', field: 'name' },
  { at: 'user.user_profile.locale', field: 'locale' },
  { at: 'user.user_profile.phone_number', field: 'phoneNumber' },
];
