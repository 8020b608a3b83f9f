import { protoCamelCase } from '../contract/protobuf.ts';

/**
 * A message of the request that a rule of its descriptor requires to be there.
 * @throws Error when there is no such rule after all
 */
export function given<T>(message: T | undefined): T {
  if (message === undefined) throw new Error('The descriptor does not require what the operation relies on.');
  return message;
}

/** The members of a message that a field mask names, in camelCase as in its JSON form: all that a PATCH changes. */
export function masked<T extends object>(message: T, mask = ''): Partial<T> {
  const named = new Set(mask.split(','));
  const changes = Object.entries(message).filter(([name]) => named.has(protoCamelCase(name)));
  return Object.fromEntries(changes) as Partial<T>;
}

/** The members that are set. */
export function defined<T extends object>(members: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;
}

/** Puts another entry in the place of one in a list. */
export function replace<T>(list: T[], before: T, after: T): T {
  list[list.indexOf(before)] = after;
  return after;
}

/** Takes an entry out of a list. Answers what an operation that removes answers: nothing. */
export function remove<T>(list: T[], entry: T): Record<never, never> {
  list.splice(list.indexOf(entry), 1);
  return {};
}

/** The time, as the API writes it. */
export function now(): string {
  return new Date().toISOString();
}
