/**
 * An argument as shells take it for one word, for people to paste. What no shell gives a meaning within double quotes gets
 * those, which all shells know; all else is quoted as POSIX has it.
 */
export function shellWord(argument: string): string {
  if (/^[\w@%+=:,./-]+$/.test(argument)) return argument;
  if (/^[\w@%+=:,./?&-]+$/.test(argument)) return `"${argument}"`;
  return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}
