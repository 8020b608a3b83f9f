/**
 * The key of a person in limits, circuits and caches, the same through all clients.
 * @param issuer of their tokens; the same for all spellings that stand for one environment
 */
export function personKey(issuer: string, subject: string): string {
  return JSON.stringify([issuer, subject]);
}

/** The subject in the key of a person; undefined for a key that stands for nobody, such as this server itself. */
export function subjectOf(person: string): string | undefined {
  if (!person.startsWith('[')) return undefined;
  const [, subject] = JSON.parse(person) as [string, string];
  return subject;
}
