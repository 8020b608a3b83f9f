import type { Message } from '@bufbuild/protobuf';
import type { Member } from '../data/types.ts';
import type { Store } from '../store.ts';
import type { Operation } from './operation.ts';
import type { Principal } from './principal.ts';

/** The role of a person in the workspace. Clients have none: they may do what their kind may. */
export function roleOf({ subject }: Principal, { members }: Store): Member['role'] | undefined {
  return members.find(({ id }) => id === subject)?.role;
}

/**
 * Whether a request looks and changes nothing, which is all that a member with the role USER may do here. Descriptors
 * name permissions for some operations only; those that look are GET, or need nothing but permissions to read. Links for
 * accounts bring these into being.
 */
export function looksOnly({ method, verb, access: { permissions } }: Operation, message: Message): boolean {
  // A list that is reached by POST, of which the descriptor names no permission.
  if (method.name === 'ListEvents') return true;
  // One operation that does something is reached by GET.
  if (verb === 'GET') return !permissions.some((permission) => /[:_]write$/.test(permission));
  const { includeAuthLink, includeAuthLinks } = message as { includeAuthLink?: unknown; includeAuthLinks?: unknown };
  const toRead = permissions.length > 0 && permissions.every((permission) => /[:_]read$/.test(permission));
  return toRead && includeAuthLink !== true && includeAuthLinks !== true;
}
