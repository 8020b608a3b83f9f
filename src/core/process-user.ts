/**
 * The user of this process in the words of a message, with its number where the system has one: whoever has to give a
 * file to that user needs it, since in a container, or under systemd, it has no name.
 */
export function processUser(): string {
  const uid = process.getuid?.();
  return uid === undefined ? 'the user of this process' : `the user of this process (uid ${uid})`;
}
